"""Rounds over HTTP: receipts, limits, verdicts, boards, starter files, and who sees what of them."""

import csv
import io
import os
from datetime import UTC, datetime
from hashlib import sha256
from threading import Event
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.api.rounds import uploads
from dure.challenges import files
from dure.challenges.models import Task, Upload
from dure.core import clock
from dure.jobs.worker import drain
from tests.api.conftest import Caller
from tests.challenges.conftest import START, judge, make_entrant, make_task, member, offer
from tests.factories import make_operator, make_organisation, make_person
from tests.people.races import race

pytestmark = pytest.mark.django_db

RACE = """
blueprint: race
title: {en: Race, ko: 경주}
subject: person
parties:
  host: {kind: company}
stages:
  - id: sprint
    kind: round
    entry: open
    options: [cats, dogs]
    when: {from: 2026-03-01, to: 2026-03-31}
    do: {metric: accuracy, daily: 3, sealed: true}
    gate:
      - rank: {by: score, take: 1, per: option}
"""
BEFORE, DURING, AFTER = (datetime(2026, month, 15, tzinfo=UTC) for month in (2, 3, 4))
IDS = [f"c{number}" for number in range(20)]
AT = "/programmes/race/stages/sprint"


def labelled(answer: str = "yes") -> bytes:
    """Every id labelled alike; the first half is public."""
    rows = [[name, answer, "public" if number < 10 else "final"] for number, name in enumerate(IDS)]
    return written(["id", "label", "part"], rows)


def predicted(right: int) -> bytes:
    """A prediction file of which the first ``right`` rows are right."""
    return written(["id", "label"], [[name, "yes" if number < right else "no"] for number, name in enumerate(IDS)])


def written(header: list[str], rows: list[list[str]]) -> bytes:
    sheet = io.StringIO()
    csv.writer(sheet, lineterminator="\n").writerows([header, *rows])
    return sheet.getvalue().encode()


def sent(caller: Caller, path: str, files: dict[str, bytes], *, key: str = "", **fields: str):
    """POST a form with files."""
    uploads = {name: SimpleUploadedFile(f"{name}.csv", content) for name, content in files.items()}
    headers = {
        "Authorization": f"Bearer {caller.secret}",
        "Accept-Language": "en",
        "Idempotency-Key": key or str(uuid4()),
    }
    return caller.client.post(f"/api/v1{path}", {**uploads, **fields}, headers=headers)


