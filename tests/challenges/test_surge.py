"""The last moments of a round: ten times the rate, workers killed meanwhile. What came in time has its score."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import cycle
from threading import Event

import pytest
from django.db import connection

from dure.challenges.models import Submission
from dure.challenges.operations import submit
from dure.challenges.queueing import SCORE
from dure.core import clock
from dure.core.errors import Refused
from dure.jobs.models import Job, JobState
from tests.challenges.conftest import make_entrant, make_task, member, predictions
from tests.challenges.test_survival import at_work, hire, left, take_back  # noqa: F401 -- hire is a fixture
from tests.jobs.test_worker import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
CALM, SURGE = (float(seconds) for seconds in os.environ.get("SURGE", "3 3").split())  # seconds before the deadline
RATE = 4  # submissions a second while it is calm
HANDS, ENTRANTS = 4, 24


def test_what_comes_in_time_has_a_receipt_and_a_score_and_what_is_late_has_neither(hire):  # noqa: F811 -- as above
    start = clock.now()
    deadline = start + timedelta(seconds=CALM + SURGE)
    task = make_task(opens_at=None, closes_at=deadline)
    entrants = [make_entrant(task) for _ in range(ENTRANTS)]
    crew = {process.pid: process for process in (hire(), hire())}
    over = Event()

    with ThreadPoolExecutor(HANDS) as pool:
        posting = [pool.submit(post_until_closed, entrants[n::HANDS], deadline) for n in range(HANDS)]
        while not all(one.done() for one in posting):
            for victim in at_work(crew)[:1]:
                crew.pop(victim).kill()
                heir = hire()
                crew[heir.pid] = heir
                take_back(victim)
            over.wait(0.7)
        receipts = [receipt for one in posting for receipt in one.result()]
    wait_for(lambda: settled(crew))

    assert len(receipts) > 2 * CALM * RATE  # it was a surge
    assert {receipt.id for receipt in receipts} == set(Submission.objects.values_list("pk", flat=True))
    assert set(Submission.objects.values_list("state", flat=True)) == {"scored"}
    assert all(receipt.received_at < deadline for receipt in receipts)


def post_until_closed(entrants, deadline):
    """Receipts, until the round says that it is closed."""
    receipts = []
    try:
        with pytest.raises(Refused) as late:
            for number, entrant in enumerate(cycle(entrants)):
                receipts.append(submit(entrant, by=member(entrant), upload=predictions(number % 5)))
                calm = deadline - clock.now() > timedelta(seconds=SURGE)
                time.sleep(HANDS / RATE / (1 if calm else 10))
    finally:
        connection.close()
    assert late.value.code == "challenges.closed"
    return receipts


def settled(crew) -> bool:
    """Whether everything is judged; jobs whose process was killed between two looks are taken back."""
    alive = {pid for pid, process in crew.items() if process.poll() is None}
    for worker in Job.objects.filter(task=SCORE, state=JobState.RUNNING).values_list("worker", flat=True):
        pid = int(worker.rsplit(":", 1)[1])
        if pid not in alive:
            take_back(pid)
    return not left()
