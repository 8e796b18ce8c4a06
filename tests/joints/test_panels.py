"""A panel: marks by seats, free of conflicts, blind where it judges what was sent in."""

from datetime import date

import pytest

from dure.core.errors import Flawed, Forbidden, Missing, Refused
from dure.jobs.worker import drain
from dure.joints.gates.panel import (
    assign,
    assign_all,
    declare_conflict,
    give_marks,
    is_blind,
    keep_draft,
    take_back,
)
from dure.joints.models import Review
from dure.people.models import Bond
from dure.people.operations import join_organisation, state_relation
from dure.programmes.operations.seating import attach, seat
from tests.factories import make_organisation, make_person
from tests.people.races import race
from tests.programmes.build import booth, exam, holder, live, make_team, project

pytestmark = pytest.mark.django_db


def panel(*, each=1, conflicts=(), more=""):
    rubric = "{idea: 40, craft: 60}"
    return f"{{panel: {{role: judge, rubric: {rubric}, each: {each}, conflicts: [{', '.join(conflicts)}]{more}}}}}"


def refusal(act, *given, **known):
    with pytest.raises(Refused) as refused:
        act(*given, **known)
    return refused.value.code


def judges(found, count):
    people = [make_person() for _ in range(count)]
    for person in people:
        seat(found.programme, "judge", person=person)
    return people


def test_the_mark_is_the_mean_of_the_reviewers_weighted_sums():
    found = live(exam(panel(each=2, more=", pass: 75")))
    turn = found.scored(1)[0]
    first, second = judges(found, 2)
    for judge in (first, second):
        assign(turn, 0, reviewer=judge, by=found.operator)

    give_marks(Review.objects.get(reviewer=first), marks={"idea": 50, "craft": 100}, by=first)
    drain()
    awaited = found.again(turn).state
    give_marks(Review.objects.get(reviewer=second), marks={"idea": 100, "craft": 50.5}, by=second)
    drain()

    # 0.4·50 + 0.6·100 = 80 and 0.4·100 + 0.6·50.5 = 70.3
    assert (awaited, found.again(turn).state, found.again(turn).mark) == ("handed-in", "passed", 75.15)


def test_below_the_line_is_out():
    found = live(exam(panel(more=", pass: 75")))
    turn = found.scored(1)[0]

    found.mark(turn, 74.9)

    assert (found.again(turn).state, found.reasons("exam")) == ("out", ["panel"])


def test_a_panel_that_takes_so_many_takes_the_best():
    found = live(exam(panel(more=", take: 1")))
    for turn, points in zip(found.scored(1, 1), (60, 70), strict=True):
        found.mark(turn, points)

    found.settle_and_release()

    assert (found.states("exam"), found.reasons("exam")) == (["out", "passed"], ["panel.full", ""])


@pytest.mark.parametrize("marks", [{"idea": 50}, {"idea": 50, "craft": 101}, {"idea": 50, "craft": 50, "style": 1}])
def test_every_criterion_gets_0_to_100_and_nothing_else_does(marks):
    found = live(exam(panel()))
    turn = found.scored(1)[0]
    review = assign(turn, 0, reviewer=found.seats["judge"], by=found.operator)

    with pytest.raises(Flawed) as flawed:
        give_marks(review, marks=marks, by=found.seats["judge"])

    assert len(flawed.value.facts["errors"]) == 1


def test_marks_are_given_once_and_by_the_reviewer():
    found = live(exam(panel(each=2)))
    turn = found.scored(1)[0]
    review = assign(turn, 0, reviewer=found.seats["judge"], by=found.operator)
    marks = {"idea": 50, "craft": 50}

    assert refusal(give_marks, review, marks=marks, by=found.operator) == "review.not-yours"
    give_marks(review, marks=marks, by=found.seats["judge"])
    assert refusal(give_marks, review, marks=marks, by=found.seats["judge"]) == "state.move"


