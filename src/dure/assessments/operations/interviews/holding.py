"""Interviews as examiners hold them: planned, opened, archived; interviewers appointed, interviewees admitted."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q

from dure.assessments.models import (
    INTERVIEW_MOVES,
    Interview,
    Interviewee,
    InterviewState,
    Scoring,
    ScoringState,
)
from dure.audit.operations import Part, record, record_many
from dure.calendar.models import GRID, Role, Series, Slot, SlotState
from dure.calendar.operations import change_series, enrol, enrol_many, leave, open_series
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.rubrics import read_rubric
from dure.core.text import Text
from dure.people.models import NoticeKind, Organisation, Person
from dure.people.operations import tell
from dure.store.models import move

PLANNED = ("title_ko", "title_en", "about_ko", "about_en", "rubric", "minutes", "place", "link", "gap", "pass_share",
           "shows", "notice_hours")  # fmt: skip
SUBJECT = "assessments.interview:"
NOTICE_HOURS, MOST_MINUTES = 24, 480
_STEP = int(GRID.total_seconds() // 60)
_FIXED = ("rubric", "gap", "pass_share")
_BEGUN = Text(
    ko="이미 점수를 매긴 면접관이 있어 평가표, 합격 기준, 점수 차이 기준은 바꿀 수 없습니다.",
    en="An interviewer has given points: the rubric, the pass mark and how far apart points may be stay.",
)
_MINUTES = Text(
    ko="면접 시간은 5분에서 {most}분까지, 5분 단위로 쓰세요.", en="An interview takes 5 to {most} minutes, in fives."
)
_NOBODY = Text(ko="면접관을 먼저 정하세요.", en="Appoint an interviewer first.")
_BOTH = Text(
    ko="{who} 님은 이 면접의 면접관입니다. 면접관은 면접 대상자가 될 수 없습니다.",
    en="{who} is an interviewer of this interview and cannot be interviewed in it.",
)
_BOTH_TOO = Text(
    ko="{who} 님은 이 면접의 대상자입니다. 면접 대상자는 면접관이 될 수 없습니다.",
    en="{who} is to be interviewed here and cannot be an interviewer.",
)
_HAS_SLOTS = Text(
    ko="{who} 님의 예약 시간이 {n}개 남아 있습니다. 먼저 그 시간을 거두세요.",
    en="{who} still has {n} times to come. Withdraw them first.",
)
_ADMITTED = Text(
    ko="면접 시간을 고르세요: {title}", en="Choose a time for your interview: {title}"
)  # fmt: skip
_APPOINTED = Text(ko="면접관이 되셨습니다: {title}", en="You are an interviewer: {title}")


@transaction.atomic
def plan_interview(organisation: Organisation, *, by: Person, **told: Any) -> Interview:
    """A draft of an interview (``PLANNED``), seen by its examiners alone, of whom ``by`` is one.

    Raises Flawed("rubric.flawed", "interview.minutes").
    """
    notice = told.pop("notice_hours", NOTICE_HOURS)
    interview = Interview(organisation=organisation, made_by=by, **told)
    _check(interview)
    path = f"/interviews/{interview.pk}/"
    interview.series = open_series(
        organisation, subject=f"{SUBJECT}{interview.pk}", path=path, book_at=path, notice_hours=notice,
        title_ko=interview.title_ko, title_en=interview.title_en,
    )  # fmt: skip
    interview.save(force_insert=True)
    interview.examiners.add(by)
    record("interview.planned", interview, after={**told, "notice_hours": notice})
    return interview


@transaction.atomic
def change_interview(interview: Interview, **told: Any) -> Interview:
    """Plan it otherwise. Raises Refused("interview.begun") for what the first points fix, and as planning does."""
    row = (
        Interview.objects.select_for_update(of=("self",)).select_related("series", "organisation").get(pk=interview.pk)
    )
    of_series = {name: told.pop(name) for name in ("notice_hours",) if name in told}
    before = {name: getattr(row, name) for name in told}
    fixed = [name for name in _FIXED if name in told and told[name] != before[name]]
    if fixed and _is_scored(row):
        raise Refused("interview.begun", _BEGUN, fields=fixed)
    for name, value in told.items():
        setattr(row, name, value)
    _check(row)
    row.save(update_fields=[*told, "name_key"])
    change_series(row.series, title_ko=row.title_ko, title_en=row.title_en, **of_series)
    record("interview.changed", row, before=before, after={**told, **of_series})
    return row


def _is_scored(interview: Interview) -> bool:
    given = Q(saves__gt=0) | ~Q(state=ScoringState.DRAFT)
    return Scoring.objects.filter(given, interviewee__interview=interview).exists()


def _check(interview: Interview) -> None:
    read_rubric(interview.rubric)
    if not 0 < interview.minutes <= MOST_MINUTES or interview.minutes % _STEP:
        sentence = _MINUTES.format(most=MOST_MINUTES)
        raise Flawed("interview.minutes", sentence, errors=[{"text": sentence.as_dict()}])


@transaction.atomic
def open_interview(interview: Interview) -> Interview:
    """Let interviewees choose their times. Raises Refused("interview.nobody") without an interviewer."""
    if not interview.series.attendees.filter(role=Role.TEACHER, left_at=None).exists():
        raise Refused("interview.nobody", _NOBODY)
    record("interview.opened", interview)
    move(interview, InterviewState.OPEN, by=INTERVIEW_MOVES)
    _invite(interview, interview.interviewees.values_list("person", flat=True))
    return interview


@transaction.atomic
def archive_interview(interview: Interview) -> Interview:
    """Book no more times; what is booked is held and scored."""
    record("interview.archived", interview)
    return move(interview, InterviewState.ARCHIVED, by=INTERVIEW_MOVES)


# --- who meets whom


@transaction.atomic
def appoint_interviewer(interview: Interview, *, person: Person) -> None:
    """Let somebody interview; again does nothing. Raises Refused("interview.both")."""
    if interview.interviewees.filter(person=person).exists():
        raise Refused("interview.both", _BOTH_TOO.format(who=str(person)))
    if interview.series.attendees.filter(person=person, role=Role.TEACHER, left_at=None).exists():
        return
    enrol(interview.series, person=person, role=Role.TEACHER)
    record("interview.interviewer-appointed", interview, after={"person": str(person.pk)})
    path = f"/interviews/{interview.pk}/times/"
    tell([person.pk], kind=NoticeKind.OPENED, text=_APPOINTED.format(title=interview.title), path=path)


@transaction.atomic
def dismiss_interviewer(interview: Interview, *, person: Person) -> None:
    """Let somebody interview no more; what they scored stays. Raises Refused("interview.slots") with times to come."""
    own = Slot.objects.filter(series=interview.series, starts_at__gt=clock.now()).exclude(state=SlotState.WITHDRAWN)
    n = own.filter(Q(host=person) | Q(others=person)).distinct().count()
    if n:
        raise Refused("interview.slots", _HAS_SLOTS.format(who=str(person), n=n), n=n)
    leave(interview.series, person=person)
    record("interview.interviewer-dismissed", interview, before={"person": str(person.pk)})


@transaction.atomic
def admit_interviewees(interview: Interview, persons: Iterable[Person]) -> int:
    """Let these people be interviewed; who is already is passed over. Returns how many came in.

    Raises Refused("interview.both") for its interviewers.
    """
    series: Series = interview.series
    there = set(interview.interviewees.values_list("person", flat=True))
    interviewers = set(series.attendees.filter(role=Role.TEACHER, left_at=None).values_list("person", flat=True))
    fresh = {person.pk: person for person in persons if person.pk not in there}
    for person in fresh.values():
        if person.pk in interviewers:
            raise Refused("interview.both", _BOTH.format(who=str(person)))
    enrol_many(series, fresh.values())
    rows = [Interviewee(interview=interview, person=person) for person in fresh.values()]
    Interviewee.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        parts = [Part(row, about=("people.person", row.person_id)) for row in rows]
        record_many("interview.admitted", interview, parts=parts)
    if interview.state == InterviewState.OPEN:
        _invite(interview, fresh)
    return len(rows)


def _invite(interview: Interview, persons: Iterable[Any]) -> None:
    text = _ADMITTED.format(title=interview.title)
    tell(persons, kind=NoticeKind.OPENED, text=text, path=f"/interviews/{interview.pk}/")
