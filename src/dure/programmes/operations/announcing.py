"""Announcing: written, looked at, sent once; who is in the group is read when sending begins."""

from collections.abc import Mapping, Sequence
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.db.models import F

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.jobs.models import Message
from dure.jobs.operations import LATER, enqueue, post_all, written
from dure.people.models import NoticeKind, Person
from dure.people.operations.notices import tell
from dure.people.queries.notices import muted_by
from dure.programmes.models import (
    ANNOUNCEMENT_MOVES,
    Announcement,
    AnnouncementState,
    Letter,
    Programme,
)
from dure.programmes.queries.cohort import Group, people_in
from dure.store.bulk import insert_rows
from dure.store.models import move

TEXTS = ("subject_ko", "subject_en", "body_ko", "body_en")
SENDING = "programmes.announce"  # the task that writes the letters
AT_ONCE = 250
NAME = "{name}"  # where the reader's own name goes
_SUBJECT = Text(ko="[두레] {subject}", en="[Dure] {subject}")
_NOTICE = Text(ko="‘{programme}’ 공지: {subject}", en="{programme}: {subject}")
_BODY = Text(
    ko="{body}\n\n‘{programme}’ 운영진이 보냈습니다.\n{link}\n",
    en="{body}\n\nSent by those who run {programme}.\n{link}\n",
)


@transaction.atomic
def write_announcement(programme: Programme, *, by: Person, group: Group, texts: Mapping[str, str]) -> Announcement:
    """A draft for a group; ``texts`` has subject and body in both languages. Raises Flawed for what is empty."""
    kept = _checked(texts)
    made = Announcement.objects.create(programme=programme, written_by=by, group=group.as_dict(), **kept)
    record("announcement.written", made, after=_told(made), actor=by)
    return made


@transaction.atomic
def rewrite_announcement(made: Announcement, *, by: Person, group: Group, texts: Mapping[str, str]) -> Announcement:
    """Change a draft. Raises Refused once it was sent."""
    kept, before = {**_checked(texts), "group": group.as_dict()}, _told(made)
    if Announcement.objects.filter(pk=made.pk, state=AnnouncementState.DRAFT).update(**kept) != 1:
        raise _sent()
    made.refresh_from_db()
    record("announcement.rewritten", made, before=before, after=_told(made), actor=by)
    return made


@transaction.atomic
def discard_announcement(made: Announcement, *, by: Person) -> None:
    """Throw a draft away."""
    record("announcement.discarded", made, before=_told(made), actor=by)
    if not Announcement.objects.filter(pk=made.pk, state=AnnouncementState.DRAFT).delete()[0]:
        raise _sent()


@transaction.atomic
def send_announcement(made: Announcement, *, by: Person) -> int:
    """Begin to tell everybody who is in the group now, once: of two who send at the same time one is refused.

    Whom it goes to is fixed here; workers write the letters, some at a time, until ``stop_announcement``. Returns how
    many they are.
    """
    people = people_in(made.programme, Group.of(made.group)).values_list("pk", flat=True)
    rows = [(made.pk, person) for person in people]
    if not rows:
        sentence = Text(
            ko="받는 사람이 없습니다. 대상의 조건을 바꾸세요.", en="Nobody is in this group. Change whom it goes to."
        )
        raise Refused("announcement.nobody", sentence)
    move(
        made, AnnouncementState.SENDING, by=ANNOUNCEMENT_MOVES,
        sent_by=by, sent_at=clock.now(), receivers=len(rows),
    )  # fmt: skip
    insert_rows(Letter, ["announcement", "person"], rows)
    record("announcement.sent", made, after={**_told(made), "letters": len(rows)}, actor=by)
    _go_on(made)
    return len(rows)


def _go_on(made: Announcement) -> None:
    """Behind the letters that are on their way already, so that what is stopped has not all left."""
    enqueue(SENDING, arguments={"announcement": made.pk}, key=f"{SENDING}:{made.pk}", priority=LATER)


@transaction.atomic
def stop_announcement(made: Announcement, *, by: Person) -> Announcement:
    """Write no more letters; those that were written leave."""
    move(made, AnnouncementState.STOPPED, by=ANNOUNCEMENT_MOVES)
    made.refresh_from_db(fields=["told"])
    record("announcement.stopped", made, after={"letters": made.told, "of": made.receivers}, actor=by)
    return made


