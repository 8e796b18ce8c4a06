"""Every write of this room: a form is kept, an application opened, saved, given files and sent."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from dure.applications import files, rules
from dure.applications.events import ApplicationSent
from dure.applications.formats import kind_of, shown_name
from dure.applications.models import (
    APPLICATION_MOVES,
    Application,
    ApplicationState,
    Attachment,
    Form,
    Receipt,
)
from dure.applications.queries import attached, is_editable, latest_receipt, standing
from dure.applications.questions import UNKNOWN, Answer, Flaw, Question, Wanted, cleaned, flaw, is_blank, typed
from dure.audit.operations import erase_texts, record
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Missing, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import Person
from dure.store.chunks import chunked
from dure.store.models import move
from dure.store.transactions import durable


@dataclass(frozen=True, slots=True)
class Prefilled:
    """An answer that Dure already has, and from where, as it is shown to the one who fills in the form."""

    value: Any
    source: Text


@dataclass(frozen=True, slots=True)
class Draft:
    """An application to be opened: who (ids of persons) fills it in, with what in it already."""

    holders: Sequence[UUID]
    prefill: Mapping[str, Prefilled] = field(default_factory=dict)
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was sent for ``wanted`` and is not attached yet."""

    file: files.Received
    application: Application
    wanted: str
    name: str
    kind: str
    by: Person


@transaction.atomic
def keep_form(questions: Sequence[Question], *, attachments: Sequence[Wanted] = ()) -> Form:
    """The form that asks this; made where there is none. Names are unique among questions and attachments.

    Like ``open_all`` it follows from what somebody did elsewhere, and the log has it there.
    """
    names = [question.name for question in questions] + [wanted.name for wanted in attachments]
    if len(names) != len(set(names)):
        sentence = Text(ko="같은 이름의 항목이 두 번 있습니다.", en="Two fields have the same name.")
        raise Flawed("form.names", sentence, names=sorted(names))
    asked = {
        "questions": [question.as_dict() for question in questions],
        "attachments": [wanted.as_dict() for wanted in attachments],
    }
    form, _ = Form.objects.get_or_create(sha256=_digest(asked), defaults=asked)
    return form


@transaction.atomic
def open_application(
    form: Form,
    *,
    by: Person,
    prefill: Mapping[str, Prefilled] | None = None,
    closes_at: datetime | None = None,
) -> Application:
    """A draft of one person's."""
    application = open_all(form, [Draft([by.pk], prefill or {}, closes_at)])[0]
    record("application.opened", application, after={"form": form.pk}, about=by)
    return application


@transaction.atomic
def open_all(form: Form, drafts: Sequence[Draft]) -> list[Application]:
    """A draft for each of ``drafts``, in their order. Of what is known only what fits its question is filled in."""
    asked = {question.name: question for question in form.asked}
    opened = [_opened(form, asked, draft) for draft in drafts]
    Application.objects.bulk_create(opened, batch_size=1000)
    links = Application.holders.through
    pairs = [
        links(application_id=application.pk, person_id=person)
        for application, draft in zip(opened, drafts, strict=True)
        for person in draft.holders
    ]
    for piece in chunked(pairs, 1000):
        links._default_manager.bulk_create(piece)
    return opened


def _opened(form: Form, asked: Mapping[str, Question], draft: Draft) -> Application:
    prefilled = {}
    for name, known in draft.prefill.items():
        value = _fitting(asked.get(name), known.value)
        if value is not None:
            prefilled[name] = {"value": value, "source": known.source.as_dict()}
    answers = {name: filled["value"] for name, filled in prefilled.items()}
    return Application(form=form, answers=answers, prefilled=prefilled, closes_at=draft.closes_at)


def _fitting(question: Question | None, value: object) -> Answer | None:
    try:
        return typed(question, cleaned(value)) if question and not is_blank(value) else None
    except Flawed:
        return None


@transaction.atomic
def save(application: Application, *, answers: Mapping[str, Any], version: int, by: Person) -> Application:
    """Keep ``answers`` (those that changed; None or "" clears one) as they were typed in, right or wrong.

    ``version`` is the one the writer saw: Refused("application.changed") where another window saved since. Drafts
    are not audited: only what is sent counts.
    """
    _check_may(application, by)
    seen = _seen(application, version)
    kept = {**seen.answers, **_kept(application.form, answers)}
    values = {"answers": {n: v for n, v in kept.items() if not is_blank(v)}, "saved_at": clock.now()}
    if Application.objects.filter(pk=seen.pk, version=version).update(version=F("version") + 1, **values) != 1:
        raise _changed(seen.pk)
    application.refresh_from_db()
    return application


