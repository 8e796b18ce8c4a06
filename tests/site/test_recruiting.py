"""Recruiters: whom they see and why, the shortlist, letters; and that the person learns of it."""

from datetime import timedelta

import pytest

from dure.audit.models import AuditRow
from dure.core import clock
from dure.jobs.models import Message
from dure.jobs.worker import drain
from dure.joints.gates.panel import give_marks
from dure.people.operations import give_consent, withdraw_consent
from dure.programmes.models import Approach, Given, Shortlisted
from dure.programmes.operations.publishing import make_programme, open_programme, publish
from dure.programmes.operations.seating import seat
from dure.programmes.queries import recruiting
from dure.programmes.queries.recruiting import looks_at
from tests.site.conftest import client_of, text_of
from tests.site.world import SOURCE

pytestmark = [pytest.mark.django_db]
SLUG = "field-ai-2026"
LIST = f"/recruit/{SLUG}/"


def shown(world, query: str = "") -> list[str]:
    return [row.person.name for row in client_of(world.judge).get(f"{LIST}{query}").context["rows"]]


def consented(world, *people) -> None:
    for person in people:
        give_consent(person, purpose="recruiters", scope=SLUG)


@pytest.mark.parametrize("few", [0, 1_000])
def test_only_those_are_shown_who_agreed(world, monkeypatch, few) -> None:
    monkeypatch.setattr(recruiting, "FEW", few)
    world.admitted()
    before = shown(world)
    consented(world, world.bo, world.stranger)
    agreed = shown(world)
    withdraw_consent(world.bo, purpose="recruiters", scope=SLUG)

    assert (before, agreed, shown(world)) == ([], ["최바다"], [])  # who takes no part is not shown either


def test_a_right_at_the_party_shows_its_holder_until_it_ends_or_they_say_no(world) -> None:
    give_marks(world.reviewing(), marks={"idea": 80, "craft": 90}, by=world.judge)
    drain()
    holder = shown(world)
    Given.objects.filter(kind="privilege").update(expires_at=clock.now() - timedelta(days=1))
    ended = shown(world)
    Given.objects.filter(kind="privilege").update(expires_at=None)
    withdraw_consent(world.ada, purpose="recruiters", scope=SLUG)

    assert (holder, ended, shown(world)) == (["박하늘"], [], [])


def test_the_list_is_ordered_and_narrowed(world) -> None:
    world.ranked()
    consented(world, world.ada, world.bo)

    asked = ("", "?order=name", "?option=speech", "?stage=task", "?q=바다", "?kept=yes", "?credential=Field+badge")
    assert {query: shown(world, query) for query in asked} == {
        "": ["박하늘", "최바다"],
        "?order=name": ["박하늘", "최바다"],
        "?option=speech": ["최바다"],
        "?stage=task": ["박하늘", "최바다"],
        "?q=바다": ["최바다"],
        "?kept=yes": [],
        "?credential=Field+badge": ["박하늘", "최바다"],
    }


@pytest.mark.parametrize(("language", "told"), [("ko", "1명 · 관심 목록 0명"), ("en", "1 person · 0 on the shortlist")])
def test_who_recruits_in_two_programmes_chooses_one(world, language, told) -> None:
    world.admitted()
    consented(world, world.ada)
    second = make_programme(SOURCE, slug="field-ai-2027", by=world.operator, parties={"host": [world.host]})
    seat(open_programme(publish(second)), "judge", person=world.judge, organisation=world.host)

    page = client_of(world.judge, language).get("/recruit/")

    assert [one.programme.slug for one, *_ in page.context["recruits"]] == [second.slug, SLUG]
    assert told in text_of(page)


def test_a_look_is_written_down_once_a_day_and_the_person_can_read_it(world) -> None:
    world.admitted()
    consented(world, world.ada)
    client = client_of(world.judge)

    for _ in range(2):
        client.get(f"{LIST}{world.ada.pk}/")

    assert [(look.by, look.organisation) for look in looks_at(world.ada)] == [(world.judge, world.host)]
    assert AuditRow.objects.filter(action="recruiting.looked").count() == 1


