"""Notices: how many wait, where they lead, and which kinds come by mail."""

import pytest

from dure.core.text import Text
from dure.people.models import Notice, NoticeKind
from dure.people.operations import tell
from dure.people.queries import muted_by
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def told(world) -> Notice:
    text = Text(ko="‘온라인 라운드’ 단계가 열렸습니다.", en="“Online round” is open.")
    tell([world.ada.pk, world.bo.pk], kind=NoticeKind.OPENED, text=text, path="/me/teams/")
    return Notice.objects.get(person=world.ada)


def test_the_bell_counts_what_was_not_seen(world, told) -> None:
    client = client_of(world.ada)
    before = client.get("/me/").content.decode()
    client.get(f"/me/notices/{told.pk}/")
    after = client.get("/me/").content.decode()

    assert ("새 알림 1건" in before, "새 알림 1건" in after) == (True, False)


def test_a_notice_leads_to_its_page_and_is_read_then(world, told) -> None:
    answer = client_of(world.ada).get(f"/me/notices/{told.pk}/")
    told.refresh_from_db()
    assert (answer["Location"], told.read_at is not None) == ("/me/teams/", True)


def test_a_notice_is_its_persons_alone(world, told) -> None:
    assert client_of(world.bo).get(f"/me/notices/{told.pk}/").status_code == 404


def test_all_are_marked_as_read_at_once(world, told) -> None:
    client_of(world.ada).post("/me/notices/read/")
    unread = set(Notice.objects.filter(read_at=None).values_list("person__name", flat=True))
    assert unread == {"최바다"}


def test_without_notices_the_page_says_what_will_come(world) -> None:
    assert "아직 알림이 없습니다" in text_of(client_of(world.stranger).get("/me/notices/"))


def test_what_comes_by_mail_is_chosen(world) -> None:
    client = client_of(world.ada)

    client.post("/me/account/mail/", {"kinds": ["receipt", "payment"]})

    muted = {kind for kind in NoticeKind if muted_by([world.ada.pk], kind)}
    assert muted == {NoticeKind.OPENED, NoticeKind.ANNOUNCEMENT, NoticeKind.CREDENTIAL}


def test_results_and_security_cannot_be_switched_off(world) -> None:
    page = client_of(world.ada).get("/me/account/mail/").content.decode()
    answer = client_of(world.ada).post("/me/account/mail/", {"kinds": ["result"]})
    assert (page.count("checked disabled"), answer.status_code) == (3, 409)


def test_what_is_never_mailed_is_not_offered_for_mail(world) -> None:
    page = client_of(world.ada).get("/me/account/mail/").content.decode()

    assert ('value="announcement"' in page, 'value="talk"' in page) == (True, False)
