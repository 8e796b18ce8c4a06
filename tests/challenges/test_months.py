"""Attempts that were counted by the day alone, brought to months by the migration that began to count them."""

from importlib import import_module

import pytest
from django.apps import apps

from dure.challenges.models import Quota
from dure.challenges.queries.attempts import TOTAL
from tests.challenges.conftest import make_entrant, make_task

pytestmark = pytest.mark.django_db
migration = import_module("dure.challenges.migrations.0016_months")


@pytest.fixture
def counted() -> None:
    """Two entrants with attempts on days of two months, and in all."""
    task = make_task()
    used = [
        {"2026-05-30": 2, "2026-05-31": 1, "2026-06-01": 4, TOTAL: 7},
        {"2026-06-02": 5, TOTAL: 5},
    ]
    for periods in used:
        entrant = make_entrant(task)
        Quota.objects.bulk_create(Quota(entrant=entrant, period=day, used=n) for day, n in periods.items())


def months() -> list[list[tuple[str, int]]]:
    """Of each entrant, the counts of months alone."""
    rows = Quota.objects.filter(period__regex=r"^\d{4}-\d{2}$").order_by("entrant", "period")
    told: dict[object, list[tuple[str, int]]] = {}
    for row in rows:
        told.setdefault(row.entrant_id, []).append((row.period, row.used))
    return list(told.values())


def test_days_add_up_to_their_months_for_each_entrant(counted) -> None:
    migration.add_up(apps, None)

    assert months() == [[("2026-05", 3), ("2026-06", 4)], [("2026-06", 5)]]


def test_days_and_the_count_in_all_stay_as_they_are(counted) -> None:
    before = set(Quota.objects.values_list("entrant", "period", "used"))

    migration.add_up(apps, None)
    migration.forget(apps, None)

    assert set(Quota.objects.values_list("entrant", "period", "used")) == before


def test_a_round_without_attempts_gets_no_months() -> None:
    make_entrant(make_task())

    migration.add_up(apps, None)

    assert months() == []
