"""Forms over HTTP: what is asked and known, drafts in two windows, files, receipts, and who sees what of them."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dure.applications import files
from dure.core import clock
from dure.jobs.worker import drain
from dure.people.models import Source
from dure.people.operations import state_fact
from tests.api.conftest import Caller
from tests.factories import make_member, make_operator, make_organisation, make_person

pytestmark = pytest.mark.django_db

GRANT = """
blueprint: grant
title: {en: Grant, ko: 지원금}
subject: person
parties:
  host: {kind: company}
roles:
  head: {at: host, can: [decide]}
  judge: {at: host, can: [review]}
stages:
  - id: apply
    kind: form
    entry: open
    when: {from: 2026-03-01, to: 2026-03-31}
    do:
      ask: [motive, degree, {gpa: number}, {track: [ai, data]}]
      attach: [transcript]
    gate:
      - decide: {role: head}
words:
  motive: {en: Motive, ko: 지원 동기}
  track: {en: Track, ko: 분야}
  ai: {en: AI, ko: 인공지능}
  data: {en: Data, ko: 데이터}
  transcript: {en: Transcript, ko: 성적 증명서}
"""
BEFORE, DURING, AFTER = (datetime(2026, month, 15, tzinfo=UTC) for month in (2, 3, 4))
ANSWERS = {"motive": "함께 배우고 싶습니다", "degree": "bachelor", "gpa": 3.5, "track": "ai"}
PDF = b"%PDF-1.7 transcript"


class Grant:
    """``ada`` fills in her form in March; ``head`` decides, ``judge`` reviews, ``bo`` applies too."""

    def __init__(self) -> None:
        clock.set_clock(BEFORE)
        host = make_organisation("host")
        self.root = Caller(make_operator())
        self.head, self.judge = (Caller(make_member(host).person) for _ in range(2))
        self.ada, self.bo, self.stranger = (Caller(make_person(name=name)) for name in ("Ada", "Bo", "Cy"))
        state_fact(self.ada.person, "degree", "bachelor", source=Source.ASKED, by=self.ada.person)
        self.root.post("/programmes", {"slug": "grant", "source": GRANT, "parties": {"host": ["host"]}}, 201)
        for role, who in (("head", self.head), ("judge", self.judge)):
            self.root.post("/programmes/grant/seats", {"role": role, "email": who.person.email}, 201)
        self.root.post("/programmes/grant/publish")
        self.root.post("/programmes/grant/open")
        turns = [who.post("/programmes/grant/stages/apply/entries", {}, 201) for who in (self.ada, self.bo)]
        drain()
        clock.set_clock(DURING)
        self.root.post("/programmes/grant/tick")
        self.turn = f"/turns/{turns[0]['id']}"
        self.form = f"{self.turn}/form"

    def save(self, answers=ANSWERS, *, version=1, status=200):
        return self.ada.patch(self.form, {"answers": answers, "version": version}, status)

    def attach(self, content=PDF, *, who=None, wanted="transcript", name="성적.pdf", key=""):
        """The response."""
        who = who or self.ada
        headers = {"Accept-Language": "en", "Idempotency-Key": key or str(uuid4())}
        if who.secret:
            headers["Authorization"] = f"Bearer {who.secret}"
        sent = {"file": SimpleUploadedFile(name, content)}
        return who.client.post(f"/api/v1{self.form}/files/{wanted}", sent, headers=headers)

    def complete(self):
        """Everything answered and attached; the version that may be sent."""
        assert self.attach().status_code == 201
        return self.save()["version"]

    def send(self, version, *, status=201):
        return self.ada.post(f"{self.form}/send", {"version": version}, status)


@pytest.fixture
def grant(db, settings, tmp_path) -> Grant:
    settings.MEDIA_ROOT = tmp_path
    return Grant()


def answers_of(form) -> dict[str, object]:
    return {question["name"]: question["answer"] for question in form["questions"]}


def fields(flaws) -> list[str]:
    return [flaw["field"] for flaw in flaws]


# --- what is asked


def test_form_says_in_both_languages_what_it_asks_and_what_is_known_from_where(grant):
    form = grant.ada.get(grant.form)

    questions = form["questions"]
    assert [(q["name"], q["label"]["ko"], q["type"], [c["label"]["en"] for c in q["choices"]]) for q in questions] == [
        ("motive", "지원 동기", "text", []),
        ("degree", "degree", "text", []),
        ("gpa", "gpa", "number", []),
        ("track", "분야", "choice", ["AI", "Data"]),
    ]
    assert {q["name"]: q["source"]["en"] for q in questions if q["source"]} == {"degree": "what you answered before"}
    assert form["attachments"] == [
        {"name": "transcript", "label": {"ko": "성적 증명서", "en": "Transcript"}, "required": True, "file": None}
    ]
    assert (form["state"], form["version"], form["editable"], form["receipt"]) == ("draft", 1, True, None)
    assert form["editable_until"] == "2026-04-01T00:00:00+09:00"
    assert fields(form["flaws"]) == ["motive", "gpa", "track", "transcript"]


def test_form_that_has_not_opened_is_not_there(grant):
    clock.set_clock(BEFORE)
    early = Caller(make_person())
    turn = early.post("/programmes/grant/stages/apply/entries", {}, 201)

    refused = early.get(f"/turns/{turn['id']}/form", 404)

    assert refused["code"] == "application.none"


# --- drafts


def test_draft_keeps_what_is_typed_right_or_wrong_and_says_what_is_wrong(grant):
    form = grant.save({"motive": "…", "gpa": "high", "degree": None})

    assert answers_of(form) == {"motive": "…", "degree": None, "gpa": "high", "track": None}
    assert (form["version"], fields(form["flaws"])) == (2, ["degree", "gpa", "track", "transcript"])
    assert form == grant.ada.get(grant.form)


def test_second_window_is_told_that_another_saved_first(grant):
    grant.save({"motive": "first"})

    refused = grant.save({"motive": "second"}, status=409)

    assert (refused["code"], refused["facts"]) == ("application.changed", {"version": 2})
    assert answers_of(grant.ada.get(grant.form))["motive"] == "first"


def test_question_that_is_not_asked_is_named(grant):
    refused = grant.save({"salary": 1}, status=422)

    assert fields(refused["facts"]["errors"]) == ["salary"]


# --- files


def test_file_is_attached_shown_in_the_form_and_handed_out_to_be_saved(grant):
    attached = grant.attach().json()

    answer = grant.ada.call("get", f"/files/{attached['id']}")

    assert {**attached, "id": "…", "attached_at": "…"} == {
        "id": "…", "wanted": "transcript", "name": "성적.pdf", "kind": "pdf", "size": len(PDF),
        "sha256": sha256(PDF).hexdigest(), "attached_at": "…",
    }  # fmt: skip
    assert grant.ada.get(grant.form)["attachments"][0]["file"] == attached
    assert answer.getvalue() == PDF
    assert {name: answer[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Disposition")} == {
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "attachment; filename*=utf-8''%EC%84%B1%EC%A0%81.pdf",
    }


def test_repeated_key_attaches_once(grant):
    first = grant.attach(key="once")

    again = grant.attach(key="once")
    other = grant.attach(PDF + b" other", key="once")

    assert (again.json(), again["Idempotency-Replayed"]) == (first.json(), "true")
    assert (other.status_code, other.json()["code"]) == (422, "request.key")
    assert [path.name for path in files.root().rglob("*") if path.is_file()] == [first.json()["sha256"]]


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"content": b"MZ a program"}, 409, "file.acts"),
        ({"content": b""}, 409, "file.empty"),
        ({"content": PDF + bytes(100)}, 413, "file.large"),
        ({"name": "transcript.docx"}, 409, "file.misnamed"),
        ({"wanted": "photo"}, 404, "attachment.unknown"),
    ],
)
def test_file_that_is_not_taken_is_refused_with_its_reason(grant, settings, sent, status, code):
    settings.ATTACHMENT_BYTES = 100

    answer = grant.attach(**sent)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert grant.ada.get(grant.form)["attachments"][0]["file"] is None


def test_file_is_taken_away_again(grant):
    grant.attach()

    form = grant.ada.delete(f"{grant.form}/files/transcript")

    assert form["attachments"][0]["file"] is None
    assert grant.ada.delete(f"{grant.form}/files/transcript", 404)["code"] == "attachment.none"


# --- sending


def test_sending_hands_in_and_gives_a_receipt(grant):
    receipt = grant.send(grant.complete())

    assert set(receipt) == {"id", "received_at", "stage", "deadline", "quota", "sha256"}
    assert (receipt["stage"], receipt["deadline"], receipt["quota"]) == ("apply", "2026-04-01T00:00:00+09:00", None)
    assert grant.ada.get(grant.form)["receipt"] == receipt
    turn = grant.ada.get(grant.turn)
    assert (turn["state"], turn["evidence"]["values"]) == ("handed-in", {**ANSWERS, "files": 1})


def test_same_answers_again_give_the_same_receipt_and_others_a_new_one(grant):
    version = grant.complete()
    first = grant.send(version)

    again = grant.send(version)
    version = grant.save({"gpa": 4}, version=version)["version"]
    newer = grant.send(version)

    assert again == first
    assert newer["id"] != first["id"]
    assert grant.ada.get(grant.turn)["evidence"]["values"]["gpa"] == 4


def test_what_is_missing_is_listed_and_nothing_is_handed_in(grant):
    refused = grant.send(1, status=422)

    assert fields(refused["facts"]["errors"]) == ["motive", "gpa", "track", "transcript"]
    assert grant.ada.get(grant.turn)["state"] == "open"


def test_nothing_can_be_changed_or_sent_after_the_deadline(grant):
    version = grant.complete()
    clock.set_clock(AFTER)

    refused = [
        grant.save({"gpa": 4}, version=version, status=409),
        grant.attach().json(),
        grant.ada.delete(f"{grant.form}/files/transcript", 409),
        grant.send(version, status=409),
    ]

    assert [problem["code"] for problem in refused] == ["application.closed"] * 4
    assert grant.ada.get(grant.form)["editable"] is False


def test_nothing_can_be_changed_once_it_is_decided(grant):
    version = grant.complete()
    grant.send(version)
    turn = grant.turn.removeprefix("/turns/")
    grant.head.post(f"/turns/{turn}/says", {"step": 0, "yes": True}, 201)
    drain()

    refused = grant.save({"gpa": 4}, version=version, status=409)

    assert (refused["code"], grant.ada.get(grant.form)["editable"]) == ("turn.not-open", False)


# --- who sees what


def test_form_is_its_holders_to_write_and_seen_by_those_who_oversee(grant):
    file = grant.attach().json()["id"]
    callers = (Caller(), grant.stranger, grant.bo, grant.judge, grant.head, grant.root, grant.ada)

    def statuses(method, path, body=None):
        answers = [who.call(method, path, body) for who in callers]
        return tuple(answer.status_code for answer in answers if answer.getvalue())  # read to its end: a file is open

    assert {
        "form": statuses("get", grant.form),
        "file": statuses("get", f"/files/{file}"),
        "save": statuses("patch", grant.form, {"answers": {}, "version": 1}),
        "attach": tuple(grant.attach(who=who).status_code for who in callers),
        "send": statuses("post", f"{grant.form}/send", {"version": 2}),
        "detach": statuses("delete", f"{grant.form}/files/transcript"),
    } == {
        "form": (401, 404, 404, 404, 200, 200, 200),
        "file": (401, 404, 404, 404, 200, 200, 200),
        "save": (401, 404, 404, 404, 403, 403, 200),
        "attach": (401, 404, 404, 404, 403, 403, 201),
        "send": (401, 404, 404, 404, 403, 403, 422),
        "detach": (401, 404, 404, 404, 403, 403, 200),
    }


def test_others_see_what_was_sent_and_never_the_draft(grant):
    before = grant.head.get(grant.form)
    version = grant.complete()
    grant.send(version)
    grant.save({"motive": "not sent yet"}, version=version)
    grant.attach(PDF + b" newer")

    after = grant.head.get(grant.form)

    assert answers_of(before) == {"motive": None, "degree": None, "gpa": None, "track": None}
    assert (answers_of(after), after["flaws"]) == (ANSWERS, [])
    assert after["attachments"][0]["file"]["sha256"] == sha256(PDF).hexdigest()
    assert answers_of(grant.ada.get(grant.form))["motive"] == "not sent yet"


def test_more_files_and_receipts_cost_no_more_queries(grant):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            grant.ada.get(grant.form)
        return len(seen)

    version = grant.complete()
    grant.send(version)
    first = queries()
    for number in range(3):
        grant.attach(PDF + bytes([number + 65]))
        version = grant.save({"gpa": number}, version=version)["version"]
        grant.send(version)

    assert queries() == first <= 20
