"""Shares are served in turn and lanes a few at a time, whatever each has waiting."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dure.core import clock
from dure.jobs import leases
from dure.jobs.models import Job, JobState, Lane
from dure.jobs.operations import cancel, enqueue, prune, retry
from dure.jobs.turns import ADMITTED_AT_ONCE
from tests.jobs import witness  # noqa: F401 -- registers the tasks
from tests.jobs.conftest import end_lease

pytestmark = pytest.mark.django_db
TASK = "witness.closed"


def add(**place):
    return enqueue(TASK, **{"most_attempts": 5, **place})


def do_next(queue=""):
    """Claim and finish the next job; which it was."""
    claim = leases.claim("worker", queue=queue)
    if claim is None:
        return None
    with leases.fenced(claim):
        pass
    return Job.objects.select_related("lane").get(pk=claim.job)


def order(by):
    return [by(job) for job in iter(do_next, None)]


def lane_of(job):
    return job.lane.name


def share_of(job):
    return job.share


def test_one_share_is_first_come_first_served():
    jobs = [add() for _ in range(5)]

    assert order(lambda job: job.pk) == [job.pk for job in jobs]


def test_a_flooder_does_not_delay_another_lane_beyond_one_turn():
    for _ in range(200):
        add(lane="flooder", at_once=2)
    add(lane="other")

    assert order(lane_of).index("other") == 2


def test_shares_take_turns_however_much_one_of_them_has():
    for share in ["large"] * 6 + ["small"] * 3:
        add(share=share)

    assert order(share_of) == ["large", "small"] * 3 + ["large"] * 3


def test_each_step_of_priority_doubles_how_often_a_share_is_served():
    for _ in range(60):
        add(share="usual")
        add(share="urgent", priority=2)

    served = Counter(share_of(do_next()) for _ in range(50))

    assert served == {"urgent": 40, "usual": 10}


def test_urgent_work_does_not_wait_for_what_its_share_has_already():
    for _ in range(9):
        add(share="round")
    urgent = add(share="round", priority=2)

    assert do_next().pk != urgent.pk
    assert do_next().pk == urgent.pk


def test_what_has_no_hurry_is_served_all_the_same():
    add(share="letters", priority=-3)
    add(share="letters", priority=-3)
    waiting = 0
    add(share="usual")

    while {"letters"} & set(Job.objects.filter(state=JobState.READY).values_list("share", flat=True)):
        add(share="usual")
        waiting += share_of(do_next()) == "usual"

    assert waiting == 8


def test_a_lane_that_is_full_holds_its_jobs_and_lets_them_go_one_by_one():
    first, second, third = (add(lane="one") for _ in range(3))

    assert states(first, second, third) == ["ready", "held", "held"]
    do_next()
    assert states(first, second, third) == ["done", "ready", "held"]
    cancel(Job.objects.get(pk=second.pk))
    assert states(first, second, third) == ["done", "cancelled", "ready"]


def states(*jobs):
    return [Job.objects.get(pk=job.pk).state for job in jobs]


def test_a_job_that_fails_for_good_lets_the_next_of_its_lane_go():
    failing, after = add(lane="one", most_attempts=1), add(lane="one")

    leases.set_back(leases.claim("worker"), RuntimeError("no"))

    assert states(failing, after) == ["failed", "ready"]


def test_a_job_whose_lease_ended_for_the_last_time_lets_the_next_of_its_lane_go():
    failing, after = add(lane="one", most_attempts=1), add(lane="one")

    end_lease(leases.claim("worker"))
    claim = leases.claim("worker")

    assert (states(failing), claim.job) == (["failed"], after.pk)


def test_a_job_that_is_tried_again_keeps_its_lane_to_itself():
    failing, after = add(lane="one"), add(lane="one")

    leases.set_back(leases.claim("worker"), RuntimeError("no"))

    assert states(failing, after) == ["ready", "held"]
    assert leases.claim("worker") is None


def test_a_failed_job_stands_in_its_lane_again():
    failed, after = add(lane="one", most_attempts=1), add(lane="one")
    leases.set_back(leases.claim("worker"), RuntimeError("no"))

    retry(Job.objects.get(pk=failed.pk))

    assert states(failed, after) == ["held", "ready"]
    assert order(lambda job: job.pk) == [after.pk, failed.pk]


def test_a_released_job_keeps_its_place():
    first = add()
    add()

    leases.release(leases.claim("worker"))

    assert do_next().pk == first.pk


def test_a_lane_that_may_do_more_does_more():
    add(lane="one", at_once=1)
    add(lane="one", at_once=3)

    assert (leases.claim("a") is not None, leases.claim("b") is not None) == (True, True)


def test_the_database_itself_keeps_a_slot_from_two_jobs():
    job = add(lane="one")
    held = add(lane="one")

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=held.pk).update(state=JobState.READY, slot=job.slot)


def test_queues_do_not_touch_each_other():
    theirs, ours = add(queue="lab"), add()

    assert (do_next().pk, do_next(), do_next("lab").pk) == (ours.pk, None, theirs.pk)


def test_jobs_of_a_lane_have_no_moment():
    with pytest.raises(ValueError, match="when its turn comes"):
        add(lane="one", run_at=clock.now() + timedelta(hours=1))


def test_priorities_are_bounded():
    with pytest.raises(ValueError, match="priority"):
        add(priority=11)


def test_a_crowd_whose_moment_has_come_is_let_in_some_at_a_time():
    moment = clock.now() + timedelta(hours=1)
    for _ in range(ADMITTED_AT_ONCE + 5):
        add(run_at=moment)

    with clock.at(moment):
        newcomer = add(share="other")
        first, second = do_next(), do_next()
        done = 2 + len(order(share_of))

    assert newcomer.pk in (first.pk, second.pk)
    assert done == ADMITTED_AT_ONCE + 6


def test_lanes_without_jobs_are_forgotten():
    add(lane="gone")
    do_next()
    add(lane="here")

    prune(before=clock.now() + timedelta(seconds=1))

    assert list(Lane.objects.values_list("name", flat=True)) == ["here"]


def test_lanes_hold_under_many_hands(tables):
    for number in range(40):
        add(lane=f"lane {number % 2}", at_once=2)
    together, most = threading.Barrier(3), Counter()

    def work(name):
        together.wait()
        try:
            while (claim := leases.claim(name)) or Job.objects.exclude(state=JobState.DONE).exists():
                if claim is None:
                    time.sleep(0.005)
                    continue
                running = Job.objects.filter(state=JobState.RUNNING).values_list("lane__name", flat=True)
                for lane, n in Counter(running).items():
                    most[lane] = max(most[lane], n)
                with leases.fenced(claim):
                    pass
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, "abc"))

    assert all(n <= 2 for n in most.values())
    assert set(Job.objects.values_list("state", "attempts")) == {(JobState.DONE, 1)}


def test_jobs_that_come_into_a_lane_while_others_leave_it_are_never_forgotten(tables):
    """A job that finds its lane full, and one that leaves it, at the very same moment."""

    def ask(_):
        try:
            for _ in range(15):
                add(lane="one")
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask, n) for n in range(3)]
        while not all(one.done() for one in asking):
            if do_next() is None:
                time.sleep(0.005)  # whoever asks without a pause keeps SQLite's one writer from everybody else
    for one in asking:
        one.result()
    order(lane_of)

    assert Counter(Job.objects.values_list("state", flat=True)) == {JobState.DONE: 45}


class Fairness(TestCase):
    @limits(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 3)), min_size=1, max_size=25), st.integers(1, 3))
    def test_nobody_is_overtaken_twice_by_the_same_lane_slot(self, arrivals, at_once):
        """Of jobs that wait together, no other lane gets more than its ``at_once`` in before a lane's first."""
        Job.objects.all().delete()
        for share, lane in arrivals:
            add(share=share, lane=f"{share}{lane}", at_once=at_once)

        served = order(lane_of)

        assert Counter(served) == Counter(f"{share}{lane}" for share, lane in arrivals)
        for lane in set(served):
            before = Counter(other for other in served[: served.index(lane)] if other[0] == lane[0])
            assert all(n <= at_once for n in before.values())

    @limits(max_examples=40, deadline=None)
    @given(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=30))
    def test_shares_that_wait_together_never_differ_by_more_than_one(self, arrivals):
        Job.objects.all().delete()
        for share in arrivals:
            add(share=share)
        waiting, served = Counter(arrivals), Counter()

        for share in order(share_of):
            served[share] += 1
            hungry = [other for other in waiting if served[other] < waiting[other]]
            assert all(served[share] <= served[other] + 1 for other in hungry)
        assert served == waiting
