"""Long work at the desk: begun in the request, done by workers, watched, stopped, and its file taken."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from dure.jobs.worker import drain
from dure.joints import batches
from dure.joints.models import Batch, BatchState, Say
from dure.site.desk import bulk, cohort, sheets
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
DESK = "/desk/field-ai-2026/"
ACT = f"{DESK}participants/act/"
BATCHES = {batches.ACT, cohort.WRITE, "joints.write-sheet", "joints.enter-sheet"}


@pytest.fixture(autouse=True)
def _little_at_once(monkeypatch) -> None:
    """What would take hundreds of participants takes one."""
    for room in (bulk, cohort, sheets):
        monkeypatch.setattr(room, "AT_ONCE", 0)
    monkeypatch.setattr(sheets, "ENTERED_AT_ONCE", 0)
    monkeypatch.setattr(batches, "PIECE", 1)


def _asked(client, **given: str) -> Batch:
    client.post(ACT, {"stage": "apply", "all": "yes", "act": "yes", **given})
    return Batch.objects.latest("pk")


def _page(batch: Batch, what: str = "") -> str:
    return f"{DESK}batches/{batch.pk}/{what}"


def test_an_act_on_many_is_checked_and_then_done_by_workers(world) -> None:
    world.applied()
    client = client_of(world.clerk)
    check = _asked(client)
    drain(BATCHES)
    checked = Say.objects.count()

    client.post(_page(check, "apply/"))
    drain(BATCHES)

    done = Batch.objects.latest("pk")
    assert (checked, Say.objects.count()) == (0, 2)
    assert [(b.state, b.done, b.refused, b.of) for b in Batch.objects.order_by("pk")] == [("done", 2, 0, 2)] * 2
    assert "박하늘" in text_of(client.get(_page(done)))


def test_of_each_that_is_refused_the_reason_is_told_on_the_page_and_in_the_file(world) -> None:
    world.applied()
    client = client_of(world.clerk)
    _asked(client, apply="yes")
    drain(BATCHES)

    again = _asked(client_of(world.operator), apply="yes")
    drain(BATCHES)

    again.refresh_from_db()
    rows = list(csv.reader(io.StringIO(client.get(_page(again, "outcome.csv")).getvalue().decode("utf-8-sig"))))
    assert (again.done, again.refused) == (0, 2)
    assert [row[:3] for row in rows[1:]] == [["1", "박하늘", "거절됨"], ["2", "최바다", "거절됨"]]
    assert {row[3] for row in rows[1:]} == {line.why_ko for line in again.lines.all()}


def test_what_is_stopped_goes_no_further(world) -> None:
    world.applied()
    client = client_of(world.clerk)
    batch = _asked(client, apply="yes")

    client.post(_page(batch, "stop/"))
    drain(BATCHES)

    batch.refresh_from_db()
    assert (batch.state, batch.done, Say.objects.count()) == (BatchState.STOPPED, 0, 0)


def test_a_watched_page_is_drawn_anew_only_when_it_went_on(world) -> None:
    world.applied()
    client = client_of(world.clerk)
    batch = _asked(client, apply="yes")
    first = client.get(_page(batch, "now/"))

    same = client.get(_page(batch, "now/"), headers={"If-None-Match": first["ETag"]})
    drain(BATCHES)
    then = client.get(_page(batch, "now/"), headers={"If-None-Match": first["ETag"]})

    assert [answer.status_code for answer in (first, same, then)] == [200, 304, 200]


@pytest.mark.parametrize("address", ["participants.xlsx", "stages/task/sheets/evidence.xlsx"])
def test_a_long_workbook_is_written_by_a_worker_as_the_short_one_would_be(world, address, monkeypatch) -> None:
    world.competing()
    client = client_of(world.clerk)

    client.get(f"{DESK}{address}")
    drain(BATCHES)

    batch = Batch.objects.get()
    long = client.get(_page(batch, "file.xlsx")).getvalue()
    for room in (cohort, sheets):
        monkeypatch.setattr(room, "AT_ONCE", 1_000)
    short = client.get(f"{DESK}{address}").content
    assert _cells(long) == _cells(short)
    assert (batch.state, batch.done, len(_cells(long))) == (BatchState.DONE, 2, 3)


def _cells(book: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()


def test_a_long_sheet_is_checked_and_entered_by_workers_whole_or_not_at_all(world) -> None:
    world.competing()
    client, address = client_of(world.clerk), f"{DESK}stages/task/sheets/"
    lines = client.get(f"{address}evidence.csv").getvalue().decode("utf-8-sig").splitlines()
    at = next(number for number, heading in enumerate(lines[0].split(",")) if "(score)" in heading)

    def send(*scores: str) -> Batch:
        rows = [line.split(",") for line in lines[1:]]
        filled = [[*row[:at], score, *row[at + 1 :]] for row, score in zip(rows, scores, strict=True)]
        text = "\n".join([lines[0], *(",".join(row) for row in filled)])
        client.post(address, {"what": "evidence", "file": SimpleUploadedFile("e.csv", text.encode())})
        drain(BATCHES)
        return Batch.objects.latest("pk")

    wrong, right = send("0.7", "much"), send("0.7", "0.8")
    before = world.turn(world.ada, "task").evidence
    client.post(_page(right, "apply/"))
    drain(BATCHES)

    entered = Batch.objects.latest("pk")
    assert (wrong.state, wrong.outcome["errors"][0]["row"], before) == (BatchState.REFUSED, 3, None)
    assert (right.done, entered.done, entered.state) == (2, 2, BatchState.DONE)
    assert world.turn(world.bo, "task").evidence.values["score"] == 0.8


def test_batches_are_the_desks_alone(world) -> None:
    world.applied()
    batch = _asked(client_of(world.clerk), apply="yes")

    codes = {
        who.name: [client_of(who).get(page).status_code for page in (f"{DESK}batches/", _page(batch))]
        for who in (world.clerk, world.ada)
    }

    assert codes == {"김담당": [200, 200], "박하늘": [403, 403]}


def test_a_file_is_kept_a_week(world, monkeypatch) -> None:
    world.competing()
    client = client_of(world.clerk)
    client.get(f"{DESK}participants.xlsx")
    drain(BATCHES)
    batch = Batch.objects.get()
    monkeypatch.setattr(batches, "BATCH_LASTS", -batches.BATCH_LASTS)

    forgotten = batches.forget_files()

    assert (forgotten, batch.file.exists()) == (1, False)
    assert client.get(_page(batch, "file.xlsx")).status_code == 404
