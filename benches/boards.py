"""How long a page of a leaderboard takes: `python benches/boards.py [SUBMISSIONS]` (default 200,000, ten an entrant).

It works on a database of its own (a test database) on the server that DATABASE_URL names. The ratio is against what
is usually done: the best of each entrant by a window function over all submissions, ranked per request.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from statistics import median
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import get_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from dure.challenges.models import Best, Entrant, Round, Submission, SubmissionState, Task, Upload
from dure.challenges.queries import board, own_row
from dure.challenges.ranks import rank_of
from dure.core.ids import uuid7
from dure.people.models import Person

EACH, PAGE, REPEATS = 10, 50, 20
START = datetime(2026, 5, 1, tzinfo=UTC)
PER_REQUEST = """
SELECT entrant_id, public_score FROM (
  SELECT s.entrant_id, s.public_score, s.received_at,
         row_number() OVER (PARTITION BY s.entrant_id ORDER BY s.public_score DESC, s.received_at) AS nth
  FROM challenges_submission s JOIN challenges_entrant e ON e.id = s.entrant_id
  WHERE e.task_id = %s AND s.state = 'scored') AS attempts
WHERE nth = 1 ORDER BY public_score DESC, received_at LIMIT 50
"""


def score(number: int) -> float:
    """Scores that repeat, so that ties occur: thousandths in a scrambled order."""
    return number * 7919 % 1000 / 1000


def fill(submissions: int, *, each: int = EACH) -> Task:
    """A task with so many scored submissions, ``each`` of an entrant."""
    person = Person.objects.create(email="bench@example.org")
    upload = Upload.objects.create(sha256="", size=0)
    round_ = Round.objects.create(title_ko="측정", title_en="bench")
    task = Task.objects.create(
        round=round_, metric="accuracy", greater_is_better=True, id_column="id", columns=["label"], rows=1,
        labels=upload, most_bytes=1,
    )  # fmt: skip
    for first in range(0, submissions // each, 5_000):
        numbers = range(first, min(first + 5_000, submissions // each))
        entrants = Entrant.objects.bulk_create([Entrant(task=task, title=str(n), attempts=each) for n in numbers])
        rows = [
            _attempt(entrant, n * each + attempt, attempt, upload)
            for n, entrant in zip(numbers, entrants, strict=True)
            for attempt in range(each)
        ]
        Submission.objects.bulk_create((Submission(**row, by=person) for row in rows), batch_size=5_000)
        Best.objects.bulk_create(_best(task, rows[place : place + each]) for place in range(0, len(rows), each))
    return task


def _attempt(entrant: Entrant, whole: int, attempt: int, upload: Upload) -> dict[str, Any]:
    return {
        "id": uuid7(), "entrant": entrant, "number": attempt + 1, "upload": upload, "period": "",
        "state": SubmissionState.SCORED, "received_at": START + timedelta(seconds=whole), "public_score": score(whole),
    }  # fmt: skip


def _best(task: Task, attempts: list[dict[str, Any]]) -> Best:
    top = max(attempts, key=lambda one: (one["public_score"], -one["number"]))
    rank, at = rank_of(top["public_score"], greater_is_better=True), top["received_at"]
    return Best(
        entrant=top["entrant"], task=task, best_id=top["id"], public_rank=rank, public_at=at, counting_id=top["id"],
        final_rank=rank, final_at=at,
    )  # fmt: skip


def milliseconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    def once() -> float:
        start = time.perf_counter()
        work()
        return (time.perf_counter() - start) * 1000

    return median(once() for _ in range(repeats))


def per_request(task: Task) -> list[tuple[object, ...]]:
    key = task.pk.hex if connection.vendor == "sqlite" else task.pk
    with connection.cursor() as cursor:
        cursor.execute(PER_REQUEST, [key])
        return cursor.fetchall()


def as_csv(task: Task, entrants: int) -> None:
    answer = Client(SERVER_NAME="127.0.0.1").get(f"/api/v1/tasks/{task.pk}/board.csv")
    if answer.status_code != HTTPStatus.OK or answer.content.count(b"\r\n") != entrants + 1:
        raise SystemExit("the file does not hold the whole board")


def main() -> None:
    submissions = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=[])
    try:
        report(fill(submissions), submissions)
    finally:
        runner.teardown_databases(databases)


def report(task: Task, submissions: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    task = Task.objects.select_related("round").get(pk=task.pk)
    pages = [board(task, viewer=None, limit=PAGE)]
    while pages[-1].next and len(pages) < submissions // EACH // PAGE // 2:
        pages.append(board(task, viewer=None, limit=PAGE, after=pages[-1].next))
    deep = pages[-1]
    middle = Entrant.objects.select_related("task__round").get(pk=deep.rows[-1].entrant)
    usual = milliseconds(lambda: per_request(task), repeats=3)
    same = [row.score for row in pages[0].rows] == [score_ for _, score_ in per_request(task)]
    rows = {
        "first page": milliseconds(lambda: board(task, viewer=None, limit=PAGE)),
        f"page {len(pages)}": milliseconds(lambda: board(task, viewer=None, limit=PAGE, after=pages[-2].next)),
        "own row, counted, in the middle": milliseconds(lambda: own_row(middle, viewer=None)),
        "the whole board as CSV": milliseconds(lambda: as_csv(task, submissions // EACH), repeats=5),
        "first page by a window function": usual,
    }
    sys.stdout.write(f"{connection.vendor}, {submissions:,} submissions; first pages agree: {same}\n")
    for name, took in rows.items():
        sys.stdout.write(f"{name:34} {took:10.2f} ms   1 : {usual / took:.0f}\n")


if __name__ == "__main__":
    main()
