"""What taking a submission costs, on the database that DATABASE_URL names: `python benches/submitting.py [NUMBER]`.

Requests of many entrants with a token and an idempotency key reach the API as web workers get them, in one process, two
and four that are warm; each is answered with a receipt that is on the disk. Prints processor time, how often the
database is asked, and the rate beside that of the least a receipt needs: a file on the disk and one row committed.
"""

import io
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, get_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from benches._table import show
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.challenges import files
from dure.challenges.measures import Measure
from dure.challenges.models import Submission, Task
from dure.challenges.operations import add_task, enter, open_round
from dure.core.text import Text
from dure.people.models import Person
from dure.people.operations import issue_token
from dure.store.transactions import durable

ROWS, ENTRANTS, WARM = 1000, 50, 20
FILE = "id,label\n" + "".join(f"{row},{row % 2}\n" for row in range(ROWS))


def made() -> tuple[str, list[str]]:
    """The task's id, and a token of each entrant."""
    host = Person.objects.create(email=f"host-{uuid4()}@example.org", name="Host")
    labels = io.BytesIO(FILE.encode())
    task = add_task(open_round(Text(ko="라운드", en="Round"), by=host), labels=labels, measure=Measure("accuracy"))
    return str(task.pk), [_token(task, number) for number in range(ENTRANTS)]


def _token(task: Task, number: int) -> str:
    person = Person.objects.create(email=f"{number}-{task.pk}@example.org", name=f"Person {number}")
    enter(task, persons=[person])
    return issue_token(person, name="bench").secret


def submit(task: str, tokens: list[str], turns: range) -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    for turn in turns:
        headers = {"Authorization": f"Bearer {tokens[turn % len(tokens)]}", "Idempotency-Key": str(uuid4())}
        file = SimpleUploadedFile("predictions.csv", FILE.encode())
        answer = client.post(f"/api/v1/tasks/{task}/submissions", {"file": file}, headers=headers)
        if answer.status_code != 201:
            raise SystemExit(answer.content.decode())


def keep(turns: range) -> None:
    """The least that a receipt needs."""
    for _ in turns:
        upload = files.store(io.BytesIO(FILE.encode()), most_bytes=1 << 20)
        with durable():
            upload.save(force_insert=True)


def rate(
    act: Callable[[list[str], range], None], processes: int, number: int, tokens: list[str]
) -> tuple[float, float]:
    """How often a second ``processes`` do it that are warm, and the processor time of one in milliseconds."""
    connection.close()
    spawn = multiprocessing.get_context("fork")
    ready, spent = spawn.Barrier(processes + 1), spawn.SimpleQueue()

    def work(share: list[str]) -> None:
        act(share, range(WARM))
        ready.wait()
        began = time.process_time()
        act(share, range(WARM, WARM + number))
        spent.put(time.process_time() - began)
        connection.close()

    crew = [spawn.Process(target=work, args=(tokens[turn::processes],)) for turn in range(processes)]  # apart
    for process in crew:
        process.start()
    ready.wait()
    start = time.perf_counter()
    for process in crew:
        process.join()
    seconds = time.perf_counter() - start
    cost = sum(spent.get() for _ in crew)
    return processes * number / seconds, cost / (processes * number) * 1000


def measure(processes: int, number: int) -> tuple[str, ...]:
    task, tokens = made()
    ours, cost = rate(lambda share, turns: submit(task, share, turns), processes, number, tokens)
    if Submission.objects.filter(entrant__task=task).count() != processes * (WARM + number):
        raise SystemExit("not every submission was taken")
    least, _ = rate(lambda _, turns: keep(turns), processes, number, tokens)
    return str(processes), f"{cost:.1f}", f"{ours:.0f}", f"{least:.0f}", f"{ours / least:.2f}"


def asked() -> int:
    """Statements of one submission, those that begin and end transactions included."""
    task, tokens = made()
    submit(task, tokens, range(len(tokens)))
    with CaptureQueriesContext(connection) as statements:
        submit(task, tokens, range(1))
    return len(statements)


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=[])
    try:
        with TemporaryDirectory(dir=settings.HOME) as folder:
            settings.MEDIA_ROOT = Path(folder)
            title = f"{connection.vendor}, {asked()} statements a submission"
            rows = [measure(processes, number) for processes in (1, 2, 4)]
        show(title, ("processes", "ms each", "submissions/s", "least/s", "ratio"), rows)
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
