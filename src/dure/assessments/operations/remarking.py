"""Questions that are called wrong: appealed against, answered, marked again by a proposal that shows its changes."""

from django.db import IntegrityError, transaction

from dure.assessments.content import Kind
from dure.assessments.events import ResultChanged
from dure.assessments.models import (
    APPEAL_MOVES,
    ENDED,
    REMARKING_MOVES,
    Appeal,
    AppealState,
    Asked,
    Attempt,
    AttemptState,
    Exam,
    Remarking,
    RemarkingState,
    Remedy,
    Version,
)
from dure.assessments.queries.remarking import Change, changes, marked_of
from dure.assessments.rules import sees_marks
from dure.assessments.scores import remedied
from dure.audit.operations import Part, record, record_many
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import NoticeKind, Person
from dure.people.operations import tell
from dure.store.models import move

_TEXT = Text(ko="이유를 쓰세요.", en="Write the reason.")
_ONCE = Text(ko="이 문항에는 이미 이의를 제기하셨습니다.", en="You have appealed against this question already.")
_NOT_YET = Text(ko="결과가 공개된 뒤 문항별로 이의를 제기할 수 있습니다.", en="Appeal once marks are released.")
_ANSWERED = Text(ko="이의 제기에 답변이 달렸습니다: {title}", en="Your appeal was answered: {title}")
_CHANGED = Text(ko="재채점으로 시험 결과가 바뀌었습니다: {title}", en="Marked again, your result changed: {title}")
_OPEN = Text(ko="이 문항의 재채점 제안이 이미 있습니다.", en="There is a proposal for this question already.")
_CODE = Text(
    ko="코드 문항은 제외하거나 모두에게 배점을 줄 수 있습니다.", en="A code question can be dropped, or given to all."
)
_SAME = Text(
    ko="문항이 응시 때와 같습니다. 먼저 문항을 고친 뒤 제안하세요.",
    en="The question says what it said then. Correct it first, then propose.",
)
_SHAPE = Text(
    ko="보기의 수나 순서를 바꾼 문항으로는 다시 채점할 수 없습니다. 정답만 고치세요.",
    en="Its choices are others now, so answers cannot be marked by it. Change only what is right.",
)


@transaction.atomic
def appeal(asked: Asked, *, text: str) -> Appeal:
    """Hold that a question is wrong. Raises Refused("appeal.not-yet", "appeal.once"), Flawed without a reason."""
    if not sees_marks(asked.attempt):
        raise Refused("appeal.not-yet", _NOT_YET)
    if not text.strip():
        raise Flawed("appeal.text", _TEXT, errors=[{"text": _TEXT.as_dict()}])
    try:
        with transaction.atomic():
            made = Appeal.objects.create(asked=asked, text=text.strip())
    except IntegrityError:
        raise Refused("appeal.once", _ONCE) from None
    about = ("people.person", asked.attempt.candidate.person_id)
    record("appeal.made", made, after={"attempt": str(asked.attempt_id), "place": asked.place}, about=about)
    return made


@transaction.atomic
def answer_appeal(appeal: Appeal, *, upheld: bool, answer: str, by: Person) -> Appeal:
    """Say whether an appeal holds, and why. What follows for the marks is a proposal of its own."""
    if not answer.strip():
        raise Flawed("appeal.text", _TEXT, errors=[{"text": _TEXT.as_dict()}])
    state = AppealState.UPHELD if upheld else AppealState.REJECTED
    move(appeal, state, by=APPEAL_MOVES, answer=answer.strip(), answered_by=by)
    attempt = appeal.asked.attempt
    about = ("people.person", attempt.candidate.person_id)
    record("appeal.answered", appeal, after={"state": state.value, "answer": appeal.answer}, about=about)
    text = _ANSWERED.format(title=attempt.exam.title)
    path = f"/exams/attempts/{attempt.pk}/result/"
    tell([attempt.candidate.person_id], kind=NoticeKind.RESULT, text=text, path=path)
    return appeal


@transaction.atomic
def propose(exam: Exam, version: Version, *, remedy: Remedy, reason: str, by: Person) -> Remarking:
    """Propose to mark a question again; nothing changes yet.

    Raises Refused("remarking.open", "remarking.code", "remarking.same", "remarking.shape"), Flawed without a reason.
    """
    if not reason.strip():
        raise Flawed("remarking.reason", _TEXT, errors=[{"text": _TEXT.as_dict()}])
    made = Remarking(exam=exam, version=version, remedy=remedy, reason=reason.strip(), by=by)
    if remedy == Remedy.CORRECT:
        _check_correctable(version)
        made.correction_id = version.question.current_id
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Refused("remarking.open", _OPEN) from None
    told = {"exam": str(exam.pk), "question": version.question.key, "remedy": remedy.value, "reason": made.reason}
    record("remarking.proposed", made, after=told)
    return made


def _check_correctable(version: Version) -> None:
    now, then = version.question.content, version.read
    if then.kind is Kind.CODE:
        raise Refused("remarking.code", _CODE)
    if version.question.current_id == version.pk:
        raise Refused("remarking.same", _SAME)
    if len(now.choices) != len(then.choices):
        raise Refused("remarking.shape", _SHAPE)


@transaction.atomic
def discard(remarking: Remarking) -> Remarking:
    move(remarking, RemarkingState.DISCARDED, by=REMARKING_MOVES, ended_at=clock.now())
    record("remarking.discarded", remarking)
    return remarking


@transaction.atomic
def apply(remarking: Remarking) -> list[Change]:
    """Let a proposal take effect on every attempt that is marked; whose released result changes is told."""
    move(remarking, RemarkingState.APPLIED, by=REMARKING_MOVES, ended_at=clock.now())
    list(Attempt.objects.select_for_update().filter(exam=remarking.exam, state__in=ENDED).order_by("pk"))
    changed = changes(remarking)
    rows = list(Asked.objects.filter(attempt__in=marked_of(remarking), version=remarking.version_id))
    for one in rows:
        one.counts, one.mark = remedied(one, remarking)
    Asked.objects.bulk_update(rows, ["counts", "mark"], batch_size=500)
    for change in changed:
        for column, value in change.after.as_columns().items():
            setattr(change.attempt, column, value)
    fields = ["score", "total", "passed", "level_ko", "level_en"]
    Attempt.objects.bulk_update([change.attempt for change in changed], fields, batch_size=500)
    parts = [
        Part(change.attempt, before=change.told_before, after=change.told_after,
             about=("people.person", change.attempt.candidate.person_id))
        for change in changed
    ]  # fmt: skip
    record_many("remarking.applied", remarking, parts=parts)
    _tell(remarking.exam, changed)
    return changed


def _tell(exam: Exam, changed: list[Change]) -> None:
    text = _CHANGED.format(title=exam.title)
    for change in changed:
        if change.attempt.state == AttemptState.RELEASED:
            path = f"/exams/attempts/{change.attempt.pk}/result/"
            tell([change.attempt.candidate.person_id], kind=NoticeKind.RESULT, text=text, path=path)
            publish(ResultChanged(change.attempt.pk))
