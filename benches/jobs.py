"""How many jobs a second the queue does, on the database that DATABASE_URL names: `python benches/jobs.py [JOBS]`.

It works on a database of its own (a test database), with one worker and then with two, and prints one line each.
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

from dure.jobs.models import Job, JobState  # noqa: E402 -- after the settings
from dure.jobs.operations import enqueue  # noqa: E402
from dure.jobs.registry import task  # noqa: E402
from dure.jobs.worker import drain  # noqa: E402


@task("bench.nothing")
def nothing() -> None:
    """What is left is the queue's own cost."""


def work() -> None:
    drain(["bench.nothing"])
    connection.close()


def measure(workers: int, jobs: int) -> float:
    """Jobs a second, from the first claim to the last acknowledgement."""
    with transaction.atomic():
        for _ in range(jobs):
            enqueue("bench.nothing")
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


def main() -> None:
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=[])
    try:
        for workers in (1, 2):
            rate = measure(workers, jobs)
            sys.stdout.write(f"{connection.vendor}: {workers} worker(s), {rate:.0f} jobs/s\n")
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