def test_a_panel_has_exactly_its_seats():
    found = live(exam(panel(each=2)))
    turn = found.scored(1)[0]
    first, second, third = judges(found, 3)
    assign(turn, 0, reviewer=first, by=found.operator)

    assert refusal(assign, turn, 0, reviewer=first, by=found.operator) == "review.taken"
    assign(turn, 0, reviewer=second, by=found.operator)
    assert refusal(assign, turn, 0, reviewer=third, by=found.operator) == "review.full"


@pytest.mark.django_db(transaction=True)
def test_four_who_are_seated_at_once_fill_no_more_than_two_seats():
    found = live(exam(panel(each=2)))
    turn = found.scored(1)[0]
    people = judges(found, 4)

    got = race(*[lambda person=person: assign(turn, 0, reviewer=person, by=found.operator) for person in people])

    assert Review.objects.count() == sum(isinstance(one, Review) for one in got)
    assert 1 <= Review.objects.count() <= 2


def test_only_an_operator_seats_and_only_the_panels_role_sits():
    found = live(exam(panel()))
    turn = found.scored(1)[0]

    assert refusal(assign, turn, 0, reviewer=found.seats["judge"], by=found.seats["head"]) == "review.not-yours"
    assert refusal(assign, turn, 0, reviewer=found.seats["head"], by=found.operator) == "review.role"


def test_a_panel_reviews_what_was_handed_in():
    found = live(exam(panel()))
    turn = found.enter("exam")

    assert refusal(assign, turn, 0, reviewer=found.seats["judge"], by=found.operator) == "review.nothing"
    with pytest.raises(Missing):
        assign(found.scored(1)[0], 1, reviewer=found.seats["judge"], by=found.operator)


def test_panels_are_filled_evenly_and_all_at_once():
    found = live(exam(panel(each=2)))
    found.scored(1, 1, 1)
    judges(found, 2)

    made = assign_all(found.programme, "exam", 0, by=found.operator)

    seats = [review.reviewer_id for review in made]
    assert sorted(seats.count(judge) for judge in set(seats)) == [2, 2, 2]
    assert {review.slot for review in made} == {0, 1}
    assert assign_all(found.programme, "exam", 0, by=found.operator) == []


def test_too_few_reviewers_seat_nobody_and_the_cases_are_named():
    found = live(exam(panel(each=2)))
    found.scored(1, 1)

    with pytest.raises(Refused) as refused:
        assign_all(found.programme, "exam", 0, by=found.operator)

    assert (refused.value.code, refused.value.facts) == ("review.too-few", {"cases": ["1", "2"]})
    assert Review.objects.count() == 0


# --- drafts, and marks that are taken back -----------------------------------------------------------------------


def seated_review(gate):
    found = live(exam(gate))
    turn = found.scored(1)[0]
    return found, assign(turn, 0, reviewer=found.seats["judge"], by=found.operator)


def test_a_draft_is_the_reviewers_own_and_counts_nothing():
    found, review = seated_review(panel())
    judge = found.seats["judge"]

    with pytest.raises(Forbidden):
        keep_draft(review, marks={"idea": 1}, by=found.operator, comment="", seconds=5)
    keep_draft(review, marks={"idea": 150}, by=judge, comment="so far", seconds=5_000)
    drain()

    review.refresh_from_db()
    assert (review.draft, review.seconds, review.state) == (
        {"marks": {"idea": 150}, "comment": "so far"}, 600, "assigned"
    )  # fmt: skip
    assert found.again(review.turn).state == "handed-in"


def test_a_draft_comes_too_late_once_marks_are_sent():
    found, review = seated_review(panel(more=", take: 1"))
    judge = found.seats["judge"]
    give_marks(review, marks={"idea": 50, "craft": 50}, by=judge)
    assert refusal(keep_draft, review, marks={}, by=judge, comment="", seconds=0) == "review.sent"


