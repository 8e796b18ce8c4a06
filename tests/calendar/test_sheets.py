"""Attendance taken out, filled in and brought back: all rows or none, and nothing twice."""

import pytest

from dure.audit.models import AuditRow
from dure.calendar.operations import close_session, mark, take_marks
from dure.calendar.operations.sheets import COLUMNS
from dure.calendar.queries import rows_of_sheet
from dure.core import clock
from dure.core.errors import Flawed
from tests.calendar.factories import NINE, make_attendee, make_series, make_session, make_teacher, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def series():
    """Ada was present and Bo absent at a session that is over; another is open."""
    clock.set_clock(NINE)
    made = make_series()
    made.teacher = make_teacher(made)
    made.ada, made.bo = make_attendee(made), make_attendee(made)
    made.over, made.now = opened(make_session(made)), opened(make_session(made))
    mark(made.over, {made.ada.pk: "present"}, by=made.teacher)
    close_session(made.over)
    return made


def sheet_of(series) -> list[tuple[int, list[str]]]:
    return [(number, list(row)) for number, row in enumerate(rows_of_sheet(series), start=2)]


def test_what_is_taken_out_comes_back_and_changes_nothing(series):
    before = AuditRow.objects.count()

    sheet = take_marks(series, header=COLUMNS, rows=sheet_of(series), by=series.teacher)

    assert (sheet.rows, sheet.changed, sheet.same) == (2, [], 2)
    assert AuditRow.objects.count() == before


def test_a_table_is_checked_then_brought_in_once(series):
    rows = [
        (2, [str(series.over.pk), series.bo.email.upper(), "excused", "Flu"]),
        (3, [str(series.now.pk), series.ada.email, "late", ""]),
        (4, [str(series.now.pk), series.bo.email, "", ""]),
    ]
    told = {"header": ["session", "email", "mark", "reason"], "rows": rows, "by": series.teacher}

    checked = take_marks(series, **told, check_only=True)
    untouched = series.over.attendance.get(person=series.bo).mark
    done, again = take_marks(series, **told), take_marks(series, **told)

    assert ([line.row for line in checked.changed], untouched) == ([2, 3], "absent")
    assert ([line.row for line in done.changed], again.changed) == ([2, 3], [])
    assert series.over.attendance.get(person=series.bo).mark == "excused"
    assert dict(series.now.attendance.values_list("person", "mark")) == {series.ada.pk: "late"}


def test_every_flaw_is_told_with_its_row_and_column_and_nothing_comes_in(series):
    over = str(series.over.pk)
    rows = [
        (2, ["x", series.ada.email, "late", ""]),
        (3, [over, "nobody@example.org", "late", ""]),
        (4, [over, series.ada.email, "asleep", "r"]),
        (5, [over, series.ada.email, "late", "r"]),
        (6, [over, series.bo.email, "late", ""]),
        (7, [str(series.now.pk), series.bo.email, "late", ""]),
        (8, ["x", "nobody@example.org", "asleep", ""]),
        (9, [str(series.now.pk), series.bo.email, "asleep", ""]),
    ]

    with pytest.raises(Flawed) as flawed:
        take_marks(series, header=["session", "email", "mark", "reason"], rows=rows, by=series.teacher)

    assert [(error["row"], error["column"]) for error in flawed.value.facts["errors"]] == [
        (2, "session"), (3, "email"), (3, "reason"), (4, "mark"), (5, "email"), (6, "reason"),
        (8, "session"), (8, "email"), (8, "mark"), (9, "mark"), (9, "email"),
    ]  # fmt: skip
    assert not series.now.attendance.exists()


def test_unknown_and_missing_columns_are_told(series):
    with pytest.raises(Flawed) as flawed:
        take_marks(series, header=["email", "grade"], rows=[], by=series.teacher)

    assert [error["text"]["en"] for error in flawed.value.facts["errors"]] == [
        "No such column: grade", "The column is missing: session", "The column is missing: mark",
    ]  # fmt: skip
