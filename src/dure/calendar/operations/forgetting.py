"""Somebody is forgotten: why they were absent goes, and their feeds end; that they were there or not stays."""

from django.db import transaction

from dure.audit.operations import erase_texts
from dure.calendar.models import Attendance, Excuse, Feed
from dure.calendar.operations.feeds import revoke_feed
from dure.people.models import Person

GONE = "–"


@transaction.atomic
def forget_calendar(person: Person) -> None:
    """Blank reasons and answers, the log's copies of them too, and what their device was known by."""
    for excuse in Excuse.objects.filter(person=person):
        erase_texts(excuse)
    Excuse.objects.filter(person=person).update(reason=GONE, answer="")
    Attendance.objects.filter(person=person).update(reason="", device="")
    for feed in Feed.objects.filter(person=person, revoked_at=None):
        revoke_feed(feed)
