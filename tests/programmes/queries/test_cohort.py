"""Some of a programme's cases, by what people ask for: their pages, their numbers, their people."""

import pytest

from dure.people.models import Person
from dure.people.operations import join_organisation
from dure.programmes.queries.cohort import Group, cases_in, count_in, page_in, people_count, people_in
from dure.programmes.queries.passages import legs_of, passages_of
from tests.factories import make_organisation, make_person
from tests.programmes.build import APPLY, Live, booth, exam, live, make_team

pytestmark = pytest.mark.django_db
GROUPS = (
    Group(), Group(stage="apply"), Group(stage="apply", state="handed-in"), Group(text="김"), Group(text="nobody"),
    Group(text="2"), Group(organisation="acme"), Group(cases=(1, 3)), Group(stage="apply", text="kim"),
)  # fmt: skip


def _school() -> Live:
    """Four persons; the first two belong to an organisation, the third has closed the account."""
    run = live(APPLY)
    acme = make_organisation(short="acme")
    people = [make_person(name=name) for name in ("김하나", "이둘", "김셋", "박넷")]
    for person in people:
        run.enter(by=person)
    for person in people[:2]:
        join_organisation(acme, person=person)
    Person.objects.filter(pk=people[2].pk).update(is_active=False)
    return run


def test_the_people_of_a_group_are_counted_as_they_are_found() -> None:
    run = _school()

    counted = [people_count(run.programme, group) for group in GROUPS]

    assert counted == [people_in(run.programme, group).count() for group in GROUPS]
    assert counted[0] == 3


def test_the_people_of_teams_are_counted_one_by_one() -> None:
    run = live(booth())
    run.enter("build")

    assert people_count(run.programme, Group()) == people_in(run.programme, Group()).count() == 1


def test_a_team_is_found_by_each_of_its_people() -> None:
    run = live(booth(), subject="team")
    people = [make_person(name="김하나"), make_person(name="이둘", email="second@example.org")]
    run.enter("build", by=people[0], team=make_team(2, people=people))

    found = {
        text: [case.number for case in cases_in(run.programme, Group(text=text))] for text in ("하나", "second@", "셋")
    }

    assert found == {"하나": [1], "second@": [1], "셋": []}


@pytest.mark.parametrize("order", ["number", "-number", "sole__name"])
def test_pages_of_a_group_are_its_cases_in_order_and_its_number(order: str) -> None:
    run = _school()

    for group in GROUPS:
        whole = list(cases_in(run.programme, group).order_by(order, "number"))
        pages = [page_in(run.programme, group, order=order, start=start, size=2) for start in (0, 2, 4)]
        assert [case for page, _ in pages for case in page] == whole
        assert {count for _, count in pages} == {len(whole)}


@pytest.mark.parametrize(
    ("group", "numbers"),
    [
        (Group(option="red"), [1, 3]),
        (Group(option="RED"), []),
        (Group(state="no-state"), [1, 2, 3]),
        (Group(option="red", state="running"), [3]),
        (Group(stage="exam", option="red"), [1, 3]),
        (Group(stage="exam", option="red", state="open"), [3]),
        (Group(stage="talk", option="red"), [1]),
        (Group(stage="talk", option="blue", state="open"), [2]),
        (Group(stage="talk", option="blue", state="passed"), []),
        (Group(stage="exam", option="red", organisation="acme"), [3]),
    ],
)
def test_who_chose_something_is_found_and_counted_alike(group: Group, numbers: list[int]) -> None:
    """However cases are looked for: all gathered, a few in order, or counted by their turns alone."""
    run = live([exam(more=", options: [red, blue]"), "- {id: talk, kind: event, after: exam, do: {type: booth}}"])
    turns = [run.enter("exam", options=[chosen]) for chosen in ("red", "blue", "red")]
    for turn in turns[:2]:
        run.hand_in(turn, score=70)
    run.programme.cases.filter(number=1).update(state="finished")
    join_organisation(make_organisation(short="acme"), person=turns[2].case.sole)

    found = cases_in(run.programme, group), cases_in(run.programme, group, few=True)

    assert [[case.number for case in cases] for cases in found] == [numbers, numbers]
    assert count_in(run.programme, group) == len(numbers)


def test_names_are_read_once_for_a_page_and_its_number(django_assert_num_queries) -> None:
    run = _school()

    with django_assert_num_queries(2):
        page, count = page_in(run.programme, Group(text="김"), order="number", start=0, size=1)

    assert (len(page), count) == (1, 2)


@pytest.mark.parametrize("text", ["²", "9" * 30, "9" * 5_000])
def test_what_only_looks_like_a_number_finds_nobody(text: str) -> None:
    assert page_in(_school().programme, Group(text=text), order="number", start=0, size=2) == ([], 0)


def test_a_list_shows_of_a_case_what_its_page_does() -> None:
    run = live([exam(), "- {id: talk, kind: event, after: exam, do: {type: booth}}"])
    run.enter_and_hand_in("exam", by=make_person(name="김하나"), score=70)
    cases = list(cases_in(run.programme, Group()))

    whole, light = passages_of(cases)[0], legs_of(cases, done=True, evidence=True)[0]

    assert (light.who, light.latest.stage) == (whole.who, whole.latest.stage) == ("김하나", "talk")
    assert list(light.turns) == list(whole.turns) == ["exam", "talk"]
    assert light.turns["exam"].handed_in_at == whole.turns["exam"].handed_in_at
    assert light.turns["exam"].values == whole.turns["exam"].evidence.values
