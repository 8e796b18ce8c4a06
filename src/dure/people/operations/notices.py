"""Notices and letters: what persons are told on their pages and by mail, and which of it they want by mail."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Refused
from dure.core.moments import Told
from dure.core.text import Text
from dure.jobs.operations import send_mail
from dure.people.days import zone_of
from dure.people.models import ALWAYS_MAILED, MAILED_BY_CHOICE, Muted, Notice, NoticeKind, Person
from dure.people.queries.notices import muted_by

AT_ONCE = 1000


@dataclass(frozen=True)
class Letter:
    """The same news as a line on one's pages and as a mail; ``{words}`` and ``{link}`` are filled in for its reader."""

    kind: NoticeKind
    notice: Text
    subject: Text
    body: Text


def tell(persons: Iterable[UUID], *, kind: NoticeKind, text: Text, path: str) -> None:
    """Tell each of the persons (ids) the same, in the caller's transaction. ``path``: the page that it is about."""
    notices = (Notice(person_id=pk, kind=kind, text_ko=text.ko, text_en=text.en, path=path) for pk in persons)
    Notice.objects.bulk_create(notices, batch_size=AT_ONCE)


def write_to(people: Iterable[Person], letter: Letter, *, path: str, **words: object) -> None:
    """A notice for each, and a mail in their language unless they want none; a scratch database tells nobody.

    A moment among the words (``Told``) is read in each reader's time zone.
    """
    active = {person.pk: person for person in people if person.is_active}
    if settings.SCRATCH or not active:
        return
    muted = set() if letter.kind in ALWAYS_MAILED else muted_by(active, letter.kind)
    by_zone = defaultdict(list)
    for person in active.values():
        by_zone[person.zone].append(person)
    for zone, readers in by_zone.items():
        told = _in_zone(words, zone)
        tell([one.pk for one in readers], kind=letter.kind, text=letter.notice.format(**told), path=path)
        _mail([one for one in readers if one.pk not in muted], letter, {**told, "link": f"{settings.BASE_URL}{path}"})


def _in_zone(words: Mapping[str, object], zone: str) -> Mapping[str, object]:
    return {name: word.to(zone_of(zone)) if isinstance(word, Told) else word for name, word in words.items()}


def _mail(readers: Sequence[Person], letter: Letter, words: Mapping[str, object]) -> None:
    subject, body = letter.subject.format(**words), letter.body.format(**words)
    for person in readers:
        send_mail(to=person.email, subject=subject, body=body, language=person.language or "ko")


def read(notice: Notice) -> None:
    """It was seen; the first time counts."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now())


def read_all(person: Person) -> int:
    """Everything they were told until now was seen. Returns how many notices were not."""
    return person.notices.filter(read_at=None).update(read_at=clock.now())


@transaction.atomic
def choose_mail(person: Person, *, kinds: Collection[str]) -> None:
    """Of the kinds that can be switched off, have only these by mail. Raises Refused("notice.kind") for others."""
    switchable = {kind.value for kind in MAILED_BY_CHOICE}
    if unknown := set(kinds) - switchable:
        sentence = Text(ko="메일로 받을지 고를 수 없는 알림입니다.", en="Whether this comes by mail cannot be chosen.")
        raise Refused("notice.kind", sentence, kinds=sorted(unknown))
    before = sorted(person.muted.values_list("kind", flat=True))
    muted = sorted(switchable - set(kinds))
    person.muted.all().delete()
    Muted.objects.bulk_create([Muted(person=person, kind=kind) for kind in muted])
    record("person.mail-chosen", person, before={"muted": before}, after={"muted": muted})
