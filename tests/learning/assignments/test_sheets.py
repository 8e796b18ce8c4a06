"""Marks go out as a table and come back: all rows or none, twice the same does nothing."""

import pytest

from dure.core.errors import Flawed
from dure.joints.sheets.cells import text_of
from dure.learning.models import Mark
from dure.learning.operations.assignments import moderate_all, release, take_marks
from dure.learning.operations.assignments.sheets import SHOWN, columns_of, lines
from tests.factories import make_person
from tests.learning.assignments.factories import handed_in, make_task, marked
from tests.learning.factories import make_enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def task():
    """Two hand-ins, one of which is marked: 4.75 and 4."""
    one, other = make_person(), make_person()
    task = make_task(due_at=None, each=2, graders=(one, other))
    for name in "ab":
        handed_in(task, make_enrolment(task.cohort, person=make_person(f"{name}@example.org")))
    work = task.works.order_by("pk").first()
    marked(work, one, "5", "4")
    marked(work, other, "4.5", "4")
    return task


def taken(task, *rows, header=("email", "c1", "c2", "remark"), **known):
    return take_marks(task, header=header, rows=list(enumerate(rows, start=2)), by=make_person(), **known)


def test_what_went_out_comes_back_and_changes_nothing(task):
    out = [[text_of(cell) for cell in row] for row in lines(task)]

    found = taken(task, *out, header=[*columns_of(task), *SHOWN])

    assert out[0][:4] == ["a@example.org", "4.75", "4", ""]
    assert (found.rows, found.same) == (2, 2)


def test_a_dry_run_says_what_would_change_and_then_it_does(task):
    rows = ["a@example.org", "4.75", "4", ""], ["B@example.org", "3", "2.5", "다시 쓰세요"]

    dry = taken(task, *rows, check_only=True)
    before = Mark.objects.count()
    wet, again = taken(task, *rows), taken(task, *rows)

    assert (len(dry.changed), before, len(wet.changed), len(again.changed)) == (1, 1, 1, 0)
    mark = Mark.objects.get(state="moderated")
    assert (mark.points, mark.remark) == (5.5, "다시 쓰세요")


def test_every_flaw_is_told_with_its_row_and_column(task):
    moderate_all(task, by=make_person())
    release(task, by=make_person())

    with pytest.raises(Flawed) as flawed:
        taken(task, ["a@example.org", "1", "1"], ["b@example.org", "9", ""], ["z@example.org", "1", "1"],
              ["b@example.org", "1", "7"])  # fmt: skip
    with pytest.raises(Flawed) as headed:
        taken(task, ["x"], header=["mail"])

    assert [(error["row"], error["column"], error["text"]["en"]) for error in flawed.value.facts["errors"]] == [
        (2, "c1", "The mark is out: correct it on the page of the work. a@example.org"),
        (3, "c1", "Idea: from 0 to 5 points, in steps of 0.01."), (3, "c2", "Craft: give points."),
        (4, "email", "Has handed nothing in: z@example.org"), (5, "email", "Row 3 has the same work: b@example.org"),
        (5, "c2", "Craft: from 0 to 5 points, in steps of 0.01."),
    ]  # fmt: skip
    assert [error["text"]["en"] for error in headed.value.facts["errors"]] == [
        "No such column: mail", "The column is missing: email",
    ]  # fmt: skip
