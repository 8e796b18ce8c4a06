"""Two entrants of a task become one, within what one team would have had by then."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from math import inf

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dure.challenges.labels import Part
from dure.challenges.models import Best, Entrant, EntrantMember, Quota, Round, Submission
from dure.challenges.operations import choose, merge_entrants
from dure.challenges.operations.ruling import Rules, set_rules
from dure.challenges.operations.submitting import submit
from dure.challenges.queries import TOTAL, board, used
from dure.challenges.queries.merging import outlook
from dure.core import clock
from dure.core.errors import Refused
from tests.challenges.conftest import START, judge, make_entrant, make_task, member, offer, predictions, scored
from tests.people.races import race

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
DAY = timedelta(days=1)
LATE_IN_MAY = START.replace(day=29)  # three days of May are left


def refused(call) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.code


def test_attempts_quotas_and_people_of_both_are_one_entrants():
    task = make_task(daily=3, total=10)
    into, gone = make_entrant(task), make_entrant(task)
    people = {member(into), member(gone)}
    mine, theirs = scored(into, 2), [scored(gone, 1), scored(gone, 3)]

    with clock.at(START + DAY):
        merge_entrants(into, gone)

    assert [(row.pk, row.number) for row in into.submissions.order_by("number")] == [
        (mine.pk, 1), (theirs[0].pk, 2), (theirs[1].pk, 3),
    ]  # fmt: skip
    assert (used(into, TOTAL), used(into, "2026-05-01")) == (3, 3)
    assert {row.person for row in into.members.all()} == people
    assert not Entrant.objects.filter(pk=gone.pk).exists()


@pytest.mark.parametrize(("ours", "theirs"), [(1, 3), (3, 1), (None, 2), (2, None)])
def test_the_best_of_both_stands_on_the_board_once(ours, theirs):
    task = make_task()
    into, gone = make_entrant(task), make_entrant(task)
    for entrant, right in ((into, ours), (gone, theirs)):
        if right is not None:
            scored(entrant, right)

    merge_entrants(into, gone)

    rows = board(task, viewer=None, part=Part.PUBLIC).rows
    assert [(row.entrant, row.score) for row in rows] == [(into.pk, max(ours or 0, theirs or 0) / 4)]


def test_a_choice_of_the_team_that_asked_stands():
    task = make_task()
    into, gone = make_entrant(task), make_entrant(task)
    chosen = scored(into, 1)
    choose(chosen, by=member(into))
    better = scored(gone, 4)

    merge_entrants(into, gone)

    best = Best.objects.get(entrant=into)
    assert (best.best, best.counting) == (better, chosen)


def test_the_merged_number_their_attempts_on():
    task = make_task()
    into, gone = make_entrant(task), make_entrant(task)
    for entrant in (into, gone):
        scored(entrant)
    merge_entrants(into, gone)
    into.refresh_from_db()

    receipt = submit(into, by=into.members.first().person, upload=predictions())

    assert Submission.objects.get(pk=receipt.id).number == 3


def test_two_who_used_more_than_one_team_could_have_by_now_wait_or_stay_two():
    task = make_task(daily=2, total=5)
    into, gone = make_entrant(task), make_entrant(task)
    for entrant in (into, gone):
        for _ in range(2):
            scored(entrant)

    assert refused(lambda: merge_entrants(into, gone)) == "merge.quota"
    with clock.at(START + DAY):
        merge_entrants(into, gone)
        assert refused(lambda: submit(into, by=into.members.first().person, upload=predictions(), at=START)) == (
            "challenges.quota"
        )


def test_what_is_being_judged_is_judged_first():
    task = make_task()
    into, gone = make_entrant(task), make_entrant(task)
    waiting = offer(gone)

    assert refused(lambda: merge_entrants(into, gone)) == "merge.unjudged"

    judge(waiting)
    merge_entrants(into, gone)


def test_who_had_the_page_of_the_other_team_open_is_told_to_reload():
    task = make_task()
    into, gone = make_entrant(task), make_entrant(task)
    stale, person = Entrant.objects.get(pk=gone.pk), member(gone)
    merge_entrants(into, gone)

    assert refused(lambda: submit(stale, by=person, upload=predictions())) == "challenges.merged"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    daily=st.none() | st.integers(1, 4),
    total=st.none() | st.integers(1, 12),
    monthly=st.none() | st.integers(1, 6),
    days=st.integers(0, 5),
    spent=st.tuples(st.integers(0, 8), st.integers(0, 8)),
)
def test_two_may_merge_exactly_where_one_team_could_have_used_as_much(daily, total, monthly, days, spent):
    task = make_task(daily=daily, total=total, opens_at=LATE_IN_MAY, closes_at=None)
    Round.objects.filter(pk=task.round_id).update(monthly=monthly)  # also such as nobody would decide
    task.round.refresh_from_db()
    into, gone = make_entrant(task), make_entrant(task)
    for entrant, count in zip((into, gone), spent, strict=True):
        Quota.objects.create(entrant=entrant, period=TOTAL, used=count)

    with clock.at(LATE_IN_MAY + days * DAY):
        found = outlook(into, gone)

    assert found.holds == (sum(spent) <= most_of_one_team(daily, monthly, total, days))


def most_of_one_team(daily, monthly, total, days) -> float:
    """What one team gets that submits whenever it may, day by day."""
    sent: dict[str, float] = defaultdict(int)
    for day in range(days + 1):
        month = "may" if day < 3 else "june"
        sent[month] = min(sent[month] + (daily or inf), monthly or inf)
    return min(sum(sent.values()), total or inf)


def test_months_of_both_add_up():
    task = make_task(opens_at=LATE_IN_MAY, closes_at=None)
    set_rules(task.round, replace(Rules.of(task.round), monthly=3))
    into, gone = make_entrant(task), make_entrant(task)
    with clock.at(LATE_IN_MAY):
        for entrant in (into, gone):
            scored(entrant)
    with clock.at(LATE_IN_MAY + 3 * DAY):
        scored(gone)

        merge_entrants(into, gone)
        into.members.last().delete()
        scored(into)
        scored(into)
        over = refused(lambda: offer(into))

    assert (used(into, "2026-05"), used(into, "2026-06"), used(into, TOTAL), over) == (2, 3, 5, "challenges.quota")


def test_two_who_used_more_than_a_months_attempts_wait_for_the_next():
    task = make_task(opens_at=LATE_IN_MAY, closes_at=None)
    set_rules(task.round, replace(Rules.of(task.round), monthly=2))
    into, gone = make_entrant(task), make_entrant(task)
    with clock.at(LATE_IN_MAY):
        for entrant in (into, gone, gone):
            scored(entrant)
        assert refused(lambda: merge_entrants(into, gone)) == "merge.quota"

    with clock.at(LATE_IN_MAY + 3 * DAY):
        merge_entrants(into, gone)

    assert used(into, TOTAL) == 3


@pytest.mark.django_db(transaction=True)
def test_who_submits_while_teams_merge_never_gets_more_than_one_team_has():
    task = make_task(total=4)
    into, gone = make_entrant(task), make_entrant(task)
    for entrant in (into, gone):
        scored(entrant)
    both = [(entrant, member(entrant)) for entrant in (into, gone)]

    def send(entrant, person):
        with clock.at(START):
            return submit(entrant, by=person, upload=predictions())

    def merge():
        with clock.at(START):
            return merge_entrants(*(Entrant.objects.get(pk=entrant.pk) for entrant, _ in both))

    race(merge, *(lambda one=one: send(*one) for one in both * 3))

    merged = not Entrant.objects.filter(pk=gone.pk).exists()
    there = Submission.objects.filter(entrant__task=task)
    assert used(into, TOTAL) <= 4
    assert used(into, TOTAL) == there.filter(entrant=into).count()
    assert merged == (EntrantMember.objects.filter(entrant=into).count() == 2)
    if merged:
        assert there.count() == used(into, TOTAL)
    assert all(isinstance(row.number, int) for row in there)
