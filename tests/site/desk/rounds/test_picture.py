"""The live picture of a round."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.site.desk.rounds.picture import SLOT
from tests.site.conftest import client_of, text_of
from tests.site.desk.rounds.conftest import STAGE, hand_in

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_an_empty_round_leads_on(desk) -> None:
    assert "No attempt came yet" in text_of(desk.get(f"{STAGE}round/"))


def test_it_shows_what_came_what_failed_and_why(world, desk) -> None:
    hand_in(world, world.ada)
    hand_in(world, world.bo, "id,label\n0,1\n")

    page = desk.get(f"{STAGE}round/")

    seen = page.context["picture"]
    assert (seen.total, seen.active, seen.on_board) == (2, 2, 1)
    assert [(cause, failure.count) for cause, failure in page.context["failures"]] == [("An id is missing", 1)]
    assert "Prizes" in text_of(page)


def test_unchanged_it_is_not_sent_again(world, desk) -> None:
    hand_in(world, world.ada)
    first = desk.get(f"{STAGE}round/now/")

    same = desk.get(f"{STAGE}round/now/", headers={"If-None-Match": first["ETag"]})
    hand_in(world, world.bo)
    with clock.at(clock.now() + timedelta(seconds=SLOT)):
        after = desk.get(f"{STAGE}round/now/", headers={"If-None-Match": first["ETag"]})

    assert [first.status_code, same.status_code, after.status_code] == [200, 304, 200]


def test_pages_of_a_round_are_its_operators_own(world, desk) -> None:
    paths = ("round/", "round/now/", "trials/", "attempts/", "attempts.csv", "files.zip", "people.csv", "scores.csv",
             "embedding/")  # fmt: skip

    assert {client_of(world.ada).get(f"{STAGE}{path}").status_code for path in paths} == {403}


def test_a_stage_without_a_task_says_what_to_do(world) -> None:
    page = client_of(world.clerk, "en").get(f"{STAGE}round/")

    assert (page.status_code, "Tasks and scoring" in text_of(page)) == (404, True)


@pytest.mark.parametrize(
    "path",
    [
        "round/", "round/now/", "attempts/", "trials/", "trials/now/", "embedding/", "tasks/", "rules/", "finalists/",
        "similarity/", "again/", "out/",
    ],
)  # fmt: skip
def test_pages_ask_the_database_little(world, desk, django_assert_max_num_queries, path) -> None:
    hand_in(world, world.ada)
    with django_assert_max_num_queries(20):
        desk.get(f"{STAGE}{path}")