def test_marks_are_taken_back_while_nothing_is_decided_and_counted_no_longer():
    found, review = seated_review(panel(more=", take: 1"))
    judge = found.seats["judge"]
    give_marks(review, marks={"idea": 50, "craft": 100}, by=judge, comment="fine")

    take_back(review, by=judge)
    drain()

    review.refresh_from_db()
    assert (review.state, review.marks, review.mark, review.draft) == (
        "assigned", {}, None, {"marks": {"idea": 50, "craft": 100}, "comment": "fine"}
    )  # fmt: skip
    give_marks(review, marks={"idea": 90, "craft": 90}, by=judge)
    found.settle_and_release()
    assert found.again(review.turn).mark == 90


def test_marks_stand_once_the_turn_is_judged_or_its_set_settled():
    one_by_one, judged = seated_review(panel())
    give_marks(judged, marks={"idea": 50, "craft": 50}, by=one_by_one.seats["judge"])
    drain()
    as_set, settled = seated_review(panel(more=", take: 1"))
    give_marks(settled, marks={"idea": 50, "craft": 50}, by=as_set.seats["judge"])
    as_set.settle()

    codes = {
        refusal(take_back, Review.objects.get(pk=review.pk), by=review.reviewer) for review in (judged, settled)
    }  # fmt: skip
    assert codes == {"review.stands"}


@pytest.mark.parametrize(
    ("stage", "blind"),
    [
        ("- {id: x, kind: form, entry: open, do: {ask: [a]}}", True),
        ("- {id: x, kind: test, entry: open, do: {type: exam, by: judge}}", True),
        ("- {id: x, kind: test, entry: open, do: {type: interview, by: judge}}", False),
        ("- {id: x, kind: event, entry: open, do: {type: booth}}", False),
    ],
)
def test_a_panel_is_blind_where_it_judges_what_was_sent_in(stage, blind):
    assert is_blind(live(stage).stage("x")) is blind


# --- conflicts of interest ---------------------------------------------------------------------------------------


def same_org(judge, person, found):
    place = make_organisation()
    join_organisation(place, person=judge)
    join_organisation(place, person=person)


def same_department(judge, person, found):
    place = make_organisation()
    join_organisation(place, person=judge, department="AI")
    join_organisation(place, person=person, department="ai ")


def same_team(judge, person, found):
    make_team(2, people=[judge, person])


def past_employer(judge, person, found):
    place = make_organisation()
    join_organisation(place, person=judge, since=date(2020, 1, 1), until=date(2021, 1, 1))
    join_organisation(place, person=person)


def bond(kind):
    def tie(judge, person, found):
        state_relation(judge, to=person, bond=kind, by=judge)

    return tie


TIES = {
    "same-org": same_org, "same-department": same_department, "same-team": same_team, "past-employer": past_employer,
    "line-manager": bond(Bond.LINE_MANAGER), "own-student": bond(Bond.OWN_STUDENT), "family": bond(Bond.FAMILY),
    "co-author": bond(Bond.CO_AUTHOR),
}  # fmt: skip


@pytest.mark.parametrize("kind", TIES)
def test_a_conflict_bars_where_the_panel_lists_it(kind):
    found = live(exam(panel(conflicts=[kind])))
    turn = found.scored(1)[0]
    TIES[kind](found.seats["judge"], holder(turn), found)

    with pytest.raises(Refused) as refused:
        assign(turn, 0, reviewer=found.seats["judge"], by=found.operator)

    assert (refused.value.code, refused.value.facts) == ("review.conflict", {"conflicts": [kind]})


@pytest.mark.parametrize("kind", TIES)
def test_a_conflict_that_the_panel_does_not_list_bars_nobody(kind):
    found = live(exam(panel()))
    turn = found.scored(1)[0]
    TIES[kind](found.seats["judge"], holder(turn), found)

    assert assign(turn, 0, reviewer=found.seats["judge"], by=found.operator).state == "assigned"


