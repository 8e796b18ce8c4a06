"""What taking a submission costs, on the database that DATABASE_URL names: `python benches/submitting.py [NUMBER]`.

Requests of many entrants with a token and an idempotency key reach the API as web workers get them, first in one
process and then in two; each is answered with a receipt that is on the disk. Prints processor time and rate.
"""

import io
import multiprocessing
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import get_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402 -- after the settings

from dure.challenges.measures import Measure  # noqa: E402
from dure.challenges.models import Submission, Task  # noqa: E402
from dure.challenges.operations import add_task, enter, open_round  # noqa: E402
from dure.core.text import Text  # noqa: E402
from dure.people.models import Person  # noqa: E402
from dure.people.operations import issue_token  # noqa: E402

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


def submit(task: str, tokens: list[str], number: int) -> float:
    """So many submissions in turn; returns the processor time of one in seconds, after some to warm up."""
    client = Client(SERVER_NAME="127.0.0.1")
    began = 0.0
    for turn in range(WARM + number):
        if turn == WARM:
            began = time.process_time()
        headers = {"Authorization": f"Bearer {tokens[turn % len(tokens)]}", "Idempotency-Key": str(uuid4())}
        file = SimpleUploadedFile("predictions.csv", FILE.encode())
        answer = client.post(f"/api/v1/tasks/{task}/submissions", {"file": file}, headers=headers)
        if answer.status_code != 201:
            raise SystemExit(answer.content.decode())
    return (time.process_time() - began) / number


def work(task: str, tokens: list[str], number: int) -> None:
    cost = submit(task, tokens, number)
    sys.stdout.write(f"  {cost * 1000:.1f} ms of processor time a submission\n")
    connection.close()


def measure(processes: int, number: int) -> float:
    """Submissions a second, the ones to warm up included."""
    task, tokens = made()
    connection.close()
    shares = [tokens[turn::processes] for turn in range(processes)]  # nobody submits twice at a time
    crew = [multiprocessing.Process(target=work, args=(task, share, number)) for share in shares]
    start = time.perf_counter()
    for process in crew:
        process.start()
    for process in crew:
        process.join()
    seconds = time.perf_counter() - start
    if Submission.objects.filter(entrant__task=task).count() != processes * (WARM + number):
        raise SystemExit("not every submission was taken")
    return processes * (WARM + number) / seconds


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=[])
    try:
        with TemporaryDirectory(dir=settings.HOME) as folder:
            settings.MEDIA_ROOT = Path(folder)
            for processes in (1, 2):
                rate = measure(processes, number)
                sys.stdout.write(f"{connection.vendor}: {processes} process(es), {rate:.0f} submissions/s\n")
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
