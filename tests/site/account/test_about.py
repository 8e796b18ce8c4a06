"""What one says of oneself, and going for good."""

import time

import pytest

from dure.people.days import zone_names
from dure.people.models import Person
from tests.factories import make_member
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]


def test_what_one_says_of_oneself_is_kept(world) -> None:
    client_of(world.ada).post("/me/account/", {"name": "박하늘솔", "birth_date": "2001-02-03", "zone": "Europe/London"})
    world.ada.refresh_from_db()
    assert (world.ada.name, str(world.ada.birth_date), world.ada.zone) == ("박하늘솔", "2001-02-03", "Europe/London")


def _just_signed_in(person: Person):
    """A client whose person has just given the password, as what cannot be undone asks."""
    client = client_of(person)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


def test_erasing_asks_for_the_password_first(world) -> None:
    world.stranger.set_password("a long password for tests")
    world.stranger.save()
    answer = client_of(world.stranger).get("/me/account/erase/")
    assert "/reauthenticate/" in answer["Location"]


def test_an_account_is_erased_once_its_address_is_typed(world) -> None:
    client = _just_signed_in(world.stranger)

    wrong = client.post("/me/account/erase/", {"email": "somebody@example.org"})
    kept = Person.objects.get(pk=world.stranger.pk).forgotten_at
    right = client.post("/me/account/erase/", {"email": "stranger@example.org"})

    world.stranger.refresh_from_db()
    assert (wrong.status_code, kept, right["Location"]) == (422, None, "/")
    assert (world.stranger.is_active, world.stranger.name) == (False, "")
    assert client.get("/me/").status_code == 302


def test_the_account_leads_to_ones_organisations(world) -> None:
    make_member(world.host, world.ada)
    pages = [client_of(person).get("/me/account/").content.decode() for person in (world.ada, world.bo)]
    assert ['href="/organisations/hanbit/"' in page for page in pages] == [True, False]


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("", ""), ("Europe/London", "Europe/London"), ("seoul", "Asia/Seoul"), ("new york", "America/New_York")],
)
def test_a_time_zone_is_known_by_its_city_however_it_is_written(world, typed, zone) -> None:
    client_of(world.ada).post("/me/account/", {"name": "박하늘", "zone": typed})
    world.ada.refresh_from_db()
    assert world.ada.zone == zone


def test_an_unknown_time_zone_is_said_to_be_none_and_common_ones_come_first(world) -> None:
    page = client_of(world.ada).post("/me/account/", {"name": "박하늘", "zone": "Atlantis"})

    assert "‘Atlantis’ 시간대는 없습니다" in text_of(page)
    assert page.context["zones"][0] == "Asia/Seoul"
    assert set(page.context["zones"]) == zone_names()