def test_nobody_reviews_what_they_entered():
    found = live(exam(panel(conflicts=["own-proposal"])), subject="item")
    turn = found.hand_in(found.enter("exam", by=found.seats["judge"]), score=1)

    assert refusal(assign, turn, 0, reviewer=found.seats["judge"], by=found.operator) == "review.conflict"


def test_a_reviewers_own_organisation_is_the_one_they_belong_to_not_the_one_that_seated_them():
    found = live(exam(panel(conflicts=["same-org"])), subject="org")
    host = found.hand_in(found.enter("exam", organisation=found.parties["host"]), score=1)
    place = make_organisation()
    join_organisation(place, person=found.seats["judge"])
    own = found.hand_in(found.enter("exam", organisation=place), score=1)

    assert assign(host, 0, reviewer=found.seats["judge"], by=found.operator).state == "assigned"
    assert refusal(assign, own, 0, reviewer=found.seats["judge"], by=found.operator) == "review.conflict"


def test_partners_of_a_consortium_count_as_the_case_does():
    found = live(exam(panel(conflicts=["same-org"])), subject="consortium")
    partner = make_organisation()
    join_organisation(partner, person=found.seats["judge"])
    turn = found.hand_in(found.enter("exam", organisation=make_organisation(), partners=[partner]), score=1)

    assert refusal(assign, turn, 0, reviewer=found.seats["judge"], by=found.operator) == "review.conflict"


def test_one_conflicted_member_bars_for_the_whole_team():
    found = live(booth(f", gate: [{panel(conflicts=['family'])}]"), subject="team")
    people = [make_person() for _ in range(3)]
    turn = found.hand_in(found.enter("build", team=make_team(3, people=people)), attended=1)
    state_relation(people[2], to=found.seats["judge"], bond="family", by=people[2])

    assert refusal(assign, turn, 0, reviewer=found.seats["judge"], by=found.operator) == "review.conflict"


def test_filling_panels_goes_round_conflicts():
    found = live(exam(panel(conflicts=["family"])))
    turn = found.scored(1)[0]
    state_relation(found.seats["judge"], to=holder(turn), bond="family", by=None)
    other = judges(found, 1)[0]

    assert [review.reviewer for review in assign_all(found.programme, "exam", 0, by=found.operator)] == [other]


def test_a_declared_conflict_frees_the_seat_for_another():
    found = live(exam(panel()))
    turn = found.scored(1)[0]
    review = assign(turn, 0, reviewer=found.seats["judge"], by=found.operator)

    declared = declare_conflict(review, by=found.seats["judge"], why="we share a house")

    assert (declared.state, declared.conflict) == ("declined", "we share a house")
    assert refusal(assign, turn, 0, reviewer=found.seats["judge"], by=found.operator) == "review.taken"
    assert assign(turn, 0, reviewer=judges(found, 1)[0], by=found.operator).slot == review.slot


def supervised(*, include):
    listed = panel(each=2, conflicts=["own-student"], more=", include: [mentor]" if include else "")
    found = live(project(f", gate: [{listed}]", mentors=1))
    turn = found.enter("build")
    attach(turn, "mentor", person=found.seats["mentor"])
    return found, found.hand_in(turn, milestones=1)


def test_a_supervisor_who_is_included_takes_a_seat_first():
    found, _ = supervised(include=True)

    made = assign_all(found.programme, "build", 0, by=found.operator)

    assert [(review.role, review.reviewer) for review in made] == [
        ("mentor", found.seats["mentor"]),
        ("judge", found.seats["judge"]),
    ]


def test_who_is_with_a_turn_reviews_no_student_of_their_own_unless_included():
    found, turn = supervised(include=False)
    seat(found.programme, "judge", person=found.seats["mentor"])

    assert refusal(assign, turn, 0, reviewer=found.seats["mentor"], by=found.operator) == "review.conflict"
