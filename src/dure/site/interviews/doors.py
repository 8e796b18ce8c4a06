"""The interview, interviewee or scoring that an address names, for those who have a part in it."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from dure.assessments import rules
from dure.assessments.models import Interview, Interviewee, Scoring
from dure.assessments.queries.interviews import interviewed_in
from dure.core.errors import Missing
from dure.core.text import Text
from dure.site.visitors import person_of
from dure.store.worded import found

NO_INTERVIEW = Text(
    ko="찾으시는 면접이 없습니다. 면접 목록에서 확인하세요.",
    en="There is no such interview. Look in the list of your interviews.",
)


def missing() -> Missing:
    return Missing("interview.missing", NO_INTERVIEW)


def interview_at(interview_id: UUID) -> Interview:
    rows = found(_interview, interview_id)
    if not rows:
        raise missing()
    return rows[0]


def _interview(interview: UUID) -> "QuerySet[Interview]":
    return Interview.objects.select_related("organisation", "series").filter(pk=interview)


def held(request: HttpRequest, interview_id: UUID) -> Interview:
    """For those who look after it. Raises Missing."""
    interview = interview_at(interview_id)
    if not rules.may_hold(person_of(request), interview):
        raise missing()
    return interview


def staffed(request: HttpRequest, interview_id: UUID) -> tuple[Interview, bool, bool]:
    """For those who look after it and its interviewers; whether the visitor is the one, and the other."""
    interview, person = interview_at(interview_id), person_of(request)
    holds, interviews = rules.may_hold(person, interview), rules.may_interview(person, interview)
    if not (holds or interviews):
        raise missing()
    return interview, holds, interviews


def own(request: HttpRequest, interview_id: UUID) -> Interviewee | None:
    """The visitor as its interviewee, where they are one."""
    return interviewed_in(person_of(request)).select_related("person").filter(interview=interview_id).first()


def interviewee_for(request: HttpRequest, interviewee_id: UUID) -> Interviewee:
    """For those who look after the interview."""
    rows = Interviewee.objects.select_related("interview__series", "interview__organisation", "person", "settled_by")
    row = rows.filter(pk=interviewee_id).first()
    if row is None or not rules.may_hold(person_of(request), row.interview):
        raise missing()
    return row


def scoring_for(request: HttpRequest, scoring_id: UUID) -> Scoring:
    """An interviewer's own."""
    rows = Scoring.objects.select_related("interviewee__interview__series", "interviewee__person", "interviewer")
    scoring = rows.filter(pk=scoring_id).first()
    if scoring is None or not rules.may_score(person_of(request), scoring):
        raise missing()
    return scoring


def frame_of(interview: Interview, tab: str, *, holds: bool = True) -> dict[str, Any]:
    """What the frame of an interview's pages shows."""
    return {"interview": interview, "series": interview.series, "tab": tab, "holds": holds}
