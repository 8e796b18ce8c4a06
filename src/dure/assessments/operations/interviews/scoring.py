"""Interviewers at work: points kept as they are given, sent, taken back; stepping aside for being too close."""

from collections.abc import Mapping

from django.db import transaction

from dure.assessments.models import (
    SCORING_MOVES,
    Interviewee,
    IntervieweeState,
    Scoring,
    ScoringState,
)
from dure.assessments.operations.interviews.counting import count_up
from dure.assessments.queries.interviews import booking_of
from dure.audit.operations import record
from dure.calendar.models import Role
from dure.core import clock
from dure.core.errors import Flawed, Missing, Refused
from dure.core.rubrics import taken
from dure.core.text import Text
from dure.people.models import NoticeKind, Person
from dure.people.operations import tell
from dure.store.models import move

MOST_TEXT = 20_000
_NOT_YET = Text(ko="면접이 시작된 뒤에 점수를 매길 수 있습니다.", en="Give points once the interview has begun.")
_SENT = Text(
    ko="이미 보낸 점수입니다. 고치려면 먼저 되돌리세요.", en="These points are sent. Take them back to change them."
)
_EXCUSED = Text(
    ko="이해관계를 신고하셔서 이 면접을 평가할 수 없습니다.",
    en="You declared a conflict of interest, so you do not score this interview.",
)
_ELSEWHERE = Text(
    ko="다른 탭이나 기기에서 먼저 바꾸었습니다. 지금 저장된 내용을 확인하세요.",
    en="It was changed in another tab or on another device. See what is saved now.",
)
_REASON = Text(ko="점수를 준 이유를 쓰세요.", en="Write why you gave these points.")
_CONFLICT = Text(ko="어떤 관계인지 쓰세요.", en="Write what ties you to the interviewee.")
_STANDS = Text(
    ko="결과가 정해져 바꿀 수 없습니다. 담당자에게 말씀하세요.",
    en="The result is decided. Tell those who hold the interview.",
)
_ABSENT = Text(
    ko="불참으로 기록되어 점수를 매길 수 없습니다. 왔다면 담당자에게 알리세요.",
    en="They are noted as absent. If they came, tell those who hold the interview.",
)
_STRANGER = Text(ko="이 면접의 면접관이 아닙니다.", en="This is no interviewer of the interview.")
_STEPPED_ASIDE = Text(
    ko="{who} 면접관이 이해관계를 신고했습니다: {title}", en="{who} declared a conflict of interest: {title}"
)
_TALK = Text(
    ko="면접관들의 점수 차이가 큽니다. 함께 논의하세요: {title}",
    en="Interviewers' points are far apart. Talk about it: {title}",
)


@transaction.atomic
def keep_scores(scoring: Scoring, *, points: Mapping[str, object], reason: str, notes: str, saves: int) -> Scoring:
    """Keep points, their reason and one's notes as they stand. ``saves``: how often they had been saved when they were
    changed; the same again counts once.

    Raises Refused("scoring.elsewhere") with what stands there, Refused("scoring.not-yet", "scoring.sent",
    "scoring.excused", "scoring.stands"), Flawed("marks.flawed").
    """
    row = _held(scoring)
    _check_draft(row)
    kept = {key: str(value) for key, value in taken(row.interviewee.interview.read, points).items()}
    told = {"points": kept, "reason": reason[:MOST_TEXT], "notes": notes[:MOST_TEXT]}
    there = {name: getattr(row, name) for name in told}
    if there == told and row.saves in {saves, saves + 1}:
        return row
    if not Scoring.objects.filter(pk=row.pk, saves=saves, state=ScoringState.DRAFT).update(**told, saves=saves + 1):
        raise Refused("scoring.elsewhere", _ELSEWHERE, saves=row.saves, **there)
    for name, value in {**told, "saves": saves + 1}.items():
        setattr(row, name, value)
    return row


