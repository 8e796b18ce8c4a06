"""Entries as an iCalendar (RFC 5545): moments in UTC, the same entry always under the same UID."""

from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

from dure.calendar.queries import Entry

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODID = "-//Dure//Calendar//EN"


def tag_of(entries: Iterable[Entry], *, language: str) -> str:
    """What the ETag is made of: the same as long as no entry changed, without writing any."""
    told = "\n".join(f"{one.uid} {one.sequence} {one.stands} {one.changed_at.isoformat()}" for one in entries)
    return sha256(f"{language}\n{told}".encode()).hexdigest()[:32]


def written(entries: Iterable[Entry], *, title: str, language: str) -> bytes:
    """The calendar, in one language. Cancelled entries stay, as CANCELLED, so that programs take them off."""
    book = Calendar()
    book.add("prodid", PRODID)
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", title)
    book.add("refresh-interval;value=duration", "PT1H")
    for entry in entries:
        book.add_component(_event(entry, language))
    return bytes(book.to_ical())


def _event(entry: Entry, language: str) -> Event:
    event, beside = Event(), f" · {entry.beside}" if entry.beside else ""
    event.add("uid", f"{entry.uid}@{urlsplit(settings.BASE_URL).hostname or 'dure'}")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", f"{entry.title[language]}{beside}")
    event.add("status", "CONFIRMED" if entry.stands else "CANCELLED")
    event.add("url", f"{settings.BASE_URL}{entry.path}")
    if entry.place:
        event.add("location", entry.place)
    if entry.link:
        event.add("description", entry.link)
    return event
