"""What is to be done now, late things first; the part that is asked for again and again."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.programmes.operations.entering import form_team
from tests.factories import make_person
from tests.programmes.build import booth, live, make_team
from tests.site.conftest import client_of

pytestmark = [pytest.mark.django_db]
DESK = "/desk/field-ai-2026/"


def _todos(world, language: str = "en") -> list[tuple[str, bool]]:
    return [(todo.text, todo.late) for todo in client_of(world.clerk, language).get(DESK).context["todos"]]


def test_what_waits_is_named_with_its_number(world) -> None:
    world.applied()
    assert _todos(world) == [("Application: 2 wait for a decision.", False)]


def test_a_result_that_is_not_released_is_late(world) -> None:
    world.applied()
    world.decided()
    client_of(world.clerk).post(f"{DESK}stages/apply/settle/")

    assert _todos(world) == [("Application: the result is confirmed and nobody knows it yet.", True)]


def test_a_review_that_waits_for_a_week_is_late(world) -> None:
    world.reviewing()

    with clock.at(clock.now() + timedelta(days=8)):
        late = [text for text, late in _todos(world) if late]

    assert late == ["Interview: 1 review is not done."]


def test_the_part_that_changes_answers_nothing_while_nothing_has_changed(world) -> None:
    world.applied()
    client = client_of(world.clerk)
    version = client.get(DESK).context["version"]

    same = client.get(f"{DESK}now/?seen={version}").status_code
    world.decided()
    changed = client.get(f"{DESK}now/?seen={version}")

    assert (same, changed.status_code, b"<html" in changed.content) == (204, 200, False)


@pytest.mark.parametrize("page", ["", "stages/", "money/", "gives/", "announcements/new/", "log/"])
def test_pages_of_the_desk_take_few_looks(world, page, django_assert_max_num_queries) -> None:
    world.proving()
    client = client_of(world.clerk)
    client.get(f"{DESK}{page}")

    with django_assert_max_num_queries(20):
        client.get(f"{DESK}{page}")


def test_the_funnel_compares_people_with_people_of_the_stages_that_they_come_from(db) -> None:
    made = live(
        [
            "- {id: apply, kind: form, entry: open}",
            booth(", gate: [{rank: {by: votes, take: 1}}]", size="{min: 2, max: 2}", entry=""),
            "- {id: talk, kind: event, unit: person, after: [build, 'build:out'], join: any, do: {type: ceremony}}",
        ]
    )
    people = [make_person() for _ in range(5)]
    made.enter("apply", by=people[4])
    for person in people[:4]:
        made.enter_and_hand_in("apply", by=person)
    for votes, pair in ((0.2, people[:2]), (0.9, people[2:4])):
        made.hand_in(form_team(made.programme, "build", make_team(2, people=pair), by=pair[0]), votes=votes, attended=1)
    made.settle_and_release("build")

    flows = client_of(made.operator).get(f"/desk/{made.programme.slug}/").context["flows"]

    assert [(flow.step.stage.id, flow.health.entered, flow.per_cent) for flow in flows] == [
        ("apply", 5, None), ("build", 2, 80), ("talk", 4, 100),
    ]  # fmt: skip
