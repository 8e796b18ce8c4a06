"""A draft's parties and values, filled in at its desk until it is announced, all or none."""

import pytest

from dure.programmes.operations.publishing import make_programme, publish
from tests.factories import make_organisation
from tests.site.conftest import client_of

pytestmark = [pytest.mark.django_db]
SOURCE = """
blueprint: small-camp
title: {en: Small camp, ko: 작은 캠프}
subject: person
parties:
  host: {kind: company}
  school: {kind: university, bind: true}
stages:
  - id: camp
    kind: form
    entry: open
    options: bind
    when: {from: bind, to: 2031-03-31}
    do: {ask: [motive], fee: bind}
"""
PAGE = "/desk/camp-2031/parties/"
FILLED = {
    "party.host": ["hanbit – 한빛전자"], "party.school": ["hanguk"], "date.camp.from": "2031-03-01",
    "value.options": "a\nb", "value.fee": "10,000",
}  # fmt: skip


@pytest.fixture
def camp(world):
    make_organisation("hanguk", kind="university", name_ko="한국대학교")
    return make_programme(SOURCE, slug="camp-2031", by=world.clerk)


def test_what_is_open_is_filled_in_and_the_programme_can_be_announced(world, camp) -> None:
    client = client_of(world.clerk)
    before = client.get(PAGE).context

    client.post(PAGE, FILLED)

    camp.refresh_from_db()
    assert camp.bind == {"camp.from": "2031-03-01", "options": ["a", "b"], "fee": 10_000}
    assert [(p.key, p.organisation.short) for p in camp.parties.order_by("key")] == [
        ("host", "hanbit"), ("school", "hanguk"),
    ]  # fmt: skip
    assert (len(before["lacking"]), client.get(PAGE).context["lacking"]) == (5, [])
    assert publish(camp).state == "published"


def test_nothing_is_kept_where_one_thing_is_wrong(world, camp) -> None:
    refused = client_of(world.clerk).post(PAGE, {**FILLED, "value.fee": "much"})

    camp.refresh_from_db()
    assert (refused.status_code, len(refused.context["wrong"])) == (422, 1)
    assert (camp.bind, camp.parties.exists()) == ({}, False)


def test_what_was_filled_in_can_be_taken_back(world, camp) -> None:
    client = client_of(world.clerk)
    client.post(PAGE, FILLED)

    client.post(PAGE, {**FILLED, "party.school": [""], "value.options": ""})

    camp.refresh_from_db()
    assert camp.bind == {"camp.from": "2031-03-01", "fee": 10_000}
    assert [p.key for p in camp.parties.all()] == ["host"]


def test_once_announced_nothing_is_changed(world, camp) -> None:
    client = client_of(world.clerk)
    client.post(PAGE, FILLED)
    camp.refresh_from_db()
    publish(camp)

    answer = client.post(PAGE, {**FILLED, "value.fee": "1"})

    camp.refresh_from_db()
    assert (answer.url, camp.bind["fee"]) == ("/desk/camp-2031/dates/", 10_000)


def test_who_does_not_operate_the_programme_knows_nothing_of_it(world, camp) -> None:
    assert client_of(world.judge).get(PAGE).status_code == 404
