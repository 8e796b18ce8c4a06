"""Results: released by examiners, with what happened meanwhile noted, and what must not count taken out."""

from uuid import UUID

from django.db import transaction

from dure.assessments.events import AttemptVoided, ResultReleased
from dure.assessments.models import ATTEMPT_MOVES, Attempt, AttemptState, Exam, Incident
from dure.audit.operations import Part, record, record_many
from dure.core import clock
from dure.core.errors import Flawed
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import NoticeKind, Person
from dure.people.operations import tell
from dure.store.chunks import chunked
from dure.store.models import move

_RESULT = Text(ko="시험 결과가 나왔습니다: {title}", en="Your result is there: {title}")
_VOID = Text(
    ko="응시가 무효로 처리되었습니다: {title}. 사유: {why}", en="Your attempt does not count: {title}. Reason: {why}"
)
_WHY = Text(ko="사유를 쓰세요.", en="Write the reason.")
_NOTE = Text(ko="있었던 일을 쓰세요.", en="Write what happened.")


@transaction.atomic
def release(attempt: Attempt) -> Attempt:
    """Let one result count, and tell its candidate."""
    move(attempt, AttemptState.RELEASED, by=ATTEMPT_MOVES, released_at=clock.now())
    record("attempt.released", attempt, about=_about(attempt))
    _tell(attempt.exam, [attempt])
    return attempt


@transaction.atomic
def release_results(exam: Exam) -> int:
    """Let every result that is marked count. Returns how many."""
    marked = list(exam.attempts.select_for_update(of=("self",)).select_related("candidate").filter(
        state=AttemptState.MARKED))  # fmt: skip
    now = clock.now()
    for piece in chunked([attempt.pk for attempt in marked]):
        Attempt.objects.filter(pk__in=piece, state=AttemptState.MARKED).update(
            state=AttemptState.RELEASED, released_at=now
        )
    if marked:
        parts = [Part(attempt, about=_about(attempt)) for attempt in marked]
        record_many("exam.released", exam, parts=parts)
        _tell(exam, marked)
    return len(marked)


def _tell(exam: Exam, attempts: list[Attempt]) -> None:
    text = _RESULT.format(title=exam.title)
    for attempt in attempts:
        path = f"/exams/attempts/{attempt.pk}/result/"
        tell([attempt.candidate.person_id], kind=NoticeKind.RESULT, text=text, path=path)
        publish(ResultReleased(attempt.pk))


@transaction.atomic
def note_incident(attempt: Attempt, *, by: Person, text: str) -> Incident:
    """Write down what happened during an attempt; examiners alone see it."""
    if not text.strip():
        raise Flawed("incident.text", _NOTE, errors=[{"text": _NOTE.as_dict()}])
    made = Incident.objects.create(attempt=attempt, by=by, text=text.strip())
    record("attempt.incident-noted", attempt, after={"text": made.text}, about=_about(attempt))
    return made


@transaction.atomic
def void(attempt: Attempt, *, why: str) -> Attempt:
    """Let an attempt not count; it still is one of those that its candidate had. Raises Flawed without a reason."""
    if not why.strip():
        raise Flawed("attempt.why", _WHY, errors=[{"text": _WHY.as_dict()}])
    before = {"state": attempt.state}
    sent_at = attempt.sent_at or min(attempt.deadline, clock.now())
    move(attempt, AttemptState.VOID, by=ATTEMPT_MOVES, why_void=why.strip(), sent_at=sent_at)
    record("attempt.voided", attempt, before=before, after={"why": attempt.why_void}, about=_about(attempt))
    text = _VOID.format(title=attempt.exam.title, why=attempt.why_void)
    person = attempt.candidate.person_id
    tell([person], kind=NoticeKind.RESULT, text=text, path=f"/exams/{attempt.exam_id}/")
    publish(AttemptVoided(attempt.pk))
    return attempt


def _about(attempt: Attempt) -> tuple[str, UUID]:
    return "people.person", attempt.candidate.person_id
