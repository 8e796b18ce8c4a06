"""Spreadsheets over HTTP: taken out in both formats, checked, brought back whole or not at all, by whoever may."""

import csv
import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from dure.audit.models import AuditRow, thing_name
from tests.api.conftest import Caller
from tests.api.stories import Story, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db) -> Story:
    """Ada and Bo have open turns at ``apply``."""
    story = Story.opened()
    for who in (story.ada, story.bo):
        who.post(f"{story.at}/stages/apply/entries", {}, 201)
    work_off()
    return story


def taken(story: Story, what: str = "evidence", *, who: Caller | None = None, stage: str = "apply") -> list[dict]:
    """The rows of a sheet by the names that count."""
    answer = (who or story.clerk).call("get", f"{story.at}/sheets/{what}.csv?stage={stage}")
    assert answer.status_code == 200, answer.content
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    return [{heading.rpartition("(")[2].rstrip(")"): cell for heading, cell in row.items()} for row in rows]


def brought(story: Story, rows: list[dict], what: str = "evidence", *, who=None, key="", **asked):
    """The response; ``asked`` are the query's parameters."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    who = who or story.clerk
    headers = {"Accept-Language": "en", "Idempotency-Key": key or str(uuid4())}
    if who.secret:
        headers["Authorization"] = f"Bearer {who.secret}"
    query = "&".join(f"{name}={value}" for name, value in ({"stage": "apply"} | asked).items())
    sent = {"file": SimpleUploadedFile("marks.csv", out.getvalue().encode())}
    return who.client.post(f"/api/v1{story.at}/sheets/{what}?{query}", sent, headers=headers)


def filled(story: Story, **values) -> list[dict]:
    """The sheet with the same values in every line."""
    return [row | values for row in taken(story)]


def test_sheet_is_taken_out_in_both_formats_and_the_log_says_by_whom(story):
    first, second = (
        story.clerk.call("get", f"{story.at}/sheets/evidence.{kind}?stage=apply") for kind in ("csv", "xlsx")
    )

    book = CalamineWorkbook.from_filelike(io.BytesIO(second.content)).get_sheet_by_index(0)
    assert [row["title"] for row in taken(story)] == [row[2] for row in book.to_python()[1:]]
    assert {name: first[name] for name in ("Content-Type", "Content-Disposition")} == {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="small-apply-evidence.csv"',
    }
    actors = AuditRow.objects.filter(action="sheet.exported").values_list("actor", "request_id")
    assert set(actors[:2]) == {(thing_name(story.clerk.person), answer["X-Request-ID"]) for answer in (first, second)}


def test_what_is_checked_is_told_and_not_entered(story):
    rows = filled(story, motive="to learn", years="3")

    answer = brought(story, rows[:1], check_only="true")

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "rows": 1,
            "changed": 1,
            "unchanged": 0,
            "changes": [
                {
                    "row": 2,
                    "cells": [
                        {"column": "motive", "before": "", "after": "to learn"},
                        {"column": "years", "before": "", "after": "3"},
                    ],
                }
            ],
        },
    )
    assert [row["motive"] for row in taken(story)] == ["", ""]
    assert AuditRow.objects.filter(action="sheet.imported").count() == 0


def test_what_is_brought_back_is_entered_and_changes_nothing_again(story):
    brought(story, filled(story, motive="to learn", years="3"))

    again = brought(story, taken(story)).json()

    assert [(row["motive"], row["years"], row["state"]) for row in taken(story)] == [("to learn", "3", "handed-in")] * 2
    assert (again["rows"], again["changed"], again["unchanged"]) == (2, 0, 2)


def test_one_wrong_cell_is_placed_and_nothing_is_entered(story):
    rows = filled(story, motive="to learn", years="3")
    rows[1]["years"] = "many"

    answer = brought(story, rows)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "sheet.rows")
    assert [(error["row"], error["column"]) for error in problem["facts"]["errors"]] == [(3, "years")]
    assert [row["motive"] for row in taken(story)] == ["", ""]


def test_repeated_key_is_answered_as_the_first_time(story):
    rows = filled(story, motive="to learn", years="3")
    first = brought(story, rows, key="once")

    again = brought(story, rows, key="once")
    checked = brought(story, rows, key="once", check_only="true")

    assert (again.json(), again["Idempotency-Replayed"]) == (first.json(), "true")
    assert (checked.status_code, checked.json()["code"]) == (422, "request.key")


@pytest.mark.parametrize(
    ("what", "asked", "status", "code"),
    [
        ("evidence", {"stage": "nothing"}, 404, "stage.unknown"),
        ("secrets", {}, 404, "sheet.unknown"),
        ("cohort", {}, 409, "sheet.read-only"),
        ("cohort", {"stage": "two%0Alines"}, 404, "stage.unknown"),
    ],
)
def test_what_is_no_sheet_to_bring_back_is_refused(story, what, asked, status, code):
    answer = brought(story, [{"turn": "1"}], what, **asked)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_file_that_is_no_spreadsheet_or_too_large_is_refused(story):
    def sent(content):
        headers = {"Authorization": f"Bearer {story.clerk.secret}"}
        file = SimpleUploadedFile("x.xlsx", content)
        answer = story.clerk.client.post(
            f"/api/v1{story.at}/sheets/evidence?stage=apply", {"file": file}, headers=headers
        )
        return answer.status_code, answer.json()["code"]

    assert sent(b"PK\x03\x04 and no more") == (409, "sheet.broken")
    assert sent(bytes(11 * 2**20)) == (413, "sheet.large")


def test_sheets_are_for_those_who_record_provide_and_run(story):
    callers = (Caller(), story.stranger, story.ada, story.judge, story.clerk, story.root)  # the judge sits at the host
    sheets = ("evidence", "decisions", "reviews", "gives", "provided", "cohort", "payments")

    assert {
        what: tuple(who.call("get", f"{story.at}/sheets/{what}.csv?stage=task").status_code for who in callers)
        for what in sheets
    } == {
        "evidence": (401, 403, 403, 403, 200, 200),
        "decisions": (401, 403, 403, 403, 200, 200),
        "reviews": (401, 403, 403, 403, 200, 200),
        "gives": (401, 403, 403, 403, 200, 200),
        "provided": (401, 403, 403, 200, 200, 200),
        "cohort": (401, 403, 403, 403, 200, 200),
        "payments": (401, 403, 403, 403, 200, 200),
    }
    rows = filled(story, motive="m", years="3")
    assert [brought(story, rows, who=who).status_code for who in callers] == [401, 403, 403, 403, 200, 200]


def test_stage_of_a_whole_programmes_sheet_is_one_that_there_is(story):
    answers = [story.clerk.call("get", f"{story.at}/sheets/cohort.csv{asked}") for asked in ("", "?stage=two%0Alines")]

    assert [answer.status_code for answer in answers] == [200, 404]
    assert answers[0]["Content-Disposition"] == 'attachment; filename="small-cohort.csv"'


def test_sheets_of_a_draft_are_not_there(db):
    story = Story.begin()

    assert story.ada.call("get", f"{story.at}/sheets/cohort.csv").status_code == 404
    assert taken(story, "cohort", stage="") == []


def test_more_lines_cost_no_more_queries(story):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            taken(story)
        return len(seen)

    first = queries()
    for who in (story.stranger, story.judge):
        who.post(f"{story.at}/stages/apply/entries", {}, 201)
    work_off()

    assert (len(taken(story)), queries()) == (4, first)
