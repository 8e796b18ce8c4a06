"""What learning costs: `python benches/learning.py [ITEMS]` (default 6,000, as many as Microsoft Learn has).

It works on a database of its own (a test database) on the server that DATABASE_URL names: a catalogue brought in and
brought in again, its pages (milliseconds of CPU of this process, and queries), a roster of 5,000, a report of 100,000.
"""

import os
import random
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from statistics import median

import django
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext, get_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from benches._table import show
from django.test import Client

from dure.core import clock
from dure.core.ids import uuid7
from dure.learning.importing import Comparison
from dure.learning.models import Enrolment, Item, Provider
from dure.learning.operations.cohorts import plan_cohort
from dure.learning.operations.courses import make_course
from dure.learning.operations.rosters import take_roster
from dure.learning.queries.reports import report
from dure.learning.records import Listing, Record, Words
from dure.people.models import Organisation, Person
from dure.store.bulk import insert_rows

PERSONS, COHORTS, ROSTER, REPEATS = 20_000, 5, 5_000, 15
WORDS = [
    "데이터베이스",
    "컨테이너",
    "Azure",
    "보안",
    "이미지",
    "Kubernetes",
    "분석",
    "AI",
    "네트워크",
    "Python",
    "저장소",
]
PAGES = ["/learn/", "/learn/?q=데이터", "/learn/?q=kube&level=level-1", "/learn/?level=level-0&role=role-3"]


def listing(items: int) -> Listing:
    dice = random.Random(1)

    def record(number: int) -> Record:
        title = f"{' '.join(dice.sample(WORDS, 3))} {number}"
        tags = (("level", f"level-{number % 3}"), ("role", f"role-{number % 20}"), ("product", f"p-{number % 50}"))
        texts = {"ko": Words(title, f"<p>{' '.join(dice.choices(WORDS, k=40))}</p>")}
        parts = tuple(f"item-{number - one}" for one in range(1, 6)) if number % 10 == 9 else ()
        return Record(f"item-{number}", "path" if parts else "module", texts, number % 300 + 1, tags=tags, parts=parts)

    return Listing("ko-kr", [record(number) for number in range(items)])


def clocked(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def brought_in(provider: Provider, told: Listing) -> float:
    return clocked(lambda: Comparison(provider, told, whole=True).apply())


def page(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    queries, spent = len(asked), []
    for _ in range(REPEATS):
        began = time.process_time()
        client.get(path)
        spent.append(time.process_time() - began)
    return [path, f"{median(spent) * 1000:.1f} ms CPU, {queries} queries"]


def courses(provider: Provider) -> list[list[str]]:
    people = Person.objects.bulk_create(
        (Person(email=f"p{number}@example.org") for number in range(PERSONS)), batch_size=5_000
    )
    course = make_course(provider, key="c", by=people[0], title_ko="강좌", title_en="Course")
    cohorts = [plan_cohort(course, name=str(number), price=100_000) for number in range(COHORTS + 1)]
    rows = [(number, [person.email]) for number, person in enumerate(people[:ROSTER], start=2)]
    roster = [clocked(lambda: take_roster(cohorts[-1], header=["email"], rows=rows)) for _ in range(2)]
    columns = ["id", "cohort", "person", "option", "state", "own", "done", "credits", "asked_at"]
    told = [
        (uuid7(), cohort.pk, person.pk, "", "active", 4, at % 5, Decimal(0), clock.now())
        for cohort in cohorts[:-1] for at, person in enumerate(people)
    ]  # fmt: skip
    insert_rows(Enrolment, columns, told)
    reported = clocked(lambda: report(Enrolment.objects.all()))
    return [
        [f"a roster of {ROSTER:,}", f"{roster[0]:.2f} s"], ["the same again", f"{roster[1]:.2f} s"],
        [f"a report of {len(told) + ROSTER:,} enrolments", f"{reported:.2f} s"],
    ]  # fmt: skip


def main() -> None:
    items = int(sys.argv[1]) if len(sys.argv) > 1 else 6_000
    runner = get_runner(settings)(verbosity=0, interactive=False)
    kept = runner.setup_databases()
    try:
        home = Organisation.objects.create(short="home", name_ko="집", name_en="Home", kind="company")
        provider = Provider.objects.create(organisation=home, key="p", name_ko="제공", name_en="Provider")
        told = listing(items)
        first, again = brought_in(provider, told), brought_in(provider, told)
        rows = [[f"{Item.objects.count():,} items brought in", f"{first:.2f} s"], ["the same again", f"{again:.2f} s"]]
        rows += [page(Client(), path) for path in [*PAGES, f"/learn/items/{Item.objects.earliest('pk').pk}/"]]
        show(f"Learning on {connection.display_name}", ["what", "cost"], rows + courses(provider))
    finally:
        runner.teardown_databases(kept)


if __name__ == "__main__":
    main()