def _kept(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    known = {question.name for question in form.asked}
    flaws: list[Flaw] = [flaw(name, UNKNOWN) for name in answers if name not in known]
    kept: dict[str, Any] = {}
    for name in known & answers.keys():
        try:
            kept[name] = None if answers[name] is None else cleaned(answers[name])
        except Flawed as wrong:
            flaws.append(flaw(name, wrong.text))
    if flaws:
        raise _flawed(flaws)
    return kept


def _seen(application: Application, version: int) -> Application:
    """The row as it stands, which must be the version that was seen."""
    row = Application.objects.filter(pk=application.pk, version=version).first()
    if row is None:
        raise _changed(application.pk)
    return row


def attach(application: Application, wanted: str, *, content: Iterable[bytes], name: str, by: Person) -> Attachment:
    """Receive a file and accept it, for callers that hold no transaction. Raises as those two do."""
    with receive(application, wanted, content=content, name=name, by=by) as received:
        return accept(received)


@contextmanager
def receive(
    application: Application, wanted: str, *, content: Iterable[bytes], name: str, by: Person
) -> Iterator[Received]:
    """Hold a file (``content``: its bytes in pieces), to be accepted inside the block; what is not, is gone after it.

    Copying takes as long as the disk does, so it belongs before a transaction; however long it took, the moment of
    arrival counts. Raises Forbidden, Refused after the deadline and for what is not taken, Missing, TooLarge.
    """
    _check_may(application, by)
    _check_wanted(application, wanted)
    shown = shown_name(name)
    with files.received(content) as file:
        yield Received(file, application, wanted, shown, kind_of(file.path, shown), by)


@transaction.atomic
def accept(received: Received) -> Attachment:
    """Attach what was received, in the place of the file that stood there."""
    application, file, wanted = received.application, received.file, received.wanted
    attached(application).filter(wanted=wanted).update(detached_at=clock.now())
    try:
        with transaction.atomic():
            attachment = Attachment.objects.create(
                application=application, wanted=wanted, name=received.name, kind=received.kind, size=file.size,
                sha256=file.sha256, attached_by=received.by,
            )  # fmt: skip
    except IntegrityError:
        raise _changed(application.pk) from None
    told = {"wanted": wanted, "name": attachment.name, "sha256": attachment.sha256}
    record("application.attached", application, after=told, about=received.by)
    files.keep(file)
    return attachment


@transaction.atomic
def detach(application: Application, wanted: str, *, by: Person) -> None:
    """Take the file that stands under ``wanted`` away."""
    _check_may(application, by)
    if not attached(application).filter(wanted=wanted).update(detached_at=clock.now()):
        raise Missing("attachment.none", Text(ko="첨부된 파일이 없습니다.", en="There is no such file."))
    record("application.detached", application, after={"wanted": wanted}, about=by)


def send(application: Application, *, version: int, by: Person) -> Receipt:
    """Send what stands, for the first time or again. Raises Flawed with a line for everything missing or wrong.

    The receipt is on disk when this returns. Sending again what has not changed gives the same receipt.
    """
    with durable():
        _check_may(application, by)
        seen = _seen(application, version)
        answers, flaws = standing(seen)
        if flaws:
            raise _flawed(flaws)
        receipt = _received(seen, answers, by)
        application.refresh_from_db()
        publish(ApplicationSent(application.pk, receipt.pk, by.pk))
    return receipt


def _received(application: Application, answers: Mapping[str, Answer], by: Person) -> Receipt:
    digests = dict(attached(application).values_list("wanted", "sha256"))
    digest = _digest({"answers": answers, "files": digests})
    last = latest_receipt(application)
    if last is not None and last.sha256 == digest:
        return last
    number, now = application.sendings + 1, clock.now()
    here = Application.objects.filter(pk=application.pk, version=application.version, sendings=number - 1)
    if here.update(sendings=number) != 1:
        raise _changed(application.pk)
    move(application, ApplicationState.SENT, by=APPLICATION_MOVES, sent_at=now)
    receipt = Receipt.objects.create(
        application=application, number=number, answers=answers, files=digests, sha256=digest, sent_by=by,
        received_at=now,
    )  # fmt: skip
    record("application.sent", application, after={"receipt": receipt.pk, "sha256": digest}, about=by)
    return receipt


@transaction.atomic
def set_deadline(application: Application, closes_at: datetime | None) -> Application:
    """Let the application be filled in until another moment (None: no deadline), which somebody set elsewhere."""
    Application.objects.filter(pk=application.pk).update(closes_at=closes_at)
    application.closes_at = closes_at
    return application


def _check_may(application: Application, by: Person) -> None:
    if not rules.may_fill(by, application):
        sentence = Text(ko="본인의 신청서만 작성할 수 있습니다.", en="You can only fill in your own application.")
        raise Forbidden("application.not-yours", sentence)
    if not is_editable(application):
        sentence = Text(
            ko="마감 시각이 지나 더는 고치거나 보낼 수 없습니다.",
            en="The deadline has passed. Nothing can be changed or sent any more.",
        )
        raise Refused("application.closed", sentence, closes_at=application.closes_at)


def _check_wanted(application: Application, wanted: str) -> None:
    names = [file.name for file in application.form.wanted]
    if wanted not in names:
        sentence = Text(ko="이 신청서는 그런 파일을 받지 않습니다.", en="The form asks for no such file.")
        raise Missing("attachment.unknown", sentence, wanted=names)


def _flawed(flaws: Sequence[Flaw]) -> Flawed:
    sentence = Text(
        ko="{n}개 항목을 확인해 주세요. 항목마다 무엇을 고칠지 적혀 있습니다.",
        en="Check {n} fields; beside each stands what to correct.",
    )
    return Flawed("application.flawed", sentence.format(n=len(flaws)), errors=list(flaws))


def _changed(application: UUID) -> Refused:
    current = Application.objects.values_list("version", flat=True).get(pk=application)
    sentence = Text(
        ko="다른 창이나 다른 사람이 먼저 저장했습니다. 새로 고쳐 최신 내용을 확인한 뒤 다시 저장하세요.",
        en="Another window or person saved first. Reload to see what is there now, then save again.",
    )
    return Refused("application.changed", sentence, version=current)


def _digest(said: Mapping[str, Any]) -> str:
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


@transaction.atomic
def forget_answers(person: Person) -> None:
    """Erase what somebody alone wrote and attached, who is forgotten; that it was sent, and when, stays.

    The attached bytes go with the next look for files that nothing tells of.
    """
    own = [row for row in person.applications.all() if not row.holders.exclude(pk=person.pk).exists()]
    ids = [application.pk for application in own]
    for application in own:
        erase_texts(application)
    Attachment.objects.filter(application__in=ids).delete()
    Receipt.objects.filter(application__in=ids).update(answers={}, files={})
    Application.objects.filter(pk__in=ids).update(answers={}, prefilled={})
