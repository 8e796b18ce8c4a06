"""Announcements of a programme: written, looked at, sent by workers, stopped, and what became of them."""

from typing import Annotated, Self
from uuid import UUID

from django.db.models import QuerySet
from ninja import Query, Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import one, operated_programme
from dure.api.shapes import In, Line, Moment, Out, Page, Paging, PersonRef, Prose, Words, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.models import Announcement
from dure.programmes.operations import announcing
from dure.programmes.queries.announced import Delivered, delivered
from dure.programmes.queries.cohort import Group

router = Router(tags=["announcements"])
ANNOUNCEMENT = Text(ko="공지", en="announcement")
Subject = Annotated[str, Field(max_length=150)]


class GroupIn(In):
    """Some of the cases; what is left out does not narrow. ``cases`` names them one by one by their numbers."""

    stage: Line = ""
    state: Line = ""
    option: Line = ""
    organisation: Line = ""
    text: Line = ""
    cases: Annotated[list[Annotated[int, Field(ge=1, le=2**31 - 1)]], Field(max_length=1000)] = []

    def group(self) -> Group:
        return Group.of(self.model_dump())


class AnnouncementIn(In):
    """``{name}`` in a text becomes the reader's own."""

    group: GroupIn = GroupIn()
    subject_ko: Subject
    subject_en: Subject
    body_ko: Prose
    body_en: Prose

    def texts(self) -> dict[str, str]:
        return self.model_dump(exclude={"group"})


class AnnouncementOut(Out):
    """``told`` of ``receivers`` have got theirs; of their mails ``delivered`` arrived, ``waiting`` are on their way."""

    id: UUID
    group: dict[str, str | list[int]]
    subject: Words
    body: Words
    state: str
    written_by: PersonRef
    written_at: Moment
    sent_at: Moment | None
    receivers: int
    told: int
    delivered: int
    waiting: int
    failed: int

    @classmethod
    def of(cls, made: Announcement) -> Self:
        return cls.of_delivered(delivered(made))

    @classmethod
    def of_delivered(cls, found: Delivered) -> Self:
        made = found.announcement
        return cls(
            id=made.pk,
            group=made.group,
            subject=Words.of(made.subject),
            body=Words.of(made.body),
            state=made.state,
            written_by=PersonRef.of(made.written_by),
            written_at=made.written_at,
            sent_at=made.sent_at,
            receivers=made.receivers,
            told=made.told,
            delivered=found.sent,
            waiting=found.waiting,
            failed=found.failed,
        )


class Discarded(Out):
    id: UUID

    @classmethod
    def of(cls, made: UUID) -> Self:
        return cls(id=made)


@router.get("/programmes/{slug:slug}/announcements", response=Page[AnnouncementOut])
def listed(request: Asked, slug: str, paging: Query[Paging]) -> Page[AnnouncementOut]:
    """What was announced and is being written, for those who operate the programme."""
    rows = _rows().filter(programme=operated_programme(request.auth, slug))
    return paged(rows, paging, lambda found: [AnnouncementOut.of(made) for made in found])


@writes(router.post, "/programmes/{slug:slug}/announcements", AnnouncementOut, status=201)
def write(request: Asked, slug: str, body: AnnouncementIn) -> Announcement:
    """Write a draft for a group; who is in it is read when it is sent."""
    programme = operated_programme(request.auth, slug)
    return announcing.write_announcement(programme, by=request.auth, group=body.group.group(), texts=body.texts())


@router.get("/announcements/{uuid:announcement_id}", response=AnnouncementOut)
def shown(request: Asked, announcement_id: UUID) -> AnnouncementOut:
    """One announcement, with how far sending is and what became of its letters."""
    return AnnouncementOut.of(_announcement(request.auth, announcement_id))


@writes(router.put, "/announcements/{uuid:announcement_id}", AnnouncementOut)
def rewrite(request: Asked, announcement_id: UUID, body: AnnouncementIn) -> Announcement:
    """Change a draft."""
    made = _announcement(request.auth, announcement_id)
    return announcing.rewrite_announcement(made, by=request.auth, group=body.group.group(), texts=body.texts())


@writes(router.delete, "/announcements/{uuid:announcement_id}", Discarded)
def discard(request: Asked, announcement_id: UUID) -> UUID:
    """Throw a draft away."""
    announcing.discard_announcement(_announcement(request.auth, announcement_id), by=request.auth)
    return announcement_id


@writes(router.post, "/announcements/{uuid:announcement_id}/send", AnnouncementOut)
def send(request: Asked, announcement_id: UUID) -> Announcement:
    """Begin to tell everybody who is in the group now; workers write the letters."""
    made = _announcement(request.auth, announcement_id)
    announcing.send_announcement(made, by=request.auth)
    return made


@writes(router.post, "/announcements/{uuid:announcement_id}/stop", AnnouncementOut)
def stop(request: Asked, announcement_id: UUID) -> Announcement:
    """Write no more letters; those that were written leave."""
    return announcing.stop_announcement(_announcement(request.auth, announcement_id), by=request.auth)


def _rows() -> "QuerySet[Announcement]":
    return Announcement.objects.select_related("programme", "written_by")


def _announcement(person: Person, announcement_id: UUID) -> Announcement:
    """The announcement, for those who operate its programme; others need not know of it."""
    made = one(_rows(), "announcement.missing", ANNOUNCEMENT, pk=announcement_id)
    if not rules.operates(person, made.programme):
        return one(_rows().none(), "announcement.missing", ANNOUNCEMENT)
    return made
