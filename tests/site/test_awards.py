"""Verifying what somebody received: genuine or not, and no more of its holder than they chose."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.joints.gives.recorded import revoke
from dure.people.models import Consent
from dure.programmes.models import Given
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def badge(world) -> Given:
    world.ranked()
    return Given.objects.get(person=world.ada, kind="credential")


def test_anybody_sees_that_it_is_genuine_and_not_whose_it_is(world, badge) -> None:
    Given.objects.filter(pk=badge.pk).update(state="done")

    page = text_of(client_of(None).get(f"/awards/{badge.pk}/"))

    assert [text for text in ("진본입니다", "현장 배지", "현장 AI 스쿨", "한빛전자") if text not in page] == []
    assert [text for text in ("박하늘", "0.91", "ada@") if text in page] == []


def test_the_holder_chooses_what_others_see_and_can_take_it_back(world, badge) -> None:
    address = f"/awards/{badge.pk}/"
    ada = client_of(world.ada)

    ada.post(f"{address}shown/", {"award-name": "on"})
    assert ("박하늘" in text_of(client_of(None).get(address)), "0.91" in text_of(client_of(None).get(address))) == (
        True, False,
    )  # fmt: skip

    ada.post(f"{address}shown/", {"award-result": "on"})
    page = text_of(client_of(None).get(address))
    assert ("박하늘" in page, "0.91" in page) == (False, True)
    stand = Consent.objects.filter(person=world.ada, purpose__startswith="award", withdrawn_at=None)
    assert list(stand.values_list("purpose", flat=True)) == ["award-result"]


def test_nobody_chooses_for_somebody_else(world, badge) -> None:
    codes = [
        client_of(who).post(f"/awards/{badge.pk}/shown/", {"award-name": "on"}).status_code
        for who in (None, world.bo, world.clerk)
    ]
    assert (codes, "박하늘" in text_of(client_of(None).get(f"/awards/{badge.pk}/"))) == ([302, 404, 404], False)


def test_what_has_run_out_or_was_revoked_says_so(world, badge) -> None:
    address = f"/awards/{badge.pk}/"
    assert "운영자 확인을 기다리고" in text_of(client_of(None).get(address))

    Given.objects.filter(pk=badge.pk).update(state="done")
    with clock.at(badge.expires_at + timedelta(days=1)):
        assert "유효 기간이 지났습니다" in text_of(client_of(None).get(address))

    badge.refresh_from_db()
    revoke(badge, by=world.clerk, reason="실수")
    assert "더는 유효하지 않습니다" in text_of(client_of(None).get(address))


def test_money_tells_no_amount_until_its_holder_shows_the_result(world) -> None:
    world.ranked()
    prize = Given.objects.filter(kind="money", turn=world.turn(world.ada, "task")).get()

    assert "1,500만" not in text_of(client_of(None).get(f"/awards/{prize.pk}/"))

    client_of(world.ada).post(f"/awards/{prize.pk}/shown/", {"award-result": "on"})
    assert "1,500만" in text_of(client_of(None).get(f"/awards/{prize.pk}/"))


def test_an_address_of_nothing_leads_on(world) -> None:
    assert client_of(None).get(f"/awards/{world.ada.pk}/").status_code == 404
