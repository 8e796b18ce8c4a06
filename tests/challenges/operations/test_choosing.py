"""Which attempts an entrant selects, and which of them counts in the end."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Event

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dure.challenges.models import Best, NewVerdict, Proposal, Round, Selected, Submission, Task
from dure.challenges.operations import choose, choose_best, unchoose
from dure.challenges.operations.applying import apply
from dure.challenges.operations.proposing import Wanted, propose
from dure.challenges.operations.ruling import Rules, set_rules
from dure.challenges.queries import attempt, counting
from dure.challenges.standings import Attempt, stands_of
from dure.core import clock
from dure.core.errors import Refused
from tests.challenges.conftest import CLOSE, START, make_entrant, make_task, member, scored

_ORDER = ("challenges_entrant", "challenges_round", "challenges_task", "challenges_best")  # as ``hold`` says
_MOVED = "|".join(_ORDER)
_LOCKING = re.compile(
    rf'SELECT .* FROM "(?P<read>{_MOVED})" .*FOR (?:NO KEY )?UPDATE|(?:UPDATE|DELETE FROM) "(?P<written>{_MOVED})"'  # noqa: S608 -- it reads statements
)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]


def selecting(most: int):
    """An entrant of a round that lets so many be selected."""
    task = make_task()
    Round.objects.update(select_most=most)
    task.round.refresh_from_db()
    return make_entrant(task)


def counts(entrant) -> int:
    return Best.objects.get(entrant=entrant).counting.number


def test_of_the_selected_the_best_on_the_final_part_counts():
    entrant = selecting(2)
    one, two, _three = (scored(entrant, *right) for right in ((4, 1), (1, 5), (3, 6)))

    for submission in (one, two):
        choose(submission, by=member(entrant))

    assert counts(entrant) == two.number


def test_without_a_choice_the_best_by_public_score_are_taken_and_the_best_of_them_counts():
    entrant = selecting(2)
    for right in ((1, 6), (4, 1), (3, 2)):
        scored(entrant, *right)

    assert counts(entrant) == 3


def test_no_more_are_selected_than_the_round_allows_and_a_choice_can_be_exchanged():
    entrant = selecting(2)
    one, two, three = (scored(entrant, 4, right) for right in (1, 2, 3))
    choose(one, by=member(entrant))
    choose(two, by=member(entrant))

    with pytest.raises(Refused, match="Take one back"):
        choose(three, by=member(entrant))
    unchoose(one, by=member(entrant))
    choose(three, by=member(entrant))

    assert set(Selected.objects.values_list("submission", flat=True)) == {two.pk, three.pk}
    assert counts(entrant) == three.number


def test_where_one_is_allowed_the_next_choice_takes_its_place():
    entrant = selecting(1)
    one, two = scored(entrant, 4, 1), scored(entrant, 3, 2)

    for submission in (one, two, two):
        choose(submission, by=member(entrant))

    assert [row.submission for row in Selected.objects.all()] == [two]


def test_taking_every_choice_back_lets_the_leading_ones_count_again():
    entrant = selecting(2)
    choose(scored(entrant, 1, 6), by=member(entrant))
    for right in ((4, 1), (3, 2)):
        scored(entrant, *right)

    choose_best(entrant, by=member(entrant))

    assert (counts(entrant), Selected.objects.count()) == (3, 0)


def test_which_of_several_counts_is_not_told_before_the_close():
    entrant = selecting(2)
    one, two, three = (scored(entrant, *right) for right in ((4, 1), (1, 5), (3, 6)))
    for submission in (one, two):
        choose(submission, by=member(entrant))

    told = {row.number: attempt(row, viewer=member(entrant)).counts for row in (one, two, three)}

    assert told == {1: True, 2: True, 3: False}
    assert counting(entrant) == {one.pk, two.pk}
    with clock.at(CLOSE):
        entrant.task.round.refresh_from_db()
        assert counting(entrant) == {two.pk}


def test_nothing_is_taken_back_after_the_deadline():
    entrant = selecting(2)
    submission = scored(entrant)
    choose(submission, by=member(entrant))

    with clock.at(CLOSE), pytest.raises(Refused, match="after the deadline"):
        unchoose(submission, by=member(entrant))


@pytest.mark.django_db(transaction=True)
def test_many_at_once_select_no_more_than_the_round_allows():
    entrant = selecting(2)
    rows = [scored(entrant, 4, 1) for _ in range(5)]

    def one(submission) -> bool:
        try:
            with clock.at(START):
                choose(submission, by=member(entrant))
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(one, rows)) == 2
    assert Selected.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["apply", "rules"])
def test_choosing_and_what_moves_whole_boards_never_wait_for_each_other(what):
    entrant = selecting(2)
    submission, by, task = scored(entrant, 4, 1), member(entrant), entrant.task
    moves = {"apply": _proposals(task), "rules": _rules(task)}[what]
    done = Event()

    def move() -> None:
        try:
            with clock.at(START):
                for step in moves:
                    step()
        finally:
            done.set()
            connection.close()

    def choose_and_back() -> None:
        try:
            with clock.at(START):
                while not done.wait(0.02):  # SQLite's one writer would else be this one all the time
                    choose(submission, by=by)
                    choose_best(entrant, by=by)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for ended in (pool.submit(move), pool.submit(choose_and_back)):
            ended.result()  # a deadlock would be raised here


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has locks of rows")
@pytest.mark.parametrize("what", ["choose", "back", "apply", "rules"])
def test_what_moves_boards_locks_in_one_order(what):
    entrant = selecting(2)
    submission, by, task = scored(entrant, 4, 1), member(entrant), entrant.task
    acts: dict[str, Callable[[], Callable[[], object]]] = {
        "choose": lambda: partial(choose, submission, by=by), "back": lambda: partial(choose_best, entrant, by=by),
        "apply": lambda: next(_proposals(task)), "rules": lambda: next(_rules(task)),
    }  # fmt: skip
    if what == "back":
        choose(submission, by=by)
    act = acts[what]()

    with CaptureQueriesContext(connection) as asked:
        act()

    locked = [name for query in asked.captured_queries if (name := _locked_by(query["sql"]))]
    first_of_each = list(dict.fromkeys(locked))
    assert first_of_each[0] == "challenges_entrant"
    assert first_of_each == [table for table in _ORDER if table in locked]


def _locked_by(sql: str) -> str:
    """The table in which a statement locks rows that others move as well."""
    found = _LOCKING.match(sql)
    return found["read"] or found["written"] if found else ""


def _proposals(task: Task) -> Iterator[Callable[[], object]]:
    """Versions of the task, each put in force by an organiser."""
    organiser = task.round.organisers.get()
    for seconds in (61, 62, 63, 64, 65):
        proposal = propose(task, Wanted(limits={"wall_seconds": seconds}), by=organiser, why="longer")
        Proposal.objects.filter(pk=proposal.pk).update(state="ready", collected=1, judged=1)
        first = Submission.objects.get()
        scores = {"public_score": first.public_score, "final_score": first.final_score}
        NewVerdict.objects.create(proposal=proposal, submission=first, state="scored", **scores)
        yield partial(apply, Proposal.objects.get(pk=proposal.pk), by=organiser)
        task.refresh_from_db()


def _rules(task: Task) -> Iterator[Callable[[], object]]:
    for most in (3, 2) * 10:
        yield partial(set_rules, task.round, replace(Rules.of(task.round), select_most=most))


@given(
    scores=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=8),
    chosen=st.sets(st.integers(0, 7), max_size=3),
    most=st.integers(1, 3),
)
def test_what_counts_is_the_best_of_what_was_selected_or_leads(scores, chosen, most):
    """Compared with the sentence of the rules, said plainly."""
    attempts = [Attempt(1, n, public, final, START, n) for n, (public, final) in enumerate(scores)]

    found = stands_of(attempts, {1: chosen}, greater_is_better=True, select_most=most)[1]

    leading = sorted(attempts, key=lambda one: (-one.public, one.number))[:most]
    among = [one for one in attempts if one.pk in chosen] or leading
    assert found.counting == min(among, key=lambda one: (-one.final, one.number))
    assert found.best == leading[0]
