"""What persons were told, what of it they have not seen, and what they want by mail."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from dure.people.models import Export, ExportState, Muted, Notice, NoticeKind, Person
from dure.store.chunks import chunked
from dure.store.worded import asked

MOST_COUNTED = 100


def notices_of(person: Person) -> QuerySet[Notice]:
    """Everything somebody was told, the newest first."""
    return person.notices.order_by("-pk")


def unread_count(person: Person) -> int:
    """How many notices wait to be seen, counted no further than ``MOST_COUNTED``."""
    return len(asked(_unread, person.pk))


def _unread(person: UUID) -> "QuerySet[Notice, Any]":
    return Notice.objects.filter(person=person, read_at=None).values_list("kind")[:MOST_COUNTED]


def unread_of(person: Person) -> QuerySet[Notice]:
    """What somebody was told and has not seen, the newest first."""
    return notices_of(person).filter(read_at=None)


def muted_by(persons: Iterable[UUID], kind: NoticeKind) -> set[UUID]:
    """Those of the persons who do not want this kind by mail."""
    return {
        person
        for piece in chunked(persons)
        for person in Muted.objects.filter(person__in=piece, kind=kind).values_list("person_id", flat=True)
    }


def exports_of(person: Person) -> QuerySet[Export]:
    """What somebody asked for and may still get, the newest first."""
    return person.exports.exclude(state=ExportState.GONE).order_by("-pk")
