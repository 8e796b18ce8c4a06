"""The bulk door: rows as ``bulk_create`` would write them, of every sort of column."""

import pytest

from dure.core import clock
from dure.core.ids import uuid7
from dure.people.models import Person
from dure.programmes.models import Decision
from dure.skills.models import Evidence
from dure.store.bulk import insert_rows, update_rows
from tests.programmes.build import APPLY, live

pytestmark = pytest.mark.django_db
COLUMNS = ("id", "kind", "values", "proof", "via", "recorded_by", "recorded_at")


def test_what_is_inserted_reads_as_it_was_written():
    now, pk = clock.now(), uuid7()
    values = {"score": 0.1, "말": ["가", "\t\\N", None], "deep": {"x": "'"}}

    insert_rows(Evidence, COLUMNS, [(pk, "test", values, "tab\tline\n\\N", "recorded", None, now)])

    read = Evidence.objects.get()
    assert (read.pk, read.values, read.proof, read.recorded_by) == (pk, values, "tab\tline\n\\N", None)
    assert read.recorded_at == now


def test_columns_left_out_are_null_and_keys_count_on():
    turn = live(APPLY).enter()
    columns = ("turn", "verdict", "code", "reason_ko", "reason_en", "facts", "sha256", "at")
    row = (turn.pk, "out", "rank", "가", "a", {}, "0" * 64, clock.now())

    insert_rows(Decision, columns, [row, row])

    first, second = Decision.objects.order_by("pk")
    assert (first.turn, first.place, first.mark, first.settlement) == (turn, None, None, None)
    assert first.pk < second.pk


def test_each_row_is_set_to_its_own_values_and_no_other_is_touched():
    first, second, third = (Evidence.objects.create(kind="test", values={}, via="recorded") for _ in range(3))

    update_rows(Evidence, ("values", "proof"), [({"n": 1}, "a", first.pk), ({"n": 2}, "b", second.pk)])

    assert [(row.values, row.proof) for row in Evidence.objects.order_by("pk")] == [
        ({"n": 1}, "a"), ({"n": 2}, "b"), ({}, third.proof),
    ]  # fmt: skip


def test_nothing_to_insert_inserts_nothing():
    insert_rows(Evidence, COLUMNS, [])

    assert (Evidence.objects.count(), Person.objects.count()) == (0, 0)
