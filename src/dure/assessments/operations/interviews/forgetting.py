"""Somebody is forgotten: what was written of them in interviews goes; points stay, as figures."""

from typing import Any

from django.db.models import Q

from dure.assessments.models import Interviewee, Scoring
from dure.audit.operations import erase_texts
from dure.people.models import Person


def forget_interviews(person: Person) -> None:
    """In the caller's transaction. What they noted as an interviewer, for themselves, goes as well."""
    rows = Interviewee.objects.filter(person=person)
    for row in rows:
        erase_texts(row)
        row.earlier = [_without(before, reason=True) for before in row.earlier]
    Interviewee.objects.bulk_update(rows, ["earlier"])
    rows.update(reason="")
    Scoring.objects.filter(interviewee__person=person).update(reason="", notes="")
    own = Q(interviewee__person=person) | Q(interviewer=person)
    Scoring.objects.filter(own).update(notes="", conflict="")
    met = Interviewee.objects.filter(interview__series__attendees__person=person).exclude(earlier=[]).distinct()
    for row in met:
        row.earlier = [_without(before, interviewer=str(person.pk)) for before in row.earlier]
    Interviewee.objects.bulk_update(met, ["earlier"])


def _without(before: dict[str, Any], *, reason: bool = False, interviewer: str = "") -> dict[str, Any]:
    """An earlier interview without its reasons and notes, or without those notes of one interviewer."""
    gone = {"reason": "", "notes": ""} if reason else {"notes": ""}
    scorings = [{**one, **gone} if reason or one["interviewer"] == interviewer else one for one in before["scorings"]]
    return {**before, "scorings": scorings} | ({"reason": ""} if reason else {})
