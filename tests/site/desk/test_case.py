"""One case at the desk: everything about it, the way through the list, deciding and going on."""

import pytest

from dure.jobs.worker import drain
from dure.joints.models import Say
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
DESK = "/desk/field-ai-2026/"


def test_a_case_tells_what_was_handed_in_decided_and_given(world) -> None:
    world.ranked()

    client = client_of(world.clerk, "en")
    seen, past = client.get(f"{DESK}cases/1/").context, client.get(f"{DESK}cases/1/past/").context

    assert [(one.turn.stage, one.turn.state) for one in seen["taken"]] == [
        ("talk", "open"), ("task", "passed"), ("apply", "passed"),
    ]  # fmt: skip
    assert [decision.verdict for one in seen["taken"] for decision in one.decisions] == ["passed", "passed"]
    assert sorted(given.kind for given in seen["gives"]) == ["credential", "money"]
    assert {"Entered", "Evidence arrived", "Decided"} <= {event.what for event in past["events"]}


def test_what_happened_comes_as_a_part_of_the_page_or_as_its_own(world) -> None:
    world.ranked()
    client = client_of(world.clerk, "en")

    whole = text_of(client.get(f"{DESK}cases/1/past/"))
    part = text_of(client.get(f"{DESK}cases/1/past/", headers={"HX-Request": "true"}))

    assert [("What they were told" in page, "Participants" in page) for page in (whole, part)] == [
        (True, True), (True, False),
    ]  # fmt: skip
    assert {client_of(who).get(f"{DESK}cases/1/past/").status_code for who in (world.judge, world.ada)} == {403}


def test_the_next_case_is_the_next_of_the_list_it_was_opened_from(world) -> None:
    world.competing()
    client = client_of(world.clerk)

    ways = {
        query: (seen["before"], seen["after"])
        for query in ("", "?stage=task&option=speech")
        if (seen := client.get(f"{DESK}cases/1/{query}").context)
    }

    assert ways == {
        "": ("", f"{DESK}cases/2/"),
        "?stage=task&option=speech": ("", f"{DESK}cases/2/?stage=task&option=speech"),
    }


def test_a_decision_leads_on_to_the_next_that_waits(world) -> None:
    world.applied()
    client = client_of(world.clerk)

    first = client.get(f"{DESK}stages/apply/next/", follow=True)
    turn = world.turn(world.ada, "apply")
    second = client.post(f"/desk/turns/{turn.pk}/decide/", {"step": "0", "answer": "yes", "on": "yes"}, follow=True)
    bo = world.turn(world.bo, "apply")
    last = client.post(f"/desk/turns/{bo.pk}/decide/", {"step": "0", "answer": "yes", "on": "yes"}, follow=True)

    assert [page.context["case"].number for page in (first, second)] == [1, 2]
    assert (last.request["PATH_INFO"], Say.objects.count()) == (DESK, 2)


def test_the_desk_withdraws_somebody_in_their_place(world) -> None:
    world.ranked()
    turn = world.turn(world.ada, "talk")
    client = client_of(world.clerk)

    codes = [
        client_of(who).post(f"/desk/turns/{turn.pk}/withdraw/").status_code for who in (world.judge, world.stranger)
    ]
    client.post(f"/desk/turns/{turn.pk}/withdraw/", {"here": f"{DESK}cases/1/"})
    drain()

    turn.refresh_from_db()
    assert (codes, turn.state) == ([403, 404], "withdrawn")


def test_a_case_that_is_not_there_says_so(world) -> None:
    page = client_of(world.clerk).get(f"{DESK}cases/99/")
    assert (page.status_code, "그런 번호의 참가 건이 없습니다." in text_of(page)) == (404, True)


def test_a_case_takes_few_looks(world, django_assert_max_num_queries) -> None:
    world.ranked()
    client = client_of(world.clerk)

    for page in ("", "past/"):
        client.get(f"{DESK}cases/1/{page}")
        with django_assert_max_num_queries(20):
            client.get(f"{DESK}cases/1/{page}")
