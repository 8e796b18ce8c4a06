"""Who may nominate finds the stages on their own page, also without a desk."""

import pytest

from dure.core import clock
from dure.programmes.operations.publishing import run
from dure.programmes.operations.seating import seat, unseat
from tests.site.conftest import client_of
from tests.site.desk.test_nominations import nominating_programme

pytestmark = [pytest.mark.django_db]


def _shown(person) -> list[tuple[str, str]]:
    seen = client_of(person).get("/me/").context["nominating"]
    return [(one.programme.slug, title) for one, title in seen]


def test_who_has_a_seat_that_may_nominate_sees_the_stage_and_nobody_else_does(world) -> None:
    programme = nominating_programme(world)
    seat(programme, "dean", person=world.judge, organisation=world.host)

    assert {p.email: _shown(p) for p in (world.judge, world.ada, world.operator)} == {
        "judge@example.org": [("talent-2026", "캠프")], "ada@example.org": [], "operator@example.org": [],
    }  # fmt: skip
    assert "/nominate/talent-2026/camp/" in client_of(world.judge).get("/me/").content.decode()


def test_it_goes_when_the_seat_ends_or_no_entries_are_taken(world) -> None:
    programme = nominating_programme(world)
    first = seat(programme, "dean", person=world.judge, organisation=world.host)
    seat(programme, "dean", person=world.bo, organisation=world.host)
    unseat(first)
    while_open = _shown(world.judge), _shown(world.bo)

    run(programme)

    assert (while_open, _shown(world.bo)) == (([], [("talent-2026", "캠프")]), [])


def test_it_goes_when_the_window_is_over(world) -> None:
    programme = nominating_programme(world)
    seat(programme, "dean", person=world.judge, organisation=world.host)
    programme.closings.create(stage="camp", occurrence=0, at=clock.now(), by=world.operator)

    assert _shown(world.judge) == []