@pytest.fixture(autouse=True)
def _disk(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def root():
    """An operator, with the race open in February and a task for cats."""
    make_organisation("host")
    clock.set_clock(BEFORE)
    root = Caller(make_operator())
    root.post("/programmes", {"slug": "race", "source": RACE, "parties": {"host": ["host"]}}, 201)
    root.post("/programmes/race/publish")
    root.post("/programmes/race/open")
    fields = {"option": "cats", "metric": "accuracy", "classes": "no, yes"}
    answer = sent(root, f"{AT}/tasks", {"labels": labelled(), "starter": b"id\nc0\n"}, **fields)
    assert answer.status_code == 201, answer.content
    yield root
    clock.set_clock(None)


@pytest.fixture
def ada(root) -> Caller:
    return entered(root, "Ada")


def entered(root: Caller, name: str) -> Caller:
    """Somebody whose turn is open in March."""
    caller = Caller(make_person(name=name))
    caller.post(f"{AT}/entries", {"options": ["cats"]}, 201)
    drain()
    clock.set_clock(DURING)
    root.post("/programmes/race/tick")
    return caller


def twin(caller: Caller) -> Caller:
    """The same caller for another thread."""
    return Caller(caller.person, secret=caller.secret)


def on_disk() -> set[str]:
    return {path.name for path in files._folder().glob("??/*")}


def task_of(caller: Caller) -> str:
    return caller.get(f"{AT}/tasks")[0]["id"]


def hand_in(caller: Caller, right: int) -> str:
    answer = sent(caller, f"/tasks/{task_of(caller)}/submissions", {"file": predicted(right)})
    assert answer.status_code == 201, answer.content
    drain()
    return answer.json()["id"]


def test_task_says_what_a_prediction_file_must_be_like(root, visitor):
    told = visitor.get(f"{AT}/tasks")

    assert [{**task, "id": "…"} for task in told] == [
        {
            "id": "…", "option": "cats", "metric": "accuracy", "greater_is_better": True, "id_column": "id",
            "columns": ["label"], "classes": ["no", "yes"], "rows": 20, "starter": True, "code": "none", "daily": 3,
            "monthly": None, "total": None, "closes_at": None,
        }
    ]  # fmt: skip


def test_receipt_names_stage_deadline_quota_and_hash(ada):
    answer = sent(ada, f"/tasks/{task_of(ada)}/submissions", {"file": predicted(5)})

    receipt = answer.json()
    assert answer.status_code == 201
    assert set(receipt) == {"id", "received_at", "stage", "deadline", "quota", "sha256"}
    assert (receipt["stage"], receipt["quota"]) == ("sprint", {"used": 1, "of": 3})
    assert receipt["deadline"] == "2026-04-01T00:00:00+09:00"


def test_repeated_key_gives_the_first_receipt_and_takes_no_attempt(ada):
    path = f"/tasks/{task_of(ada)}/submissions"
    first = sent(ada, path, {"file": predicted(5)}, key="once")

    again = sent(ada, path, {"file": predicted(5)}, key="once")
    other = sent(ada, path, {"file": predicted(6)}, key="once")

    assert (again.json(), other.status_code) == (first.json(), 422)
    assert len(ada.get(path)["items"]) == 1


def test_repeated_key_is_not_received_again(ada, monkeypatch):
    path = f"/tasks/{task_of(ada)}/submissions"
    first = sent(ada, path, {"file": predicted(5)}, key="once")
    monkeypatch.setattr(files, "store", None)

    again = sent(ada, path, {"file": predicted(5)}, key="once")

    assert (again.status_code, again.json()) == (201, first.json())


@pytest.mark.django_db(transaction=True)
def test_of_attempts_at_the_same_time_under_one_key_one_is_taken_and_nothing_lies_about(ada):
    path = f"/tasks/{task_of(ada)}/submissions"
    for number in range(2):
        sent(ada, path, {"file": predicted(number)})

    answers = race(*[lambda: sent(twin(ada), path, {"file": predicted(5)}, key="last")] * 6)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert on_disk() == {upload.hex for upload in Upload.objects.values_list("pk", flat=True)}


@pytest.mark.django_db(transaction=True)
def test_others_write_while_a_slow_upload_is_received(root, ada, monkeypatch):
    path, bo = f"/tasks/{task_of(ada)}/submissions", entered(root, "Bo")
    copying, done = Event(), Event()

    def slow_disk(_descriptor: int) -> None:
        copying.set()
        done.wait(30)

    def others_write() -> int:
        copying.wait(30)
        try:
            return bo.call("patch", "/me", {"name": "Bo Kim"}).status_code
        finally:
            done.set()

    monkeypatch.setattr(os, "fsync", slow_disk)
    upload, status = race(lambda: sent(twin(ada), path, {"file": predicted(5)}), others_write)

    assert (upload.status_code, status) == (201, 200)


def test_file_above_the_bound_is_refused_with_413(ada):
    Task.objects.update(most_bytes=20)

    answer = sent(ada, f"/tasks/{task_of(ada)}/submissions", {"file": predicted(5)})

    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert (problem["code"], problem["facts"]) == ("file.large", {"most": 20})
    assert on_disk() == {upload.hex for upload in Upload.objects.values_list("pk", flat=True)}


def test_fourth_attempt_of_a_day_is_refused_with_429(ada):
    path = f"/tasks/{task_of(ada)}/submissions"

    answers = [sent(ada, path, {"file": predicted(number)}) for number in range(4)]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert answers[3].json()["code"] == "challenges.quota"


def test_submission_after_the_deadline_is_refused(ada):
    clock.set_clock(AFTER)

    answer = sent(ada, f"/tasks/{task_of(ada)}/submissions", {"file": predicted(5)})

    assert (answer.status_code, answer.json()["code"]) == (409, "round.not-open")


def test_stranger_cannot_submit(ada):
    stranger = Caller(make_person())

    answer = sent(stranger, f"/tasks/{task_of(ada)}/submissions", {"file": predicted(5)})

    assert answer.status_code == 403


def test_verdict_of_a_broken_file_names_row_and_column(ada):
    broken = predicted(20).replace(b"c3,yes", b"c2,yes")
    answer = sent(ada, f"/tasks/{task_of(ada)}/submissions", {"file": broken})
    drain()

    seen = ada.get(f"/submissions/{answer.json()['id']}")

    assert (seen["state"], seen["public_score"]) == ("refused", None)
    assert [(flaw["code"], flaw["row"], flaw["column"]) for flaw in seen["flaws"]] == [
        ("id-doubled", 5, "id"),
        ("id-missing", None, "id"),
    ]


def test_final_score_is_hidden_until_the_round_is_over(root, ada):
    submission = hand_in(ada, 15)
    during = ada.get(f"/submissions/{submission}")

    clock.set_clock(AFTER)
    settled = root.post(f"{AT}/settlement", status=201)
    root.post(f"/settlements/{settled['id']}/release")
    after = ada.get(f"/submissions/{submission}")

    assert (during["public_score"], during["final_score"]) == (1.0, None)
    assert (after["public_score"], after["final_score"], after["counts"]) == (1.0, 0.5, True)


def test_board_is_paged_and_shows_ones_own_row_beside_it(root, ada):
    bo = entered(root, "Bo")
    hand_in(ada, 3)
    hand_in(bo, 8)

    first = ada.get(f"/tasks/{task_of(ada)}/board?limit=1")
    second = ada.get(f"/tasks/{task_of(ada)}/board?limit=1&after={first['next']}")

    assert [(row["place"], row["title"], row["score"]) for row in first["items"] + second["items"]] == [
        (1, "Bo", 0.8),
        (2, "Ada", 0.3),
    ]
    assert (first["part"], first["own"]["place"], second["next"]) == ("public", 2, None)


def test_chosen_attempt_counts_instead_of_the_best(ada):
    worse, better = hand_in(ada, 2), hand_in(ada, 9)

    ada.post(f"/submissions/{worse}/choose")

    counts = {name: ada.get(f"/submissions/{name}")["counts"] for name in (worse, better)}
    assert counts == {worse: True, better: False}


def test_attempts_of_others_are_not_there(root, ada):
    submission = hand_in(ada, 5)
    bo = entered(root, "Bo")

    assert bo.call("get", f"/submissions/{submission}").status_code == 404
    assert bo.call("post", f"/submissions/{submission}/choose").status_code == 404
    assert bo.get(f"/tasks/{task_of(bo)}/submissions")["items"] == []
    assert [row["number"] for row in root.get(f"/tasks/{task_of(root)}/submissions")["items"]] == [1]


def test_starter_files_are_for_those_who_take_part(root, ada, visitor):
    path = f"/tasks/{task_of(ada)}/starter"

    answers = [who.call("get", path) for who in (visitor, Caller(make_person()), ada, root)]

    assert [answer.status_code for answer in answers] == [404, 404, 200, 200]
    assert [answer.getvalue() for answer in answers[2:]] == [b"id\nc0\n"] * 2


def status_of(answer) -> int:
    """Its status; a file that it holds is read to its end, which closes it."""
    if answer.streaming:
        answer.getvalue()
    return answer.status_code


def part(caller: Caller, content: bytes, *, of: bytes, offset: int = 0, kind: str = "file"):
    """Send a part of the file ``of``."""
    address = f"/api/v1/tasks/{task_of(caller)}/uploads/{sha256(of).hexdigest()}?offset={offset}&kind={kind}"
    headers = {"Authorization": f"Bearer {caller.secret}", "Accept-Language": "en"}
    return caller.client.patch(address, content, content_type="application/octet-stream", headers=headers)


def test_file_that_came_in_parts_is_submitted_by_its_hash(ada):
    whole = predicted(7)
    path = f"/tasks/{task_of(ada)}"
    offsets = [part(ada, whole[:50], of=whole).json()["offset"]]
    offsets.append(ada.get(f"{path}/uploads/{sha256(whole).hexdigest()}")["offset"])
    offsets.append(part(ada, whole[50:], of=whole, offset=50).json()["offset"])

    answer = sent(ada, f"{path}/submissions", {}, sha256=sha256(whole).hexdigest(), name="mine.csv")

    assert (offsets, answer.status_code) == ([50, 50, len(whole)], 201)
    assert answer.json()["sha256"] == sha256(whole).hexdigest()
    assert files.read(Upload.objects.get(name="mine.csv")) == whole
    assert ada.get(f"{path}/uploads/{sha256(whole).hexdigest()}")["offset"] == 0


def test_parts_that_are_not_the_file_are_refused_and_let_go(ada):
    whole = predicted(7)
    part(ada, whole[:-1], of=whole)

    answers = [sent(ada, f"/tasks/{task_of(ada)}/submissions", {}, sha256=sha256(whole).hexdigest()) for _ in range(2)]

    assert [answer.json()["code"] for answer in answers] == ["upload.sha256", "upload.missing"]
    assert ada.get(f"/tasks/{task_of(ada)}/submissions")["items"] == []


def test_submission_without_a_file_or_with_two_is_refused(ada):
    path = f"/tasks/{task_of(ada)}/submissions"

    answers = [sent(ada, path, {}), sent(ada, path, {"file": predicted(1)}, sha256="0" * 64)]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(422, "submission.file")] * 2


