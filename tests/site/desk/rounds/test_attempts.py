"""Attempts at the desk: found, and taken out in ways that a spreadsheet cannot be harmed by."""

import csv
import io
import zipfile

import pytest

from dure.audit.models import AuditRow
from dure.challenges.models import Entrant, Submission
from dure.challenges.operations import submit
from dure.jobs.worker import drain
from tests.site.conftest import client_of, text_of
from tests.site.desk.rounds.conftest import STAGE, TRUTH, hand_in

pytestmark = [pytest.mark.django_db(transaction=True)]


def _rows(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def _files(answer) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_they_are_found_by_name_and_state(world, desk) -> None:
    hand_in(world, world.ada)
    hand_in(world, world.bo, "id,label\n0,1\n")

    def found(query: str) -> list[str]:
        return [row.entrant.title for row in desk.get(f"{STAGE}attempts/?{query}").context["rows"]]

    assert (found(""), found("state=refused"), found("q=박하"), found("q=zzz"), found("only=best")) == (
        ["최바다", "박하늘"], ["최바다"], ["박하늘"], [], ["박하늘"],
    )  # fmt: skip
    assert "No attempt fits" in text_of(desk.get(f"{STAGE}attempts/?q=zzz"))


def test_the_table_holds_both_scores_and_what_is_no_formula(world, desk) -> None:
    hand_in(world, world.ada)
    Entrant.objects.filter(title="박하늘").update(title='=HYPERLINK("http://x")')

    header, row = _rows(desk.get(f"{STAGE}attempts.csv"))

    seen = dict(zip(header, row, strict=True))
    assert (seen["Entrant"], seen["Public score"], seen["Final score"]) == ('\'=HYPERLINK("http://x")', "1.0", "1.0")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r="])
def test_people_and_scores_run_nothing_in_a_spreadsheet(world, desk, sign) -> None:
    hand_in(world, world.ada)
    Entrant.objects.update(title=f"{sign}1+1")

    cells = [cell for path in ("people.csv", "scores.csv") for row in _rows(desk.get(f"{STAGE}{path}")) for cell in row]

    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    assert [cell for cell in cells if cell.endswith("1+1")] != []


def test_the_zip_holds_what_was_sent_and_no_way_out(world, desk) -> None:
    hand_in(world, world.ada, name="../../evil.csv")
    hand_in(world, world.bo, "id,label\n0,1\n")
    Entrant.objects.filter(title="박하늘").update(title="../up")

    every = _files(desk.get(f"{STAGE}files.zip"))
    best = _files(desk.get(f"{STAGE}files.zip?only=best"))

    assert sorted(every.values()) == sorted([TRUTH.encode(), b"id,label\n0,1\n"])
    assert list(best.values()) == [TRUTH.encode()]
    assert [name for name in every if ".." in name or name.startswith("/")] == []


def test_every_download_is_noted(world, desk) -> None:
    for path in ("attempts.csv", "files.zip?state=scored", "people.csv", "scores.csv"):
        b"".join(desk.get(f"{STAGE}{path}"))

    rows = AuditRow.objects.filter(action="round.taken").order_by("pk")
    assert [row.actor for row in rows] == [f"people.person:{world.clerk.pk}"] * 4


def test_pages_go_on_where_the_last_one_ended(world, desk, monkeypatch) -> None:
    monkeypatch.setattr("dure.site.desk.rounds.attempts.PAGE", 2)
    entrant = Entrant.objects.get(title="박하늘")
    for _ in range(3):
        submit(entrant, by=world.ada, upload=io.BytesIO(TRUTH.encode()))
    drain()

    first = desk.get(f"{STAGE}attempts/")
    second = desk.get(f"{STAGE}attempts/?before={first.context['older']}")

    numbers = [[row.number for row in page.context["rows"]] for page in (first, second)]
    assert (numbers, second.context["older"]) == ([[3, 2], [1]], None)


def test_what_failed_is_judged_again_one_by_one_or_all(world, desk) -> None:
    """By those who run the round alone; what was scored stays as it is."""
    for who in (world.ada, world.bo):
        hand_in(world, who)
    failed = Submission.objects.filter(by=world.bo)
    failed.update(state="failed", public_score=None, final_score=None)

    assert "Judge all of these again" in text_of(desk.get(f"{STAGE}attempts/?state=failed"))
    assert "Judge all of these again" not in text_of(desk.get(f"{STAGE}attempts/"))
    assert client_of(world.ada).post(f"{STAGE}attempts/again/").status_code == 403
    said = text_of(desk.post(f"{STAGE}attempts/again/", {"submission": str(failed.get().pk)}, follow=True))
    drain()

    assert "1 attempt is judged again." in said
    assert {row.state for row in Submission.objects.all()} == {"scored"}
    failed.update(state="failed", public_score=None, final_score=None)
    assert "1 attempt is judged again." in text_of(desk.post(f"{STAGE}attempts/again/?state=failed", follow=True))
    drain()
    assert {row.state for row in Submission.objects.all()} == {"scored"}
