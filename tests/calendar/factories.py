"""Series, sessions and their people for tests, made by the room's own operations."""

from datetime import UTC, datetime, timedelta

from dure.calendar.models import Role, Series, Session
from dure.calendar.operations import enrol, open_series, open_session, plan
from dure.people.models import Person
from tests.factories import make_organisation, make_person

NINE = datetime(2026, 9, 7, 0, 0, tzinfo=UTC)  # a Monday, 09:00 in Seoul
HOUR = timedelta(hours=1)
EARLIER = NINE - timedelta(days=30)


def make_series(**known) -> Series:
    organisation = known.pop("organisation", None) or make_organisation()
    return open_series(organisation, **{"title_ko": "인공지능 기초", "title_en": "AI basics", **known})


def make_session(series: Series | None = None, **known) -> Session:
    starts_at = known.pop("starts_at", NINE)
    told = {"title_ko": "1회", "title_en": "First", "ends_at": starts_at + 2 * HOUR, **known}
    return plan(series or make_series(), starts_at=starts_at, **told)


def make_attendee(series: Series, person: Person | None = None, *, role: str = Role.ATTENDEE) -> Person:
    """Somebody who is in the series since before anything in it."""
    person = person or make_person()
    enrol(series, person=person, role=role, since=EARLIER)
    return person


def make_teacher(series: Series) -> Person:
    return make_attendee(series, role=Role.TEACHER)


def opened(session: Session) -> Session:
    return open_session(session)
