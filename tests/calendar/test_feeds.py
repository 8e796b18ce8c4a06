"""Feeds: private, revocable, and in the words of RFC 5545."""

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from icalendar import Calendar

from dure.calendar.ical import tag_of, written
from dure.calendar.models import Feed
from dure.calendar.operations import (
    book,
    cancel_session,
    change_session,
    enrol,
    issue_feed,
    leave,
    publish_slots,
    release,
    revoke_feed,
)
from dure.calendar.queries import agenda, entries_of, feed_by, overlapping
from dure.core import clock
from tests.calendar.conftest import refusal_of
from tests.calendar.factories import HOUR, NINE, make_attendee, make_series, make_session, make_teacher

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def before():
    clock.set_clock(NINE - timedelta(days=1))


def events_of(feed: Feed, language: str = "en") -> list:
    return list(Calendar.from_ical(written(entries_of(feed), title="Mine", language=language)).walk("VEVENT"))


def test_a_feed_shows_what_one_takes_part_in_and_nothing_else():
    session = make_session(place="Hall", link="https://example.org/live")
    make_session()
    ada = make_attendee(session.series)

    (event,) = events_of(issue_feed(ada).row)

    assert event["uid"].startswith(f"session-{session.pk}@")
    assert (event["dtstart"].dt, event["dtend"].dt) == (session.starts_at, session.ends_at)
    assert (event["summary"], event["location"], event["status"]) == ("AI basics: First", "Hall", "CONFIRMED")
    assert [str(one["summary"]) for one in events_of(Feed.objects.get(), "ko")] == ["인공지능 기초: 1회"]


def test_a_moved_session_keeps_its_uid_and_a_cancelled_one_stays_as_cancelled():
    session = make_session()
    feed = issue_feed(make_attendee(session.series)).row
    (first,) = events_of(feed)
    change_session(session, by=None, starts_at=NINE + HOUR, ends_at=NINE + 2 * HOUR)
    (moved,) = events_of(feed)
    cancel_session(session, by=None)
    (gone,) = events_of(feed)

    assert first["uid"] == moved["uid"] == gone["uid"]
    assert [one["sequence"] for one in (first, moved, gone)] == [0, 1, 2]
    assert [one["status"] for one in (first, moved, gone)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_slots_are_on_both_calendars_and_stay_as_cancelled_when_given_back():
    series = make_series()
    host, ada = make_teacher(series), make_attendee(series)
    (slot,) = publish_slots(series, host=host, starts_at=NINE, ends_at=NINE + HOUR, minutes=60)
    feeds = [issue_feed(person).row for person in (ada, host)]
    nothing = events_of(feeds[0])
    release(book(slot, person=ada), by=ada)

    assert nothing == []
    for feed, other in zip(feeds, (host, ada), strict=True):
        (event,) = events_of(feed)
        assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
        assert event["summary"].endswith(str(other))


def test_a_new_address_takes_the_place_of_the_old_one_and_a_revoked_one_shows_nothing():
    ada = make_attendee(make_series())
    old, new = issue_feed(ada), issue_feed(ada)

    assert feed_by(new.secret) == new.row
    assert refusal_of(partial(feed_by, old.secret)) == "feed.missing"
    revoke_feed(new.row)
    assert refusal_of(partial(feed_by, new.secret)) == "feed.missing"


def test_the_feed_of_a_series_ends_with_taking_part_and_one_of_a_closed_account_at_once():
    series = make_series()
    ada = make_attendee(series)
    make_session(series)
    issued = issue_feed(ada, series=series)
    shown = events_of(feed_by(issued.secret))
    leave(series, person=ada)

    assert len(shown) == 1
    assert refusal_of(partial(feed_by, issued.secret)) == "feed.missing"
    enrol(series, person=ada)
    ada.is_active = False
    ada.save()
    assert refusal_of(partial(feed_by, issued.secret)) == "feed.missing"


def test_the_address_answers_304_until_something_changes():
    session = make_session()
    issued = issue_feed(make_attendee(session.series))
    clock.set_clock(None)  # signed-in or not, the address alone opens it
    path, client = f"/calendar/feeds/{issued.secret}.ics", Client()
    with clock.at(NINE - timedelta(days=1)):
        first = client.get(path)
        same = client.get(path, headers={"If-None-Match": first["ETag"]})
        change_session(session, by=None, title_en="Other")
        other = client.get(path, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, first["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert (same.status_code, same.content, other.status_code) == (304, b"", 200)
    assert client.get("/calendar/feeds/guess.ics").status_code == 404


def test_the_tag_is_that_of_the_entries_and_the_language():
    session = make_session()
    ada = make_attendee(session.series)
    mine = partial(agenda, ada, since=NINE, until=NINE + HOUR)

    assert tag_of(mine(), language="ko") == tag_of(mine(), language="ko") != tag_of(mine(), language="en")


def test_what_overlaps_is_told_and_what_touches_or_is_cancelled_is_not():
    series = make_series()
    ada = make_attendee(series)
    times = {"long": (0, 5), "inside": (1, 2), "touches": (5, 6), "later": (6, 8), "across": (7, 9), "gone": (7, 9)}
    rows = {
        name: make_session(series, starts_at=NINE + a * HOUR, ends_at=NINE + b * HOUR) for name, (a, b) in times.items()
    }
    cancel_session(rows["gone"], by=None)

    found = overlapping(agenda(ada, since=NINE, until=NINE + 12 * HOUR))

    assert found == {f"session-{rows[name].pk}" for name in ("long", "inside", "later", "across")}
