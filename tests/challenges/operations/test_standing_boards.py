"""Boards are what their attempts make them, whatever happened."""

import io
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dure.challenges.models import Best, Disqualification, Task
from dure.challenges.operations import choose
from dure.challenges.operations.applying import apply
from dure.challenges.operations.boards import make_board
from dure.challenges.operations.proposing import Wanted, propose
from dure.challenges.operations.standing import lift
from dure.challenges.ranks import rank_of
from dure.core import clock
from dure.core.errors import Refused
from dure.jobs.worker import drain
from tests.challenges.conftest import IDS, START, TRUTH, make_entrant, make_task, member, scored
from tests.challenges.operations.sanctions import (
    organiser,
    out,
    three_entrants,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]


@pytest.fixture
def task() -> Task:
    return three_entrants()


def recomputed(task: Task) -> dict[object, tuple[object, ...]]:
    """The boards out of raw rows alone, in the plainest way."""
    known = Task.objects.get(pk=task.pk)
    rank = partial(rank_of, greater_is_better=known.greater_is_better)
    found = {}
    for one in known.entrants.all():
        if one.disqualifications.exclude(state="lifted").filter(submission=None).exists():
            continue
        barred = one.disqualifications.exclude(state="lifted").values("submission")
        rows = [s for s in one.submissions.filter(state="scored") if s.pk not in {b["submission"] for b in barred}]
        if rows:
            best = min(rows, key=lambda s: (rank(s.public_score), s.received_at, s.number))
            kept = Best.objects.filter(entrant=one, chosen=True).first()
            counts = kept.counting if kept else best
            assert counts in rows
            found[one.pk] = (best.pk, rank(best.public_score), counts.pk, rank(counts.lasting_score))
    return found


def kept(task: Task) -> dict[object, tuple[object, ...]]:
    rows = Best.objects.filter(task=task).values_list("entrant", "best", "public_rank", "counting", "final_rank")
    return {row[0]: tuple(row[1:]) for row in rows}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("score"), st.integers(0, 2), st.integers(0, 4), st.integers(0, 6)),
        st.tuples(st.just("choose"), st.integers(0, 2), st.integers(0, 5)),
        st.tuples(st.just("out"), st.integers(0, 2)),
        st.tuples(st.just("one out"), st.integers(0, 2), st.integers(0, 5)),
        st.tuples(st.just("lift"), st.integers(0, 5)),
        st.tuples(st.just("apply"), st.sets(st.sampled_from(IDS), min_size=1, max_size=4)),
    ),
    max_size=9,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_boards_are_what_raw_rows_make_them_after_any_sequence(steps):
    task = make_task()
    entrants = [make_entrant(task, title=str(n)) for n in range(3)]
    moment = START

    for step in steps:
        moment += timedelta(minutes=1)
        with clock.at(moment):
            take(step, task, entrants)
        assert kept(task) == recomputed(task)


def take(step, task: Task, entrants) -> None:
    """One step; those that are refused change nothing."""
    what, *rest = step
    try:
        match what:
            case "score":
                scored(entrants[rest[0]], rest[1], rest[2])
            case "choose":
                one = entrants[rest[0]]
                choose(nth(one.submissions.order_by("number"), rest[1]), by=member(one))
            case "out":
                out(entrants[rest[0]])
            case "one out":
                one = entrants[rest[0]]
                out(one, submission=nth(one.submissions.order_by("number"), rest[1]))
            case "lift":
                lift(
                    nth(Disqualification.objects.filter(entrant__task=task).order_by("pk"), rest[0]), by=organiser(task)
                )
            case "apply":
                rejudge(task, rest[0])
    except (Refused, LookupError):
        return


def rejudge(task: Task, turned: set[str]) -> None:
    truth = {one: TRUTH[one] if one not in turned else "no" if TRUTH[one] == "yes" else "yes" for one in IDS}
    labels = io.BytesIO("".join(["id,label\n", *(f"{one},{truth[one]}\n" for one in IDS)]).encode())
    proposal = propose(task, Wanted(labels=labels), by=organiser(task), why="labels")
    drain()
    proposal.refresh_from_db()
    apply(proposal, by=organiser(task))


def nth(rows, at: int):
    found = list(rows)
    return found[at % len(found)] if found else found[0]


def test_making_a_board_that_is_right_changes_no_row(task):
    before = kept(task)

    make_board(task)

    assert kept(task) == before