@transaction.atomic
def send_scores(scoring: Scoring) -> Scoring:
    """Send what was kept; once all have, it is counted. Raises Flawed where points or the reason are missing."""
    row = _held(scoring)
    _check_draft(row)
    taken(row.interviewee.interview.read, row.points, whole=True)
    if not row.reason.strip():
        raise Flawed("scoring.reason", _REASON, errors=[{"text": _REASON.as_dict()}])
    move(row, ScoringState.SENT, by=SCORING_MOVES, sent_at=clock.now())
    record("scoring.sent", row, after={"points": row.points}, about=row.interviewee.person, actor=row.interviewer)
    count_up(row.interviewee)
    if row.interviewee.state == IntervieweeState.APART:
        _call_together(row.interviewee)
    return row


def _call_together(row: Interviewee) -> None:
    text = _TALK.format(title=row.interview.title)
    for pk, person in row.scorings.filter(state=ScoringState.SENT).values_list("pk", "interviewer"):
        tell([person], kind=NoticeKind.OPENED, text=text, path=f"/interviews/scorings/{pk}/")
    examiners = row.interview.examiners.values_list("pk", flat=True)
    tell(examiners, kind=NoticeKind.OPENED, text=text, path=f"/interviews/interviewees/{row.pk}/")


@transaction.atomic
def take_back_scores(scoring: Scoring) -> Scoring:
    """Change sent points again, as long as no examiner has decided or released. Raises Refused("scoring.stands")."""
    row = _held(scoring)
    _check_undecided(row.interviewee)
    move(row, ScoringState.DRAFT, by=SCORING_MOVES, sent_at=None)
    record("scoring.taken-back", row, about=row.interviewee.person, actor=row.interviewer)
    count_up(row.interviewee)
    return row


@transaction.atomic
def excuse(row: Interviewee, *, interviewer: Person, why: str) -> Scoring:
    """Step aside: an interviewer who is too close to an interviewee scores them no more, now or later; examiners hear
    of it. Raises Flawed("scoring.conflict"), Missing("interviewer.missing"), Refused("scoring.stands")."""
    if not why.strip():
        raise Flawed("scoring.conflict", _CONFLICT, errors=[{"text": _CONFLICT.as_dict()}])
    row = _locked(row)
    _check_undecided(row)
    interview = row.interview
    if not interview.series.attendees.filter(person=interviewer, role=Role.TEACHER, left_at=None).exists():
        raise Missing("interviewer.missing", _STRANGER)
    scoring, _ = Scoring.objects.get_or_create(interviewee=row, interviewer=interviewer)
    if scoring.state != ScoringState.EXCUSED:
        move(scoring, ScoringState.EXCUSED, by=SCORING_MOVES, conflict=why.strip()[:MOST_TEXT])
        record("scoring.excused", scoring, about=row.person, actor=interviewer)
        if row.state != IntervieweeState.ABSENT:
            count_up(row)
        told = _STEPPED_ASIDE.format(who=str(interviewer), title=interview.title)
        examiners = interview.examiners.values_list("pk", flat=True)
        tell(examiners, kind=NoticeKind.OPENED, text=told, path=f"/interviews/interviewees/{row.pk}/")
    return scoring


def _locked(row: Interviewee) -> Interviewee:
    rows = Interviewee.objects.select_for_update(of=("self",)).select_related("interview__series", "person")
    return rows.get(pk=row.pk)


def _held(scoring: Scoring) -> Scoring:
    """The scoring, with its interviewee's row held: nothing is sent, counted or decided meanwhile."""
    interviewee = _locked(scoring.interviewee)
    row = Scoring.objects.select_related("interviewer").get(pk=scoring.pk)
    row.interviewee = interviewee
    return row


def _check_draft(row: Scoring) -> None:
    if row.state == ScoringState.EXCUSED:
        raise Refused("scoring.excused", _EXCUSED)
    if row.state == ScoringState.SENT:
        raise Refused("scoring.sent", _SENT)
    if row.interviewee.state == IntervieweeState.ABSENT:
        raise Refused("scoring.absent", _ABSENT)
    _check_undecided(row.interviewee)
    booking = booking_of(row.interviewee)
    if booking is not None and booking.slot.starts_at > clock.now():
        raise Refused("scoring.not-yet", _NOT_YET, starts_at=booking.slot.starts_at)


def _check_undecided(row: Interviewee) -> None:
    if row.settled_by_id is not None or row.state == IntervieweeState.RELEASED:
        raise Refused("scoring.stands", _STANDS)