def test_no_address_is_shown_without_consent(world) -> None:
    world.admitted()
    consented(world, world.ada)
    client, address = client_of(world.judge), f"{LIST}{world.ada.pk}/"

    before = client.get(address).content.decode()
    scope = str(world.turn(world.ada, "apply").pk)
    give_consent(world.ada, purpose="contact", scope=scope)

    assert (world.ada.email in before, world.ada.email in client.get(address).content.decode()) == (False, True)


def test_a_letter_reaches_the_person_with_the_address_to_answer_to(world) -> None:
    world.admitted()
    consented(world, world.ada)
    client, address = client_of(world.judge), f"{LIST}{world.ada.pk}/"

    empty = client.post(address, {"text": " "})
    client.post(address, {"text": "함께 일하고 싶습니다."})
    again = client.post(address, {"text": "한 번 더"})
    letter = Approach.objects.get()

    assert (bool(empty.context["flaw"]), again.status_code) == (True, 409)
    assert [mail.to for mail in Message.objects.filter(text__contains="함께 일하고 싶습니다.")] == [[world.ada.email]]
    assert world.judge.email in text_of(client_of(world.ada).get(f"/approaches/{letter.pk}/"))
    assert client_of(world.bo).get(f"/approaches/{letter.pk}/").status_code == 404


def test_the_shortlist_is_the_partys_own(world) -> None:
    world.admitted()
    consented(world, world.ada, world.bo)
    client, keep = client_of(world.judge), f"{LIST}{world.ada.pk}/keep/"

    client.post(keep, {"note": "발표가 좋았음"})
    client.post(keep, {"note": "면접 보기", "back": LIST})
    kept = list(Shortlisted.objects.values_list("person__name", "note", "organisation__short"))
    narrowed = shown(world, "?kept=yes")
    client.post(keep, {"off": "yes"})

    assert (kept, narrowed, Shortlisted.objects.count()) == ([("박하늘", "면접 보기", "hanbit")], ["박하늘"], 0)


def test_the_way_back_stays_on_the_site(world) -> None:
    world.admitted()
    consented(world, world.ada)
    answer = client_of(world.judge).post(f"{LIST}{world.ada.pk}/keep/", {"back": "//evil.example/recruit/"})
    assert answer["Location"] == f"{LIST}{world.ada.pk}/"


def test_who_does_not_recruit_or_may_not_be_seen_is_not_there(world) -> None:
    world.admitted()
    consented(world, world.ada)
    asked = [
        (world.clerk, LIST), (world.ada, LIST), (world.clerk, f"{LIST}{world.ada.pk}/"),
        (world.judge, f"{LIST}{world.bo.pk}/"), (world.judge, f"{LIST}{world.ada.pk}/"),
    ]  # fmt: skip
    assert [client_of(who).get(path).status_code for who, path in asked] == [404, 404, 404, 404, 200]


def test_the_list_takes_few_queries(world, django_assert_max_num_queries) -> None:
    world.ranked()
    consented(world, world.ada, world.bo)
    client = client_of(world.judge)
    client.get(LIST)
    with django_assert_max_num_queries(20):
        client.get(LIST)


def test_the_list_and_a_person_take_few_queries(world, django_assert_max_num_queries) -> None:
    give_marks(world.reviewing(), marks={"idea": 80, "craft": 90}, by=world.judge)
    drain()
    consented(world, world.ada, world.bo)
    client = client_of(world.judge)

    for path in (LIST, f"{LIST}{world.ada.pk}/"):
        client.get(path)
        with django_assert_max_num_queries(20):
            assert client.get(path).status_code == 200


def test_the_address_shows_for_who_left_it_at_an_event_here(world) -> None:
    world.admitted()
    consented(world, world.ada)
    address = f"{LIST}{world.ada.pk}/"
    client = client_of(world.judge)

    give_consent(world.ada, purpose="contact", scope="elsewhere")
    before = client.get(address).context["email"]
    give_consent(world.ada, purpose="contact", scope=str(world.turn(world.ada, "apply").pk))

    assert (before, client.get(address).context["email"]) == ("", world.ada.email)
