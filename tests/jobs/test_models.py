"""The queue's states: constraints, and every walk that operations and workers can take."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dure.core.errors import Refused
from dure.jobs import leases
from dure.jobs.models import JOB_MOVES, MESSAGE_MOVES, Job, JobState, MessageState
from dure.jobs.operations import cancel, enqueue, retry
from tests.jobs import witness  # noqa: F401 -- registers the tasks
from tests.jobs.conftest import end_lease

EVENTS = ["claim", "finish", "fault", "release", "lease ends", "cancel", "retry", "time passes"]


def test_every_state_is_on_the_map():
    reached = {state for nexts in JOB_MOVES.values() for state in nexts}

    assert reached | set(JOB_MOVES) == set(JobState)
    assert {state for nexts in MESSAGE_MOVES.values() for state in nexts} == set(MessageState)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"state": "lost"}, {"state": "running"}])
def test_a_state_off_the_map_or_without_its_lease_is_kept_out_by_the_database(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(task="witness.closed", most_attempts=1, **wrong)


class Walks(TestCase):
    @limits(max_examples=60, deadline=None)
    @given(st.lists(st.sampled_from(EVENTS), max_size=12))
    def test_whatever_happens_a_job_only_walks_its_map(self, events):
        job = enqueue("witness.closed", lane="walker", most_attempts=2)
        claim = None

        for event in events:
            before = Job.objects.get()
            try:
                claim = happen(event, before, claim) or claim
            except (Refused, leases.Lost):
                assert Job.objects.values().get() == Job.objects.filter(pk=before.pk).values().get()
            after = Job.objects.get()
            steps = {before.state} | JOB_MOVES.get(before.state, frozenset())
            one_more = {last for step in steps for last in JOB_MOVES.get(step, frozenset())}
            assert after.state in steps | (one_more if event == "claim" else set())  # a claim reaps first
            assert after.token >= before.token
            assert after.attempts <= after.most_attempts
            assert after.state == JobState.RUNNING or after.leased_until is None
        assert Job.objects.get().pk == job.pk


def happen(event, job, claim):
    match event:
        case "claim":
            return leases.claim("walker")
        case "finish" if claim:
            with leases.fenced(claim):
                pass
        case "fault" if claim:
            leases.set_back(claim, RuntimeError("no"))
        case "release" if claim:
            leases.release(claim)
        case "lease ends" if job.state == JobState.RUNNING and claim:
            end_lease(claim)
        case "cancel":
            cancel(job)
        case "retry":
            retry(job)
        case "time passes":
            Job.objects.update(run_at=job.enqueued_at)
    return None
