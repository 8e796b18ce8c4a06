"""Settling a stage of many turns at once: seconds on the database at hand, against one transaction a turn."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from dure.core import clock
from dure.people.models import Person
from dure.programmes.models import Case, Member, Programme, Turn, TurnMember, TurnState
from dure.programmes.operations import publishing, settling
from dure.programmes.operations.judging import judge_turns, standing_order
from dure.skills.models import Evidence

SOURCE = """
blueprint: bench-settling
title: {en: Bench, ko: 벤치}
subject: person
parties:
  host: {kind: company}
stages:
  - id: exam
    kind: test
    entry: open
    do: {type: exam, by: host}
    gate: [{rank: {by: score, take: 1000}}]
    gives: [{credential: {name: Winner, type: badge}}]
  - id: next
    kind: form
"""


def settle_many(turns: int) -> dict[str, float]:
    """Fill a stage with ``turns`` hand-ins, settle and release it; seconds of each step."""
    programme, operator = _programme()
    _fill(programme, turns)
    seconds: dict[str, float] = {}
    with _timed(seconds, "settle"):
        settlement = settling.settle(programme, "exam", by=operator)
    with _timed(seconds, "release"):
        settling.release(settlement, by=operator)
    passed = Turn.objects.filter(programme=programme, stage="exam", state=TurnState.PASSED).count()
    if passed != min(1000, turns):
        raise AssertionError(f"{passed} passed")
    return seconds


def _programme() -> tuple[Programme, Person]:
    operator = Person.objects.create_user("bench@example.org", is_staff=True)
    from dure.people.operations import found_organisation  # noqa: PLC0415 -- after django.setup

    found_organisation("host", name_ko="주최", name_en="Host", kind="company")
    programme = publishing.make_programme(SOURCE, slug="bench-settling", by=operator)
    publishing.publish(programme)
    return publishing.open_programme(programme), operator


def _fill(programme: Programme, count: int) -> None:
    now = clock.now()
    people = [Person(email=f"p{n}@example.org", name=f"P{n}") for n in range(count)]
    cases = [Case(programme=programme, number=n + 1, entered_by=p, sole=p) for n, p in enumerate(people)]
    members = [Member(case=case, person=case.sole) for case in cases]
    evidence = [
        Evidence(kind="test", values={"score": (n * 7919) % 100_003 / 1000}, via="recorded") for n in range(count)
    ]
    turns = [
        Turn(programme=programme, stage="exam", case=case, state=TurnState.HANDED_IN, opened_at=now, entered_at=now,
             handed_in_at=now, evidence=shown)
        for case, shown in zip(cases, evidence, strict=True)
    ]  # fmt: skip
    for rows in (people, cases):
        type(rows[0]).objects.bulk_create(rows, batch_size=2000)
    Member.objects.bulk_create(members, batch_size=2000)
    Evidence.objects.bulk_create(evidence, batch_size=2000)
    Turn.objects.bulk_create(turns, batch_size=2000)
    TurnMember.objects.bulk_create(
        [TurnMember(turn=t, member=m, stage="exam") for t, m in zip(turns, members, strict=True)], batch_size=2000
    )


@contextmanager
def _timed(seconds: dict[str, float], what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds[what] = time.perf_counter() - began


def judging_alone(programme: Programme) -> float:
    """Seconds for the gate and its facts without writing."""
    turns = list(standing_order(Turn.objects.filter(programme=programme, stage="exam")))
    began = time.perf_counter()
    from dure.programmes.frozen import stage_of  # noqa: PLC0415 -- after django.setup

    judge_turns(programme, stage_of(programme, "exam"), turns)
    return time.perf_counter() - began


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(settle_many(count))  # noqa: T201
