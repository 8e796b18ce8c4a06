"""Drafts, files and receipts."""

from datetime import timedelta
from hashlib import sha256

import pytest

from dure.applications import files
from dure.applications.events import ApplicationSent
from dure.applications.models import Application, ApplicationState, Form
from dure.applications.operations import (
    Prefilled,
    accept,
    attach,
    detach,
    keep_form,
    open_application,
    receive,
    save,
    send,
    set_deadline,
)
from dure.applications.queries import attached, download, latest_receipt, sources, standing
from dure.applications.questions import Question, Wanted
from dure.audit.models import AuditRow
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Missing, Refused
from dure.core.events import on
from tests.applications.conftest import both
from tests.factories import make_person
from tests.people.races import race

pytestmark = pytest.mark.django_db
ANSWERS = {
    "motive": "함께 배우고 싶습니다", "gpa": "3.5", "start": "2027-03-02", "ready": True, "skills": "python, sql",
    "track": "ai",
}  # fmt: skip
TYPED = {**ANSWERS, "gpa": 3.5, "ready": "yes", "skills": ["python", "sql"]}
CV = b"%PDF-1.7 cv"


def refused(call, code):
    with pytest.raises(Refused) as refusal:
        call()
    assert refusal.value.code == code
    return refusal.value


def complete(draft, person):
    save(draft, answers=ANSWERS, version=draft.version, by=person)
    attach(draft, "cv", content=[CV[:5], CV[5:]], name="이력서.pdf", by=person)
    return draft


def sent(draft, person):
    return send(complete(draft, person), version=draft.version, by=person)


def on_disk():
    return sorted(path.name for path in files.root().rglob("*") if path.is_file())


def test_a_form_is_one_row_however_often_it_is_asked_for(form):
    same = keep_form(form.asked, attachments=form.wanted)
    other = keep_form(form.asked[:1])

    assert same == form
    assert set(Form.objects.all()) == {form, other}


def test_two_fields_of_one_name_are_refused(db):
    refused(lambda: keep_form([Question("cv", both("cv"))], attachments=[Wanted("cv", both("cv"))]), "form.names")


def test_only_what_fits_its_question_is_filled_in_and_its_source_is_shown(form, person):
    said = {"gpa": "3.9", "track": "sports", "skills": "", "unasked": "x"}
    prefill = {name: Prefilled(value, both("profile")) for name, value in said.items()}

    draft = open_application(form, by=person, prefill=prefill)

    assert draft.answers == {"gpa": 3.9}
    assert sources(draft) == {"gpa": both("profile")}


def test_a_draft_keeps_each_field_as_typed_in_right_or_wrong(draft, person):
    save(draft, answers={"motive": "a", "gpa": "not yet"}, version=1, by=person)
    save(draft, answers={"motive": "b", "remark": None}, version=2, by=person)

    assert (draft.answers, draft.version) == ({"motive": "b", "gpa": "not yet"}, 3)
    assert {flaw["field"] for flaw in standing(draft)[1]} == {"gpa", "start", "ready", "skills", "track", "cv"}


def test_a_second_window_does_not_overwrite_what_the_first_saved(draft, person):
    save(draft, answers={"motive": "first"}, version=1, by=person)

    refusal = refused(lambda: save(draft, answers={"motive": "second"}, version=1, by=person), "application.changed")

    assert refusal.facts == {"version": 2}
    assert Application.objects.get().answers == {"motive": "first"}


@pytest.mark.django_db(transaction=True)
def test_of_windows_that_save_at_the_same_time_one_wins(draft, person):
    def writer(text):
        return lambda: save(Application.objects.get(), answers={"motive": text}, version=1, by=person).version

    outcomes = race(*[writer(text) for text in "abcd"])

    assert sorted(str(outcome) for outcome in outcomes).count("2") == 1
    assert Application.objects.get().version == 2


def test_fields_that_the_form_does_not_ask_are_refused_all_at_once(draft, person):
    refusal = refused(
        lambda: save(draft, answers={"x": 1, "motive": {}, "gpa": 1}, version=1, by=person), "application.flawed"
    )

    assert {flaw["field"] for flaw in refusal.facts["errors"]} == {"x", "motive"}
    assert Application.objects.get().answers == {}


def test_sending_gives_a_receipt_and_tells(draft, person):
    heard = []
    on(ApplicationSent)(heard.append)

    receipt = sent(draft, person)

    assert (receipt.number, receipt.answers, receipt.files) == (1, TYPED, {"cv": sha256(CV).hexdigest()})
    assert (draft.state, draft.sent_at) == (ApplicationState.SENT, receipt.received_at)
    assert heard == [ApplicationSent(draft.pk, receipt.pk, person.pk)]
    assert list(AuditRow.objects.filter(action__startswith="application.").values_list("action", flat=True)) == [
        "application.opened", "application.attached", "application.sent",
    ]  # fmt: skip


def test_sending_lists_every_field_that_is_missing_or_wrong(draft, person):
    save(draft, answers={"gpa": "high"}, version=1, by=person)

    refusal = refused(lambda: send(draft, version=2, by=person), "application.flawed")

    assert isinstance(refusal, Flawed)
    assert [flaw["field"] for flaw in refusal.facts["errors"]] == [
        "motive", "gpa", "start", "ready", "skills", "track", "cv",
    ]  # fmt: skip
    assert latest_receipt(draft) is None


