"""How many jobs a second the queue does, on the database that DATABASE_URL names: `dure bench jobs [JOBS [WAITING]]`.

It works on a database of its own (a test database) and prints a line each: one worker and two; one worker while
WAITING other jobs stand in the queue (100,000 unless told), of one flooding lane and of ten thousand lanes; and how
long the job of a newcomer waits then.
"""

import multiprocessing
import os
import sys
import time

import django
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import get_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from dure.jobs.leases import claim, fenced
from dure.jobs.models import Job, JobState, Lane
from dure.jobs.operations import enqueue
from dure.jobs.registry import task
from dure.jobs.worker import drain

NOTHING = "bench.nothing"


@task(NOTHING)
def nothing() -> None:
    """What is left is the queue's own cost."""


def work() -> None:
    drain([NOTHING])
    connection.close()


def measure(workers: int, jobs: int) -> float:
    """Jobs a second, from the first claim to the last acknowledgement."""
    with transaction.atomic():
        for _ in range(jobs):
            enqueue(NOTHING)
    connection.close()
    crew = [multiprocessing.Process(target=work) for _ in range(workers)]
    start = time.perf_counter()
    for process in crew:
        process.start()
    for process in crew:
        process.join()
    seconds = time.perf_counter() - start
    if Job.objects.exclude(state=JobState.DONE).exists():
        raise SystemExit("not everything was done")
    return jobs / seconds


def crowd(jobs: int, lanes: int) -> None:
    """Jobs that wait in so many lanes of one share."""
    Job.objects.all().delete()
    rows = [Lane(name=f"lane {number}", at_once=1) for number in range(lanes)]
    Lane.objects.all().delete()
    Lane.objects.bulk_create(rows, batch_size=1000)
    waiting = []
    for number in range(jobs):
        first = number < lanes
        place = {"state": JobState.READY, "slot": 0, "turn": number} if first else {"state": JobState.HELD}
        waiting.append(Job(task=NOTHING, share="crowd", lane=rows[number % lanes], most_attempts=5, **place))
    Job.objects.bulk_create(waiting, batch_size=1000)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE jobs_job")


def measure_in_crowd(jobs: int) -> tuple[float, int]:
    """Jobs a second, and how many were done before a newcomer's."""
    newcomer = enqueue(NOTHING, share="newcomer", lane="newcomer")
    position = None
    start = time.perf_counter()
    for number in range(jobs):
        claimed = claim("bench")
        if claimed is None:
            raise SystemExit("the crowd went home")
        if claimed.job == newcomer.pk:
            position = number
        with fenced(claimed):
            pass
    if position is None:
        raise SystemExit("the newcomer was forgotten")
    return jobs / (time.perf_counter() - start), position


def main() -> None:
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    waiting = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=[])
    try:
        for workers in (1, 2):
            rate = measure(workers, jobs)
            sys.stdout.write(f"{connection.vendor}: {workers} worker(s), {rate:.0f} jobs/s\n")
        for lanes in (1, 10_000):
            crowd(waiting, lanes)
            rate, before = measure_in_crowd(jobs)
            line = (
                f"1 worker, {waiting:,} waiting in {lanes:,} lane(s), {rate:.0f} jobs/s, {before} before a newcomer's"
            )
            sys.stdout.write(f"{connection.vendor}: {line}\n")
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
