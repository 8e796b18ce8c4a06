"""What a search costs: `python benches/search.py [PERSONS]` (default 100,000, with 2,000 programmes).

It works on a database of its own (a test database) on the server that DATABASE_URL names. Milliseconds of CPU of this
process for the list under the search field, and of the clock. The ratio is against ``icontains`` over the names, which
finds neither first letters nor half-typed syllables and asks nobody what the visitor may see.
"""

import os
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median

import django
from django.conf import settings
from django.db import connection
from django.test.utils import get_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from django.test import Client

from dure.people.models import Membership, Organisation, Person
from dure.programmes.models import Case, Member, Programme, ProgrammeState

PROGRAMMES, CASES, COLLEAGUES, REPEATS = 2_000, 10_000, 500, 15
FAMILIES = ["김"] * 21 + ["이"] * 15 + ["박"] * 8 + [*"최정강조윤장임한오서신"] * 5
GIVEN = (
    "가건경광규기나다동라마민바범상서선성세소수승아연영예용우원유윤은의인자재정종주준지진찬채철태하한해현형혜호홍환훈희"
)
WORDS = ["인공지능", "현장", "AI", "데이터", "로봇", "반도체", "School", "Challenge", "제조", "의료", "금융", "교통"]
TYPED = ["김민수", "ㄱㅁㅅ", "민ㅅ", "ㄱㅁ", "현장", "ㄴㅇㅂ", "없는이름", "AI 로봇"]


def fill(persons: int) -> dict[str, Person]:
    """Who searches: an operator, an organiser of 10,000 cases, a learner with 500 colleagues, nobody."""
    dice = random.Random(1)
    names = (dice.choice(FAMILIES) + dice.choice(GIVEN) + dice.choice(GIVEN) for _ in range(persons))
    people = Person.objects.bulk_create(
        (Person(email=f"p{number}@example.org", name=name) for number, name in enumerate(names)), batch_size=5_000
    )
    people[0].is_staff = True
    people[0].save()
    programmes = Programme.objects.bulk_create(_programme(dice, number, people[1]) for number in range(PROGRAMMES))
    Programme.objects.exclude(pk=programmes[0].pk).update(made_by=people[0])
    entered = people[1_000 : 1_000 + CASES]
    cases = Case.objects.bulk_create(
        (Case(programme=programmes[0], number=n, entered_by=p, sole=p) for n, p in enumerate(entered)), batch_size=5_000
    )
    Member.objects.bulk_create((Member(case=case, person_id=case.sole_id) for case in cases), batch_size=5_000)
    organisation = Organisation.objects.create(short="naver", name_ko="네이버", name_en="NAVER", kind="company")
    Membership.objects.bulk_create(
        Membership(person=person, organisation=organisation, since="2020-01-01")
        for person in people[2 : 2 + COLLEAGUES]
    )
    return {"operator": people[0], "organiser of 10,000": people[1], "learner": people[2]}


def _programme(dice: random.Random, number: int, maker: Person) -> Programme:
    title = " ".join(dice.sample(WORDS, 3))
    return Programme(
        slug=f"edition-{number}", title_ko=f"{title} {number}", title_en=f"{title} {number}", blueprint_name="bench",
        source="x" * 8_000, sha256="", state=ProgrammeState.OPEN, made_by=maker,
    )  # fmt: skip


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of CPU and of the clock, the middle of several."""
    act()
    spent = []
    for _ in range(REPEATS):
        cpu, clock = time.process_time(), time.perf_counter()
        act()
        spent.append(((time.process_time() - cpu) * 1000, (time.perf_counter() - clock) * 1000))
    return median(cpu for cpu, _ in spent), median(clock for _, clock in spent)


def measure(people: dict[str, Person]) -> None:
    sys.stdout.write(f"{connection.vendor}: ms of CPU / of the clock (queries)\n")
    for who, person in people.items():
        client = Client()
        client.force_login(person)
        for typed in TYPED:
            look = partial(client.get, "/search/as-you-type/", {"q": typed})
            cpu, clock = timed(look)
            sys.stdout.write(f"{who:22}{typed:12}{cpu:8.1f} /{clock:7.1f} ({_queries(look)})\n")
    usual, _ = timed(lambda: list(Person.objects.filter(name__icontains="김민수").values_list("name", flat=True)[:5]))
    sys.stdout.write(f"icontains over the names alone {usual:.1f} ms of CPU\n")


def _queries(look: Callable[[], object]) -> int:
    asked = []

    def note(run: Callable[..., object], sql: str, *rest: object) -> object:
        asked.append(sql)
        return run(sql, *rest)

    with connection.execute_wrapper(note):
        look()
    return len(asked)


def main() -> None:
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=[])
    try:
        measure(fill(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