def test_the_same_content_sent_again_is_the_same_receipt(draft, person):
    first = sent(draft, person)

    assert send(draft, version=draft.version, by=person) == first
    assert draft.receipts.count() == 1


def test_what_was_sent_can_be_changed_and_sent_again(draft, person):
    first = sent(draft, person)
    save(draft, answers={"motive": "better"}, version=draft.version, by=person)

    second = send(draft, version=draft.version, by=person)

    assert (second.number, second.answers["motive"]) == (2, "better")
    first.refresh_from_db()
    assert first.answers == TYPED


def test_another_file_is_another_sending(draft, person):
    first = sent(draft, person)
    attach(draft, "cv", content=[CV + b"2"], name="cv2.pdf", by=person)

    second = send(draft, version=draft.version, by=person)

    assert (second.answers, second.files != first.files, second.sha256 != first.sha256) == (first.answers, True, True)


def test_what_one_window_shows_is_not_sent_after_another_saved(draft, person):
    complete(draft, person)
    seen = draft.version
    save(draft, answers={"motive": "changed elsewhere"}, version=seen, by=person)

    refused(lambda: send(draft, version=seen, by=person), "application.changed")


@pytest.mark.django_db(transaction=True)
def test_of_two_that_send_at_the_same_time_there_is_one_receipt(draft, person):
    complete(draft, person)

    race(*[lambda: send(Application.objects.get(), version=draft.version, by=person).pk] * 3)

    assert draft.receipts.count() == 1


def test_after_the_deadline_nothing_changes(form, person):
    noon = clock.now() + timedelta(hours=1)
    draft = complete(open_application(form, by=person, closes_at=noon), person)

    with clock.at(noon):
        for call in (
            lambda: save(draft, answers={}, version=draft.version, by=person),
            lambda: attach(draft, "cv", content=[CV], name="cv.pdf", by=person),
            lambda: detach(draft, "cv", by=person),
            lambda: send(draft, version=draft.version, by=person),
        ):
            refused(call, "application.closed")
        set_deadline(draft, noon + timedelta(hours=1))
        send(draft, version=draft.version, by=person)

    assert draft.state == ApplicationState.SENT


def test_only_a_holder_writes(draft):
    stranger = make_person()

    for call in (
        lambda: save(draft, answers={}, version=1, by=stranger),
        lambda: attach(draft, "cv", content=[CV], name="cv.pdf", by=stranger),
        lambda: detach(draft, "cv", by=stranger),
        lambda: send(draft, version=1, by=stranger),
    ):
        with pytest.raises(Forbidden):
            call()


def test_a_file_lies_under_its_hash_and_is_handed_out_to_be_saved(draft, person):
    attachment = attach(draft, "cv", content=[CV], name="../이력서.pdf", by=person)

    found = download(attachment)

    assert found.path.read_bytes() == CV
    assert on_disk() == [sha256(CV).hexdigest()]
    assert found.headers == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(CV)),
        "Content-Disposition": "attachment; filename*=utf-8''%EC%9D%B4%EB%A0%A5%EC%84%9C.pdf",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


def test_a_newer_file_takes_the_place_of_the_older_which_stays_for_its_receipts(draft, person):
    sent(draft, person)

    newer = attach(draft, "cv", content=[b"%PDF-1.7 newer"], name="new.pdf", by=person)

    assert list(attached(draft)) == [newer]
    assert len(on_disk()) == 2


def test_a_file_that_is_received_and_not_attached_leaves_nothing(draft, person):
    with receive(draft, "cv", content=[CV], name="cv.pdf", by=person):
        assert len(on_disk()) == 1

    assert (on_disk(), attached(draft).count()) == ([], 0)


def test_the_moment_a_file_arrives_counts_however_long_receiving_takes(form, person):
    noon = clock.now() + timedelta(hours=1)
    draft = open_application(form, by=person, closes_at=noon)

    with receive(draft, "cv", content=[CV], name="cv.pdf", by=person) as received, clock.at(noon):
        accept(received)

    assert attached(draft).get().wanted == "cv"


def test_a_file_can_be_taken_away_once(draft, person):
    attach(draft, "cv", content=[CV], name="cv.pdf", by=person)

    detach(draft, "cv", by=person)

    assert not attached(draft).exists()
    with pytest.raises(Missing):
        detach(draft, "cv", by=person)


@pytest.mark.parametrize(
    ("code", "wanted", "content"),
    [
        ("attachment.unknown", "photo", [CV]),
        ("file.empty", "cv", []),
        ("file.large", "cv", [b"%PDF-" + bytes(50), bytes(50)]),
        ("file.acts", "cv", [b"MZ executable"]),
    ],
)
def test_what_is_refused_leaves_nothing_behind(draft, settings, code, wanted, content):
    settings.ATTACHMENT_BYTES = 100

    refused(lambda: attach(draft, wanted, content=content, name="cv.pdf", by=draft.holders.get()), code)

    assert on_disk() == []
    assert not attached(draft).exists()
