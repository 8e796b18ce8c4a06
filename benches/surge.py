"""The last minute of a round, on the database that DATABASE_URL names: `dure bench surge [CALM [SURGE [RATE]]]`.

Entrants submit RATE times a second (2) for CALM seconds (30) and ten times that for SURGE seconds (60) before the
deadline, while two workers score and one of them is killed every five seconds. Prints what was receipted, scored and
lost, and how long the scores of the surge took. Exits with an error where a receipt has no score.
"""

import io
import multiprocessing
import os
import sys
import time
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import uuid4

import django
from django.conf import settings
from django.db import connection, connections
from django.db.models.functions import Now
from django.test.utils import get_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from dure.challenges.measures import Measure
from dure.challenges.models import UNJUDGED, Entrant, Submission
from dure.challenges.operations import add_task, enter, open_round, submit
from dure.challenges.queueing import SCORE
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.jobs.models import Job, JobState
from dure.jobs.worker import serve
from dure.people.models import Person

ROWS, ENTRANTS, HANDS, WORKERS, KILL_EVERY = 1000, 100, 4, 2, 5.0
FILE = "id,label\n" + "".join(f"{row},{row % 2}\n" for row in range(ROWS))
FORK = multiprocessing.get_context("fork")


def made(closes_at: datetime) -> list[Entrant]:
    host = Person.objects.create(email=f"{uuid4()}@example.org", name="Host")
    round_ = open_round(Text(ko="라운드", en="Round"), by=host, closes_at=closes_at)
    task = add_task(round_, labels=io.BytesIO(FILE.encode()), measure=Measure("accuracy"))
    people = [Person.objects.create(email=f"{uuid4()}@example.org", name=str(n)) for n in range(ENTRANTS)]
    return [enter(task, persons=[person]) for person in people]


def hand_in(entrants: list[Entrant], surge_at: datetime, rate: float, receipts: "multiprocessing.Queue[int]") -> None:
    """Submit until the round says that it is closed; then tell how many receipts there were."""
    taken, due = 0, time.perf_counter()
    try:
        while True:
            entrant = entrants[taken % len(entrants)]
            submit(entrant, by=entrant.members.get().person, upload=io.BytesIO(FILE.encode()))
            taken += 1
            due += HANDS / rate / (10 if clock.now() >= surge_at else 1)
            time.sleep(max(0.0, due - time.perf_counter()))
    except Refused:
        receipts.put(taken)


def hired() -> BaseProcess:
    connections.close_all()
    worker = FORK.Process(target=serve, args=(lambda: False, [SCORE]))
    worker.start()
    return worker


def kill_one(crew: list[BaseProcess]) -> None:
    """As if its machine went down: the lease ends, another takes its place."""
    victim = crew.pop(0)
    victim.kill()
    victim.join()
    held = Job.objects.filter(state=JobState.RUNNING, worker__endswith=f":{victim.pid}")
    held.update(leased_until=Now() - timedelta(seconds=1))
    crew.append(hired())


def measure(calm: float, surge: float, rate: float) -> bool:
    closes_at = clock.now() + timedelta(seconds=calm + surge)
    surge_at = closes_at - timedelta(seconds=surge)
    entrants = made(closes_at)
    receipts: multiprocessing.Queue[int] = multiprocessing.Queue()
    crew = [hired() for _ in range(WORKERS)]
    connections.close_all()
    hands = [FORK.Process(target=hand_in, args=(entrants[n::HANDS], surge_at, rate, receipts)) for n in range(HANDS)]
    for hand in hands:
        hand.start()
    kills, killed_at = 0, time.perf_counter()
    while any(hand.is_alive() for hand in hands) or Submission.objects.filter(state__in=UNJUDGED).exists():
        if time.perf_counter() - killed_at > KILL_EVERY and clock.now() < closes_at:
            kill_one(crew)
            kills, killed_at = kills + 1, time.perf_counter()
        time.sleep(0.1)
    for worker in crew:
        worker.kill()
    taken = sum(receipts.get() for _ in hands)
    return told(taken, kills, surge_at)


def told(taken: int, kills: int, surge_at: datetime) -> bool:
    scored = Submission.objects.filter(state="scored")
    times = scored.filter(received_at__gte=surge_at).values_list("received_at", "judged_at")
    waits = sorted((judged - received).total_seconds() for received, judged in times if judged)
    sys.stdout.write(
        f"{connection.vendor}: {taken} receipts, {len(waits)} of them in the surge, {scored.count()} scored, "
        f"{taken - scored.count()} lost, {kills} workers killed; "
        f"wait in the surge p50 {median(waits):.1f} s, p95 {waits[int(len(waits) * 0.95)]:.1f} s\n"
    )
    return taken == scored.count()


def main() -> None:
    calm, surge, rate = (float(word) for word in (*sys.argv[1:], *("30", "60", "2")[len(sys.argv) - 1 :]))
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=[])
    try:
        with TemporaryDirectory(dir=settings.HOME) as folder:
            settings.MEDIA_ROOT = Path(folder)
            whole = measure(calm, surge, rate)
    finally:
        runner.teardown_databases(databases)
    if not whole:
        raise SystemExit("a receipt has no score")


if __name__ == "__main__":
    main()
