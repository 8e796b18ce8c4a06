"""Examiners decide: who did not come, who is asked as well, what points stand, when results count."""

from collections.abc import Mapping
from fractions import Fraction
from uuid import UUID

from django.db import transaction

from dure.assessments.events import InterviewReleased, InterviewReopened
from dure.assessments.models import (
    INTERVIEWEE_MOVES,
    Interview,
    Interviewee,
    IntervieweeState,
    Scoring,
    ScoringState,
)
from dure.assessments.operations.interviews.counting import NOTHING, result_of
from dure.assessments.queries.interviews import booking_of
from dure.audit.operations import Part, record, record_many
from dure.calendar.models import Role
from dure.calendar.operations import withdraw_slot
from dure.core import clock
from dure.core.errors import Flawed, Missing, Refused
from dure.core.events import publish
from dure.core.rubrics import COUNTED, taken
from dure.core.text import Text
from dure.people.models import NoticeKind, Person
from dure.people.operations import tell
from dure.store.chunks import chunked
from dure.store.models import move

_WHY = Text(ko="사유를 쓰세요.", en="Write the reason.")
_NOT_BEGUN = Text(ko="면접 시각이 지난 뒤에 불참으로 기록할 수 있습니다.", en="Note an absence once the time has come.")
_STRANGER = Text(
    ko="이 면접의 면접관이 아닙니다. 면접관으로 먼저 정하세요.",
    en="This is no interviewer of the interview. Appoint them first.",
)
_THERE = Text(
    ko="이 대상자를 이미 맡았거나, 이해관계를 신고한 면접관입니다. 다른 면접관을 고르세요.",
    en="They score this interviewee already, or declared a conflict of interest. Ask somebody else.",
)
_NOT_APART = Text(
    ko="면접관들의 점수가 모두 모이고 차이가 클 때만 점수를 정할 수 있습니다.",
    en="Points are decided only where all interviewers have sent theirs and are far apart.",
)
_DECIDED = Text(
    ko="결과가 정해진 대상자입니다. 다시 열어야 면접관을 더할 수 있습니다.",
    en="The result is decided. Open it again to ask somebody else.",
)
_ASKED = Text(ko="면접 평가를 부탁드립니다: {title}", en="Please score an interview: {title}")
_RESULT = Text(ko="면접 결과가 나왔습니다: {title}", en="The result of your interview is there: {title}")
_AGAIN = Text(ko="면접 시간을 다시 고를 수 있습니다: {title}", en="Choose another time for your interview: {title}")
_REOPENED = Text(
    ko="면접 결과를 다시 살펴보고 있습니다: {title}", en="The result of your interview is looked at again: {title}"
)


@transaction.atomic
def note_absence(row: Interviewee) -> Interviewee:
    """They did not come. Raises Refused("interview.not-begun", "state.move")."""
    booking = booking_of(row)
    if booking is None or booking.slot.starts_at > clock.now():
        raise Refused("interview.not-begun", _NOT_BEGUN)
    move(row, IntervieweeState.ABSENT, by=INTERVIEWEE_MOVES)
    record("interviewee.absent", row, after={"starts_at": booking.slot.starts_at}, about=_about(row))
    return row


@transaction.atomic
def expect_again(row: Interviewee) -> Interviewee:
    """Let somebody who was absent choose another time. Raises Refused("state.move")."""
    _wait_again(row)
    record("interviewee.expected-again", row, about=_about(row))
    _tell_one(row, _AGAIN, kind=NoticeKind.OPENED)
    return row


def _wait_again(row: Interviewee) -> None:
    """The time that was missed is no time of theirs any more."""
    move(row, IntervieweeState.WAITING, by=INTERVIEWEE_MOVES, **NOTHING)
    missed = booking_of(row)
    if missed is not None:
        withdraw_slot(missed.slot)


