"""Workers that are killed while they judge a round again: every attempt has its new verdict, none has two."""

import pytest

from dure.challenges.models import NewVerdict, Proposal, Submission
from dure.challenges.operations.proposing import propose
from dure.jobs.models import Job
from dure.jobs.worker import drain
from tests.challenges import test_survival
from tests.challenges.conftest import make_entrant, make_task, offer, predictions
from tests.challenges.operations.test_rejudging import turned_labels
from tests.challenges.test_survival import at_work, take_back
from tests.jobs.test_worker import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
hire = test_survival.hire
ENTRANTS, EACH, KILLS = 8, 5, 3
JOBS = ["challenges.collect", "challenges.rejudge", "challenges.finish-rejudging"]


def test_workers_killed_at_random_judge_every_attempt_once(hire):
    task = make_task(opens_at=None, closes_at=None)
    for _ in range(ENTRANTS):
        entrant = make_entrant(task)
        for attempt in range(EACH):
            offer(entrant, predictions(public=attempt % 5, final=attempt % 7))
    drain()
    live = list(Submission.objects.order_by("pk").values_list("public_score", flat=True))
    proposal = propose(task, turned_labels(), by=task.round.organisers.get(), why="labels were swapped")
    crew = {process.pid: process for process in (hire("--tasks", *JOBS) for _ in range(2))}

    for _ in range(KILLS):
        wait_for(lambda: at_work(crew) or is_through())
        for victim in at_work(crew)[:1]:
            crew.pop(victim).kill()
            heir = hire("--tasks", *JOBS)
            crew[heir.pid] = heir
            take_back(victim)
    wait_for(is_through)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.collected, proposal.judged) == ("ready", ENTRANTS * EACH, ENTRANTS * EACH)
    rows = NewVerdict.objects.order_by("submission").values_list("public_score", flat=True)
    assert [round(score, 6) for score in rows] == [round(1 - score, 6) for score in live]
    assert list(Submission.objects.order_by("pk").values_list("public_score", flat=True)) == live
    assert Job.objects.filter(task__in=JOBS, attempts__gt=1).exists()  # the kills did strike


def is_through() -> bool:
    return Proposal.objects.exclude(state__in=["collecting", "judging"]).exists()
