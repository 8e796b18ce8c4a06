"""Work handed in: a draft that saves itself, files, versions with their receipts, more time for one."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.learning.events import HandedIn
from dure.learning.files import MOST_ATTACHMENT, SHELF
from dure.learning.models import (
    Assignment,
    AssignmentState,
    Enrolment,
    HandIn,
    Mark,
    MarkState,
    Work,
    WorkFile,
    WorkMember,
)
from dure.learning.operations.assignments.counting import recount
from dure.learning.operations.assignments.sharing import share_out
from dure.learning.queries.assignments import rubric_of
from dure.people.days import for_reader
from dure.people.models import NoticeKind, Person
from dure.people.operations import tell
from dure.store.shelves import Received
from dure.store.transactions import durable

MOST_FILES = 20
MOST_DRAFT = 100_000
_CLOSED = Text(
    ko="제출 기한이 지났습니다. 사정이 있으면 강사에게 연장을 요청하세요.",
    en="It is too late to hand this in. If there is a reason, ask an instructor for more time.",
)
_BEGUN = Text(ko="채점이 시작되어 다시 제출할 수 없습니다.", en="It is being marked, so it cannot be handed in again.")
_EMPTY = Text(ko="글을 쓰거나 파일을 올린 뒤 제출하세요.", en="Write something or add a file, then hand it in.")
_ELSEWHERE = Text(
    ko="다른 탭이나 기기, 또는 모둠원이 먼저 고쳤습니다. 지금 저장된 글을 확인하세요.",
    en="It was changed elsewhere: in another tab, on another device, or by somebody of the group. See what is saved.",
)
_LONG = Text(
    ko="글은 {most:,}자까지입니다. 파일로 올리세요.", en="A text has at most {most:,} letters. Add it as a file."
)
_SAME_NAME = Text(
    ko="같은 이름의 파일이 있습니다: {name}. 먼저 지우거나 이름을 바꾸세요.",
    en="A file of that name is there: {name}. Remove it first, or rename yours.",
)
_MANY = Text(ko="파일은 {most}개까지 올릴 수 있습니다.", en="At most {most} files can be added.")
_HANDED = Text(ko="모둠의 과제가 제출되었습니다: {title}", en="Your group has handed in: {title}")
_EARLIER = Text(
    ko="개인 기한은 모두의 기한({due})보다 늦어야 합니다.", en="More time ends after everybody's own: later than {due}."
)
_EXTENDED = Text(ko="과제 ‘{title}’의 기한이 연장되었습니다.", en="You have more time for {title}.")


@transaction.atomic
def begin(assignment: Assignment, *, enrolment: Enrolment) -> Work:
    """The work of somebody: their group's, or one of their own that begins now."""
    there = _member(assignment, enrolment)
    if there is not None:
        return there.work
    try:
        with transaction.atomic():
            work = Work.objects.create(assignment=assignment)
            WorkMember.objects.create(work=work, assignment=assignment, enrolment=enrolment)
    except IntegrityError:  # begun in another tab meanwhile
        return (
            WorkMember.objects.select_related("work__assignment").get(assignment=assignment, enrolment=enrolment).work
        )
    return work


def _member(assignment: Assignment, enrolment: Enrolment) -> WorkMember | None:
    rows = WorkMember.objects.select_related("work__assignment__cohort__course")
    return rows.filter(assignment=assignment, enrolment=enrolment).first()


def keep_draft(work: Work, *, text: str, saves: int) -> Work:
    """Keep what is written so far. ``saves``: how often it had been saved when it was changed; the same again counts
    once. Raises Refused("work.elsewhere") with what stands there, Flawed("work.long"), and as ``hand_in``.
    """
    if len(text) > MOST_DRAFT:
        raise Flawed("work.long", _LONG.format(most=MOST_DRAFT), errors=[])
    with transaction.atomic():
        row = _taking(work)
        if row.draft == text and row.saves in {saves, saves + 1}:
            return row
        there = Work.objects.filter(pk=row.pk, saves=saves)
        if not there.update(draft=text, saves=saves + 1, saved_at=clock.now()):
            raise Refused("work.elsewhere", _ELSEWHERE, saves=row.saves, draft=row.draft)
        row.refresh_from_db(fields=["draft", "saves", "saved_at"])
        return row


def attach(work: Work, content: Iterable[bytes], *, name: str) -> WorkFile:
    """Lay a file beside the draft. Raises TooLarge, Refused("file.empty", "work.file", "work.files")."""
    with SHELF.received(content, most=MOST_ATTACHMENT) as file:
        return attach_received(work, file, name=name)


