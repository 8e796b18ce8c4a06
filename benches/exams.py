"""What an exam costs that everybody sits at once: `python benches/exams.py [CANDIDATES]` (default 500).

On the database that DATABASE_URL names, candidates with a token reach the API as web workers get them, in one process
and two: each begins, saves an answer to each question twice, as pages do while somebody writes, and hands in. Prints
how long an answer took (processor time; median and 95th percentile by the clock), and stops where one is lost.
"""

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from statistics import median, quantiles
from uuid import uuid4

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import get_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from benches._table import show

from dure.assessments.content import Content, Kind
from dure.assessments.models import Asked, Attempt, AttemptState, Exam
from dure.assessments.operations.banks import open_bank, write_question
from dure.assessments.operations.exams import admit, open_exam, plan_exam
from dure.assessments.operations.papers import Draws, make_paper
from dure.core import clock
from dure.core.text import Text
from dure.people.models import Person
from dure.people.operations import found_organisation, issue_token

QUESTIONS, DRAWN, SAVES = 40, 20, 2
CHOICES = tuple(Text(ko=word, en=word) for word in "abcd")


def planned(number: int) -> tuple[Exam, list[str]]:
    """An exam that is open, and a token of each candidate."""
    host = Person.objects.create(email=f"host-{uuid4()}@example.org", name="Host")
    organisation = found_organisation(f"org-{uuid4().hex[:8]}", name_ko="기관", name_en="Org", kind="company")
    bank = open_bank(organisation, name_ko="은행", name_en="Bank")
    for at in range(QUESTIONS):
        asked = Content(Kind.SINGLE, Text(ko=f"{at}?", en=f"{at}?"), choices=CHOICES, right=(at % 4,))
        write_question(bank, asked, by=host, key=f"q{at}", topic="ml", difficulty=3)
    now = clock.now()
    exam = plan_exam(
        bank, paper=make_paper(bank, lines=[Draws(DRAWN)], name="paper"), by=host, title_ko="시험", title_en="Exam",
        opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=1), minutes=60,
    )  # fmt: skip
    people = [Person.objects.create(email=f"{at}-{exam.pk}@example.org") for at in range(number)]
    admit(open_exam(exam), people)
    return exam, [issue_token(person, name="bench").secret for person in people]


def sit(exam: Exam, tokens: Sequence[str]) -> tuple[list[float], float]:
    """Each of them from the first request to the last, in turns, so that all are at it together. Returns the seconds of
    each answer, and their processor time."""
    client = Client(SERVER_NAME="127.0.0.1")

    def call(method: str, path: str, token: str, told: object = None) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        body = json.dumps(told or {})
        answer = client.generic(method, f"/api/v1{path}", body, content_type="application/json", headers=headers)
        if answer.status_code >= 300:
            raise SystemExit(answer.content.decode())
        found: dict[str, object] = json.loads(answer.content)
        return found

    attempts = {token: call("POST", f"/exams/{exam.pk}/attempts", token)["id"] for token in tokens}
    spent, took = 0.0, list[float]()
    for place in range(1, DRAWN + 1):
        for saves in range(SAVES):
            for token, attempt in attempts.items():
                told = {"answer": [(place + saves) % 4], "saves": saves, "nonce": str(uuid4())}
                began, busy = time.perf_counter(), time.process_time()
                call("PUT", f"/attempts/{attempt}/answers/{place}", token, told)
                took.append(time.perf_counter() - began)
                spent += time.process_time() - busy
    for token, attempt in attempts.items():
        call("POST", f"/attempts/{attempt}/hand-in", token)
    return took, spent


def measure(processes: int, number: int) -> tuple[str, ...]:
    exam, tokens = planned(number)
    connection.close()
    spawn = multiprocessing.get_context("fork")
    told = spawn.SimpleQueue()

    def work(share: list[str]) -> None:
        told.put(sit(exam, share))
        connection.close()

    crew = [spawn.Process(target=work, args=(tokens[turn::processes],)) for turn in range(processes)]
    began = time.perf_counter()
    for process in crew:
        process.start()
    found = [told.get() for _ in crew]
    for process in crew:
        process.join()
    seconds = time.perf_counter() - began
    check(exam, number)
    took, busy = [one for times, _ in found for one in times], sum(spent for _, spent in found)
    late = quantiles(took, n=20)[-1] * 1000
    cost = busy / len(took) * 1000
    return str(processes), f"{cost:.1f}", f"{median(took) * 1000:.1f}", f"{late:.1f}", f"{len(took) / seconds:.0f}"


def check(exam: Exam, number: int) -> None:
    """Every answer is there as it was saved last, and everybody has handed in."""
    answers = Asked.objects.filter(attempt__exam=exam)
    whole = all(
        row.saves == SAVES and row.answer == [row.order[(row.place + SAVES - 1) % 4]] for row in answers.iterator()
    )
    handed_in = Attempt.objects.filter(exam=exam).exclude(state=AttemptState.RUNNING).count()
    if not whole or answers.count() != number * DRAWN or handed_in != number:
        raise SystemExit("an answer was lost")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=[])
    try:
        rows = [measure(processes, number) for processes in (1, 2)]
        title = f"{connection.vendor}, {number} candidates, {DRAWN} questions each, nothing lost"
        show(title, ("processes", "CPU ms an answer", "median ms", "p95 ms", "answers/s"), rows)
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