@transaction.atomic
def ask_interviewer(row: Interviewee, *, person: Person) -> Scoring:
    """Ask one more interviewer to score somebody: where the others are far apart, or in the stead of one who stepped
    aside. Raises Missing("interviewer.missing"), Refused("interviewer.there", "interview.decided")."""
    row = Interviewee.objects.select_for_update(of=("self",)).select_related("interview__series").get(pk=row.pk)
    if row.state not in {IntervieweeState.WAITING, IntervieweeState.APART}:
        raise Refused("interview.decided", _DECIDED)
    if not row.interview.series.attendees.filter(person=person, role=Role.TEACHER, left_at=None).exists():
        raise Missing("interviewer.missing", _STRANGER)
    was_apart = row.state == IntervieweeState.APART
    scoring, is_new = Scoring.objects.get_or_create(
        interviewee=row, interviewer=person, defaults={"is_extra": was_apart}
    )
    if not is_new:
        raise Refused("interviewer.there", _THERE)
    if was_apart:
        move(row, IntervieweeState.WAITING, by=INTERVIEWEE_MOVES, **NOTHING)
    record("interviewee.interviewer-asked", row, after={"person": str(person.pk)}, about=_about(row))
    text = _ASKED.format(title=row.interview.title)
    tell([person.pk], kind=NoticeKind.OPENED, text=text, path=f"/interviews/scorings/{scoring.pk}/")
    return scoring


@transaction.atomic
def settle(row: Interviewee, *, points: Mapping[str, object], reason: str, by: Person) -> Interviewee:
    """Give the points in the interviewers' stead, after they have talked. Raises Flawed("interview.why",
    "marks.flawed"), Refused("interview.not-apart")."""
    _need(reason)
    if row.state != IntervieweeState.APART:
        raise Refused("interview.not-apart", _NOT_APART)
    given = taken(row.interview.read, points, whole=True, step=COUNTED)
    columns = result_of(row, {key: Fraction(value) for key, value in given.items()})
    move(row, IntervieweeState.SCORED, by=INTERVIEWEE_MOVES, **{**columns, "reason": reason.strip(), "settled_by": by})
    record("interviewee.settled", row, after={"points": row.by_criterion}, about=_about(row))
    return row


# --- results


@transaction.atomic
def release(row: Interviewee) -> Interviewee:
    """Let one result count, and tell the interviewee. Raises Refused("state.move") without one."""
    move(row, IntervieweeState.RELEASED, by=INTERVIEWEE_MOVES, released_at=clock.now())
    record("interviewee.released", row, about=_about(row))
    _tell(row.interview, [row])
    return row


@transaction.atomic
def release_all(interview: Interview) -> int:
    """Let everything that is scored, or was missed, count. Returns how many."""
    ready = (IntervieweeState.SCORED, IntervieweeState.ABSENT)
    rows = list(interview.interviewees.select_for_update(of=("self",)).filter(state__in=ready).order_by("pk"))
    now = clock.now()
    for piece in chunked([row.pk for row in rows]):
        Interviewee.objects.filter(pk__in=piece, state__in=ready).update(
            state=IntervieweeState.RELEASED, released_at=now
        )
    if rows:
        record_many("interview.released", interview, parts=[Part(row, about=_about(row)) for row in rows])
        _tell(interview, rows)
    return len(rows)


@transaction.atomic
def reopen(row: Interviewee, *, why: str) -> Interviewee:
    """Let a released result count no more: interviewers talk about it again, and who was absent is waited for.

    Raises Flawed("interview.why"), Refused("state.move").
    """
    _need(why)
    before = {"score": row.score, "passed": row.passed}
    if row.scorings.filter(state=ScoringState.SENT).exists():
        move(row, IntervieweeState.APART, by=INTERVIEWEE_MOVES, **NOTHING)
    else:
        _wait_again(row)
    record("interviewee.reopened", row, before=before, after={"why": why.strip()}, about=_about(row))
    _tell_one(row, _REOPENED, kind=NoticeKind.RESULT)
    publish(InterviewReopened(row.pk))
    return row


def _need(why: str) -> None:
    if not why.strip():
        raise Flawed("interview.why", _WHY, errors=[{"text": _WHY.as_dict()}])


def _tell(interview: Interview, rows: list[Interviewee]) -> None:
    text = _RESULT.format(title=interview.title)
    tell((row.person_id for row in rows), kind=NoticeKind.RESULT, text=text, path=f"/interviews/{interview.pk}/")
    for row in rows:
        publish(InterviewReleased(row.pk))


def _tell_one(row: Interviewee, text: Text, *, kind: NoticeKind) -> None:
    told = text.format(title=row.interview.title)
    tell([row.person_id], kind=kind, text=told, path=f"/interviews/{row.interview_id}/")


def _about(row: Interviewee) -> tuple[str, UUID]:
    return "people.person", row.person_id
