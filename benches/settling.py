"""Settling a stage at once, on the database that DATABASE_URL names: `python benches/settling.py [TURNS]`.

It works on a database of its own (a test database). Beside it, the same verdicts turn by turn, a transaction each, as a
loop would do it: measured on a part of the turns and scaled.
"""

import os
import sys
import time
from collections.abc import Callable

import django
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import get_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from benches._table import show

from dure.core import clock
from dure.people.models import Organisation, Person
from dure.programmes.models import Case, Decision, Member, Programme, Turn, TurnMember, TurnState
from dure.programmes.operations import publishing, settling
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
PASS, BY_HAND = 1000, 2000


def prepared(turns: int) -> Programme:
    """A programme with so many hand-ins at one stage."""
    operator = Person.objects.create_user(f"bench{turns}@example.org", is_staff=True)
    Organisation.objects.get_or_create(short="host", defaults={"name_ko": "주최", "name_en": "Host", "kind": "company"})
    programme = publishing.make_programme(SOURCE, slug=f"bench-{turns}", by=operator)
    publishing.publish(programme)
    _fill(publishing.open_programme(programme), turns)
    return programme


def _fill(programme: Programme, count: int) -> None:
    now = clock.now()
    people = [Person(email=f"p{n}@{programme.slug}.example.org", name=f"P{n}") for n in range(count)]
    cases = [Case(programme=programme, number=n + 1, entered_by=p, sole=p) for n, p in enumerate(people)]
    members = [Member(case=case, person=case.sole) for case in cases]
    shown = [Evidence(kind="test", values={"score": n * 7919 % 100_003 / 1000}, via="recorded") for n in range(count)]
    turns = [
        Turn(programme=programme, stage="exam", case=case, state=TurnState.HANDED_IN, opened_at=now, entered_at=now,
             handed_in_at=now, evidence=evidence)
        for case, evidence in zip(cases, shown, strict=True)
    ]  # fmt: skip
    for rows in (people, cases, members, shown, turns):
        type(rows[0]).objects.bulk_create(rows, batch_size=2000)
    pairs = [TurnMember(turn=t, member=m, stage="exam") for t, m in zip(turns, members, strict=True)]
    TurnMember.objects.bulk_create(pairs, batch_size=2000)


def seconds(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def one_by_one(programme: Programme) -> None:
    """Each verdict in a transaction of its own: a decision, a state."""
    for turn in Turn.objects.filter(programme=programme):
        with transaction.atomic():
            Decision.objects.create(turn=turn, verdict="out", code="rank", sha256=programme.sha256)
            Turn.objects.filter(pk=turn.pk, state=TurnState.HANDED_IN).update(state=TurnState.OUT)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=[])
    try:
        programme = prepared(count)
        held: list[settling.Settlement] = []
        settle = seconds(lambda: held.append(settling.settle(programme, "exam", by=programme.made_by)))
        release = seconds(lambda: settling.release(held[0], by=programme.made_by))
        if Turn.objects.filter(programme=programme, stage="exam", state=TurnState.PASSED).count() != min(PASS, count):
            raise SystemExit("the gate let the wrong number pass")
        hand = seconds(lambda: one_by_one(prepared(BY_HAND))) * count / BY_HAND
        rows = [
            ["settle", f"{settle:.1f}", f"{hand / settle:.1f}"],
            ["release", f"{release:.1f}", f"{hand / release:.1f}"],
            [f"verdicts one by one (from {BY_HAND:,})", f"{hand:.1f}", "1.0"],
        ]
        show(f"{count:,} turns on {connection.vendor}", ["what", "seconds", "times as fast"], rows)
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