@transaction.atomic
def attach_received(work: Work, file: Received, *, name: str) -> WorkFile:
    """The same for a file that has come in. Raises Refused("work.file", "work.files")."""
    plain = "".join(sign for sign in name if sign.isprintable() and sign not in "/\\")[:200] or "file"
    row = _taking(work)
    if row.files.filter(hand_in=None).count() >= MOST_FILES:
        raise Refused("work.files", _MANY.format(most=MOST_FILES))
    try:
        with transaction.atomic():
            made = WorkFile.objects.create(work=row, name=plain, sha256=file.sha256, size=file.size)
    except IntegrityError:
        raise Refused("work.file", _SAME_NAME.format(name=plain)) from None
    SHELF.keep(file)
    record("work.attached", row, after={"name": plain, "sha256": file.sha256})
    return made


@transaction.atomic
def detach(file: WorkFile) -> None:
    """Take a file away from the draft; what was handed in keeps it."""
    _taking(file.work)
    record("work.detached", file.work, before={"name": file.name, "sha256": file.sha256})
    file.delete()


def hand_in(work: Work, *, by: Person) -> HandIn:
    """Hand in what the draft holds: a version of its own, which nothing changes any more, and its receipt.

    Raises Refused("work.closed") past its time, Refused("work.begun") once graders have begun, Flawed("work.empty").
    """
    with durable():
        row = _taking(work)
        files = list(row.files.filter(hand_in=None))
        if not row.draft.strip() and not files:
            raise Flawed("work.empty", _EMPTY, errors=[{"text": _EMPTY.as_dict()}])
        made = HandIn.objects.create(
            work=row, number=row.handed_in + 1, rubric=rubric_of(row.assignment), text=row.draft, by=by,
            at=clock.now(), fingerprint=_fingerprint(row.draft, files),
        )  # fmt: skip
        for file in files:
            WorkFile.objects.create(work=row, hand_in=made, name=file.name, sha256=file.sha256, size=file.size)
        Work.objects.filter(pk=row.pk).update(handed_in=made.number)
        told = {"number": made.number, "fingerprint": made.fingerprint, "files": len(files)}
        record("work.handed-in", made, after=told, about=by)
        share_out(row.assignment, works=[row])
        _tell_others(row, by)
        publish(HandedIn(made.pk))
        return made


def _fingerprint(text: str, files: Sequence[WorkFile]) -> str:
    told = [text, sorted((file.name, file.sha256) for file in files)]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _tell_others(work: Work, by: Person) -> None:
    others = work.members.exclude(enrolment__person=by).values_list("enrolment__person", flat=True)
    text = _HANDED.format(title=work.assignment.title)
    tell(others, kind=NoticeKind.RECEIPT, text=text, path=f"/learn/assignments/{work.assignment_id}/")


def _taking(work: Work) -> Work:
    """The work's row, held, where something can be handed in now."""
    row = Work.objects.select_for_update(of=("self",)).select_related("assignment__cohort__course").get(pk=work.pk)
    if row.assignment.state != AssignmentState.OPEN or row.is_over:
        raise Refused("work.closed", _CLOSED, closes_at=row.closes_at)
    if row.is_due and row.handed_in and is_begun(row):
        raise Refused("work.begun", _BEGUN)
    return row


def is_begun(work: Work) -> bool:
    """Whether somebody has begun to mark it."""
    return work.markings.filter(saves__gt=0).exists() or Mark.objects.filter(work=work).exists()


@transaction.atomic
def extend(assignment: Assignment, *, enrolment: Enrolment, until: datetime | None) -> Work:
    """Give one learner, and their group with them, a due time of their own (None: everybody's again).

    What lateness costs is counted anew, unless the mark is out. Raises Flawed where it is no later than everybody's.
    """
    if until and assignment.due_at and until <= assignment.due_at:
        sentence = _EARLIER.format(due=for_reader(assignment.due_at, closes=True))
        raise Flawed("work.earlier", sentence, errors=[{"field": "until", "text": sentence.as_dict()}])
    work = begin(assignment, enrolment=enrolment)
    before, work.extended_until = work.extended_until, until
    Work.objects.filter(pk=work.pk).update(extended_until=until)
    record("work.extended", work, before={"until": before}, after={"until": until}, about=enrolment.person)
    mark = Mark.objects.select_related("hand_in").filter(work=work).exclude(state=MarkState.RELEASED).first()
    if mark is not None:
        recount(mark)
    if until:
        told = work.members.values_list("enrolment__person", flat=True)
        path = f"/learn/assignments/{assignment.pk}/"
        tell(told, kind=NoticeKind.OPENED, text=_EXTENDED.format(title=assignment.title), path=path)
    return work
