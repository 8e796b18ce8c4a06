"""The policy: for every setting of a round what everybody sees, before and after its close."""

from dataclasses import replace
from itertools import pairwise, product

import pytest

from dure.challenges.models import Boards, Round, Visibility
from dure.challenges.operations import enter
from dure.challenges.policy import Seen, Viewer, What, may
from dure.challenges.rules import may_see_board, seen_of, sees_boards_of, tells_everybody
from dure.core import clock
from tests.challenges.conftest import CLOSE, START, make_task
from tests.factories import make_person

OPEN = Seen(
    "public", "both", own_scores=True, own_logs=True, own_details=True, shares=False, waits=False, is_over=False
)
ALL = [
    Seen(board, boards, *flags)
    for board in Visibility.values
    for boards in Boards.values
    for flags in product([True, False], repeat=6)
]
OWN = {What.PUBLIC_SCORE, What.FINAL_SCORE, What.LOG, What.DETAILS}


def seen_by(viewer: Viewer, **known) -> set[What]:
    seen = replace(OPEN, **known)
    return {what for what in What if may(viewer, seen, what)}


def test_while_a_round_runs_everybody_sees_the_public_board_and_owners_their_own():
    assert seen_by(Viewer.ANYBODY) == {What.PUBLIC_BOARD}
    assert seen_by(Viewer.ENTRANT) == {What.PUBLIC_BOARD, What.FILES}
    assert seen_by(Viewer.OWNER) == set(What) - {What.FINAL_BOARD, What.FINAL_SCORE, What.SHARED, What.CHECKS}
    assert seen_by(Viewer.ORGANISER) == set(What)


def test_a_round_that_is_over_shows_the_final_part_and_never_the_organisers_checks():
    assert seen_by(Viewer.ANYBODY, is_over=True) == {What.PUBLIC_BOARD, What.FINAL_BOARD}
    assert seen_by(Viewer.OWNER, is_over=True) == set(What) - {What.SHARED, What.CHECKS}


def test_where_scores_wait_nothing_tells_one_before_the_close():
    assert seen_by(Viewer.OWNER, waits=True) == {What.FILES, What.VERDICT}
    assert seen_by(Viewer.OWNER, waits=True, is_over=True) == seen_by(Viewer.OWNER, is_over=True)


@pytest.mark.parametrize(
    ("known", "seen"),
    [
        ({"board": "hidden"}, {What.FILES}),  # EvalAI 1 and 2: owner and host differ in what is one's own
        ({"board": "entrants"}, {What.FILES, What.PUBLIC_BOARD}),
        ({"boards": "final"}, {What.FILES}),
        ({"boards": "final", "is_over": True}, {What.FILES, What.FINAL_BOARD}),
        ({"boards": "public", "is_over": True}, {What.FILES, What.PUBLIC_BOARD}),
    ],
)
def test_which_boards_entrants_see_is_the_rounds_to_say(known, seen):
    assert seen_by(Viewer.ENTRANT, **known) == seen


def test_attempts_are_shared_with_whoever_sees_the_board_and_as_long_as_scores_are_told():
    assert seen_by(Viewer.ANYBODY, shares=True) == {What.PUBLIC_BOARD, What.SHARED}
    assert seen_by(Viewer.ENTRANT, shares=True, board="hidden") == {What.FILES}
    assert seen_by(Viewer.ENTRANT, shares=True, waits=True) == {What.FILES}


@pytest.mark.parametrize(
    ("setting", "kept"),
    [
        ("own_scores", {What.PUBLIC_SCORE, What.FINAL_SCORE}),
        ("own_logs", {What.LOG}),
        ("own_details", {What.DETAILS}),
    ],
)
def test_what_of_ones_own_is_kept_back(setting, kept):
    before = seen_by(Viewer.OWNER, is_over=True)

    assert seen_by(Viewer.OWNER, is_over=True, **{setting: False}) == before - kept


@pytest.mark.parametrize("seen", ALL, ids=str)
def test_who_is_nearer_sees_no_less_and_nobody_sees_what_is_anothers_own(seen):
    steps = [{what for what in What if may(viewer, seen, what)} for viewer in Viewer]

    assert all(fewer <= more for fewer, more in pairwise(steps))
    assert not (steps[Viewer.ENTRANT - 1] & (OWN | {What.VERDICT, What.CHECKS}))


@pytest.mark.django_db
@pytest.mark.parametrize("at", [START, CLOSE])
@pytest.mark.parametrize("who", ["nobody", "entrant", "organiser"])
def test_lists_of_rounds_follow_the_policy(at, who):
    """The conditions for many rounds say what the function says of each."""
    person = None if who == "nobody" else make_person()
    tasks = []
    for board, boards, waits, public in product(Visibility.values, Boards.values, [True, False], [True, False]):
        task = make_task(board=board)
        Round.objects.filter(pk=task.round_id).update(boards=boards, scores_wait=waits, is_public=public)
        task.round.refresh_from_db()
        if who == "entrant":
            enter(task, persons=[person])
        if who == "organiser":
            task.round.organisers.add(person)
        tasks.append(task)

    with clock.at(at):
        told = {task.round_id for task in tasks if may_see_board(person, task)}
        assert set(Round.objects.filter(sees_boards_of(person)).values_list("pk", flat=True)) == told
        shown = {task.round_id for task in tasks if may(Viewer.ANYBODY, seen_of(task), What.PUBLIC_BOARD)}
        assert set(Round.objects.filter(tells_everybody()).values_list("pk", flat=True)) == shown