def test_nothing_of_a_file_is_taken_that_could_not_be_submitted(ada):
    whole = predicted(7)
    as_code = part(ada, whole, of=whole, kind="code")
    clock.set_clock(AFTER)
    late = part(ada, whole, of=whole)

    assert [answer.json()["code"] for answer in (as_code, late)] == ["challenges.no-code", "round.not-open"]
    assert ada.get(f"/tasks/{task_of(ada)}/uploads/{sha256(whole).hexdigest()}")["offset"] == 0


def test_part_has_its_bound(ada, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_PART", 100)

    answer = part(ada, b"x" * 101, of=b"x" * 200)

    assert (answer.status_code, answer.json()["facts"]) == (413, {"most": 100})


def test_parts_of_others_are_not_to_be_had(root, ada):
    whole = predicted(7)
    part(ada, whole, of=whole)
    bo = entered(root, "Bo")

    answer = sent(bo, f"/tasks/{task_of(bo)}/submissions", {}, sha256=sha256(whole).hexdigest())

    assert (answer.status_code, answer.json()["code"]) == (404, "upload.missing")


def test_files_of_a_task_are_for_those_who_take_part(root, ada, visitor):
    task, stranger = task_of(ada), Caller(make_person())
    asked = {
        "kit": ("get", f"/tasks/{task}/kit"),
        "format": ("get", f"/tasks/{task}/format"),
        "arrived": ("get", f"/tasks/{task}/uploads/{'0' * 64}"),
        "part": ("patch", f"/tasks/{task}/uploads/{'0' * 64}?offset=0"),
        "board": ("get", f"/tasks/{task}/board.csv"),
        "rounds": ("get", "/rounds"),
    }

    everybody = (visitor, stranger, ada, root)
    answers = {name: [status_of(who.call(*what)) for who in everybody] for name, what in asked.items()}

    assert answers == {
        "kit": [401, 404, 200, 200],
        "format": [401, 404, 200, 200],
        "arrived": [401, 403, 200, 403],
        "part": [401, 403, 200, 403],
        "board": [200, 200, 200, 200],
        "rounds": [401, 200, 200, 200],
    }


def test_rounds_are_ones_own_with_their_names_and_attempts(root, ada):
    hand_in(ada, 5)
    bo = entered(root, "Bo")

    [mine] = ada.get("/rounds")["items"]

    assert (mine["id"], mine["name"], mine["deadline"]) == (
        task_of(ada), "race/sprint/cats", "2026-04-01T00:00:00+09:00",
    )  # fmt: skip
    assert mine["today"] == {"used": 1, "of": 3, "renews_at": "2026-03-16T00:00:00+09:00"}
    assert [one["today"]["used"] for one in bo.get("/rounds")["items"]] == [0]
    assert root.get("/rounds")["items"] == []


def test_only_operators_set_tasks_up(ada):
    answer = sent(ada, f"{AT}/tasks", {"labels": labelled()}, option="dogs", metric="accuracy")

    assert answer.status_code == 403


def test_labels_that_are_not_in_order_are_refused_with_their_place(root):
    answer = sent(root, f"{AT}/tasks", {"labels": b"id,label\na,yes\na,no\n"}, option="dogs", metric="accuracy")

    assert answer.status_code == 422
    assert answer.json()["facts"]["errors"][0]["row"] == 3


def test_last_minute_of_the_last_day_is_in_time(ada):
    clock.set_clock(datetime(2026, 3, 31, 14, 59, tzinfo=UTC))

    answer = sent(ada, f"/tasks/{task_of(ada)}/submissions", {"file": predicted(5)})

    assert answer.status_code == 201


@pytest.mark.sandbox
def test_code_that_is_no_archive_is_told_so_in_the_attempts_own_document(root):
    task = make_task(code="allowed", opens_at=None, closes_at=None)
    entrant = make_entrant(task)
    attempt = judge(offer(entrant, io.BytesIO(b"no archive"), kind="code"))

    told = Caller(member(entrant)).get(f"/submissions/{attempt.pk}")

    assert (told["state"], "Only zip, tar" in told["cause"]["en"], told["flaws"]) == ("refused", True, [])


def test_what_failed_is_judged_again_by_those_who_run_the_round():
    with clock.at(START):
        entrant = make_entrant(make_task())
        submission = offer(entrant)
        judge(submission)
    way, organiser = f"/submissions/{submission.pk}/again", Caller(entrant.task.round.organisers.get())
    assert organiser.post(way, status=409)["code"] == "state.move"
    type(submission).objects.update(state="failed", public_score=None, final_score=None)

    assert Caller(member(entrant)).call("post", way).status_code == 403
    assert organiser.post(way) == {"id": str(submission.pk), "state": "received"}
    drain()

    submission.refresh_from_db()
    assert submission.state == "scored"
