"""Feeds: whose address it is, and what it shows."""

from datetime import timedelta

from django.db.models import QuerySet

from dure.calendar.models import Feed
from dure.calendar.queries.entries import Entry, agenda, entries_of_series
from dure.calendar.rules import feed_is_open
from dure.core import clock
from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.keys import sha256_of
from dure.people.models import Person

BACK, AHEAD = timedelta(days=90), timedelta(days=366)
_GONE = Text(
    ko="이 캘린더 주소는 더 이상 쓸 수 없습니다. 내 캘린더에서 새 주소를 만드세요.",
    en="This calendar address is no longer valid. Make a new one on your calendar's page.",
)


def feed_by(secret: str) -> Feed:
    """The feed with this token, as long as it is open. Raises Missing("feed.missing")."""
    rows = Feed.objects.select_related("person", "series__organisation")
    found = rows.filter(sha256=sha256_of(secret)).first()
    if found is None or not feed_is_open(found):
        raise Missing("feed.missing", _GONE)
    return found


def feeds_of(person: Person) -> "QuerySet[Feed]":
    """Somebody's feeds that were not revoked."""
    return person.feeds.filter(revoked_at=None).select_related("series").order_by("pk")


def entries_of(feed: Feed) -> list[Entry]:
    """What it shows: from 90 days back to a year ahead, cancelled entries as well."""
    since, until = clock.now() - BACK, clock.now() + AHEAD
    if feed.series is not None:
        return entries_of_series(feed.series, since=since, until=until)
    return agenda(feed.person, since=since, until=until)