def next_letters(made: Announcement) -> list[tuple[Letter, Message | None]]:
    """The next ``AT_ONCE`` that wait, each with its mail as it will leave, not saved; None for who wants no mail."""
    waiting = made.letters.filter(told_at=None).select_related("person").order_by("pk")
    letters = list(waiting[:AT_ONCE])
    muted = muted_by((letter.person_id for letter in letters), NoticeKind.ANNOUNCEMENT)
    return [
        (letter, letter_to(letter.person, made) if letter.person.is_active and letter.person_id not in muted else None)
        for letter in letters
    ]


@transaction.atomic
def send_letters(made: Announcement, letters: Sequence[tuple[Letter, Message | None]]) -> None:
    """Tell the receivers of ``next_letters`` on their pages and by mail, and go on with those behind them.

    Nothing happens once sending was stopped: the announcement's row is taken before anything is written.
    """
    going = Announcement.objects.filter(pk=made.pk, state=AnnouncementState.SENDING)
    if not going.update(told=F("told") + len(letters)):
        return
    post_all([mail for _, mail in letters if mail])
    now = clock.now()
    for letter, mail in letters:
        letter.message, letter.told_at = mail, now
    Letter.objects.bulk_update([letter for letter, _ in letters], ["message", "told_at"])
    tell(
        (letter.person_id for letter, _ in letters if letter.person.is_active), kind=NoticeKind.ANNOUNCEMENT,
        text=_NOTICE.format(programme=made.programme.title, subject=made.subject), path=path_of(made),
    )  # fmt: skip
    if made.letters.filter(told_at=None).exists():
        _go_on(made)
    else:
        move(made, AnnouncementState.SENT, by=ANNOUNCEMENT_MOVES)


def path_of(made: Announcement) -> str:
    """The page on which its receivers read it."""
    return f"/announcements/{made.pk}/"


def letter_to(person: Person, made: Announcement) -> Message:
    """One person's copy as it will leave (not saved): in their language, with their name in its place."""
    return written(
        to=person.email,
        subject=_SUBJECT.format(subject=made.subject),
        body=_BODY.format(
            body=body_for(person, made), programme=made.programme.title, link=urljoin(settings.BASE_URL, path_of(made))
        ),
        language=person.language or "ko",
    )


def body_for(person: Person, made: Announcement) -> Text:
    """The text with the reader's name where it belongs."""
    return Text(ko=made.body_ko.replace(NAME, person.name), en=made.body_en.replace(NAME, person.name))


def _checked(texts: Mapping[str, str]) -> dict[str, str]:
    kept = {name: texts.get(name, "").strip() for name in TEXTS}
    empty = Text(ko="내용을 적어 주세요.", en="Write this.")
    long = Text(ko="제목은 한 줄, 150자까지 적을 수 있습니다.", en="A subject is one line of at most 150 characters.")
    flaws = [{"field": name, **empty.as_dict()} for name in TEXTS if not kept[name]]
    subjects = (name for name in ("subject_ko", "subject_en") if len(kept[name]) > 150 or "\n" in kept[name])
    flaws += [{"field": name, **long.as_dict()} for name in subjects]
    named = Text(
        ko="받는 사람의 이름({name})은 본문에만 넣을 수 있습니다.",
        en="The reader's name ({name}) belongs in the text only.",
    )
    flaws += [{"field": name, **named.as_dict()} for name in ("subject_ko", "subject_en") if NAME in kept[name]]
    if flaws:
        sentence = Text(
            ko="두 언어의 제목과 내용을 모두 적어 주세요.", en="Write the subject and the text in both languages."
        )
        raise Flawed("announcement.texts", sentence, errors=flaws)
    return kept


def _told(made: Announcement) -> dict[str, object]:
    told = {"programme": made.programme.slug, "group": made.group}
    return {**told, **{name: getattr(made, name) for name in TEXTS}}


def _sent() -> Refused:
    return Refused("announcement.sent", Text(ko="이미 보낸 공지입니다.", en="This was sent already."))
