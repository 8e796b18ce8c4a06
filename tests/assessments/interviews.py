"""Interviews for tests, made by the room's own operations."""

from datetime import UTC, datetime, timedelta

from dure.assessments.models import Interview, Interviewee, Scoring
from dure.assessments.operations.interviews import (
    admit_interviewees,
    appoint_interviewer,
    keep_scores,
    offer_times,
    open_interview,
    pick,
    plan_interview,
    send_scores,
)
from dure.calendar.models import Slot
from dure.core import clock
from dure.people.models import Person
from tests.factories import make_organisation, make_person

NINE = datetime(2026, 9, 7, 0, 0, tzinfo=UTC)  # a Monday, 09:00 in Seoul
HOUR = timedelta(hours=1)
RUBRIC = """? Knowledge || 지식
= 60 Sure || 확실함
= 0 None || 없음
? Talk || 소통
= 40 Clear || 명료함
= 0 None || 없음"""


def make_interview(*interviewers: Person, opened: bool = True, **known) -> Interview:
    """Half an hour each, of 100 points, passed from 60, apart by more than 20."""
    organisation = known.pop("organisation", None) or make_organisation()
    told = {"title_ko": "기술 면접", "title_en": "Technical interview", "rubric": RUBRIC, "place": "301", **known}
    interview = plan_interview(organisation, by=told.pop("by", None) or make_person(), **told)
    for person in interviewers or [make_person()]:
        appoint_interviewer(interview, person=person)
    return open_interview(interview) if opened else interview


def times(interview: Interview, *interviewers: Person, hours: int = 1, at: datetime = NINE) -> list[Slot]:
    return list(offer_times(interview, interviewers=interviewers, starts_at=at, ends_at=at + hours * HOUR))


def invited(interview: Interview, person: Person | None = None) -> Interviewee:
    person = person or make_person()
    admit_interviewees(interview, [person])
    rows = Interviewee.objects.select_related("interview__series", "person")
    return rows.get(interview=interview, person=person)


def met(interview: Interview, *interviewers: Person, person: Person | None = None, at: datetime = NINE) -> Interviewee:
    """Somebody whose interview has begun: it is ``at`` now, and a minute."""
    clock.set_clock(at - 2 * 24 * HOUR)
    row = invited(interview, person)
    pick(row, slot=times(interview, *interviewers, at=at)[0])
    clock.set_clock(at + timedelta(minutes=1))
    return row


def scoring_of(row: Interviewee, interviewer: Person) -> Scoring:
    rows = Scoring.objects.select_related("interviewee__interview__series", "interviewee__person", "interviewer")
    return rows.get(interviewee=row, interviewer=interviewer)


def give(row: Interviewee, interviewer: Person, knowledge: object, talk: object, *, why: str = "clear") -> Scoring:
    """Points kept and sent."""
    one = scoring_of(row, interviewer)
    points = {"c1": str(knowledge), "c2": str(talk)}
    return send_scores(keep_scores(one, points=points, reason=why, notes="mine", saves=one.saves))
