"""Who is forgotten leaves no words and no open address in the calendar; that they were absent stays."""

import pytest

from dure.calendar.models import Attendance, Excuse, Feed
from dure.calendar.operations import ask_excuse, decide_excuse, issue_feed
from dure.calendar.operations.forgetting import forget_calendar
from dure.core import clock
from tests.calendar.factories import HOUR, NINE, make_attendee, make_series, make_session, make_teacher

pytestmark = pytest.mark.django_db


def test_reasons_go_and_feeds_end_and_the_mark_stays():
    series = make_series()
    ada, bo, teacher = make_attendee(series), make_attendee(series), make_teacher(series)
    session = make_session(series)
    clock.set_clock(NINE - HOUR)
    for person in (ada, bo):
        decide_excuse(ask_excuse(session, person=person, reason="Flu"), approve=True, by=teacher, answer="Get well")
        issue_feed(person)

    forget_calendar(ada)

    said = {row.person: (row.reason, row.answer) for row in Excuse.objects.select_related("person")}
    assert said == {ada: ("–", ""), bo: ("Flu", "Get well")}
    assert set(Attendance.objects.values_list("person", "mark")) == {(ada.pk, "excused"), (bo.pk, "excused")}
    assert [feed.person for feed in Feed.objects.filter(revoked_at=None)] == [bo]
