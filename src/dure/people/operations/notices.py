"""Notices: what persons are told on their pages, and which of it they want by mail."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.models import ALWAYS_MAILED, Muted, Notice, NoticeKind, Person

AT_ONCE = 1000


def tell(persons: Iterable[UUID], *, kind: NoticeKind, text: Text, path: str) -> None:
    """Tell each of the persons (ids) the same, in the caller's transaction. ``path``: the page that it is about."""
    notices = (Notice(person_id=pk, kind=kind, text_ko=text.ko, text_en=text.en, path=path) for pk in persons)
    Notice.objects.bulk_create(notices, batch_size=AT_ONCE)


def read(notice: Notice) -> None:
    """It was seen; the first time counts."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now())


def read_all(person: Person) -> int:
    """Everything they were told until now was seen. Returns how many notices were not."""
    return person.notices.filter(read_at=None).update(read_at=clock.now())


@transaction.atomic
def choose_mail(person: Person, *, kinds: Collection[str]) -> None:
    """Of the kinds that can be switched off, have only these by mail. Raises Refused("notice.kind") for others."""
    switchable = set(NoticeKind.values) - ALWAYS_MAILED
    if unknown := set(kinds) - switchable:
        sentence = Text(ko="메일로 받을지 고를 수 없는 알림입니다.", en="Whether this comes by mail cannot be chosen.")
        raise Refused("notice.kind", sentence, kinds=sorted(unknown))
    before = sorted(person.muted.values_list("kind", flat=True))
    muted = sorted(switchable - set(kinds))
    person.muted.all().delete()
    Muted.objects.bulk_create([Muted(person=person, kind=kind) for kind in muted])
    record("person.mail-chosen", person, before={"muted": before}, after={"muted": muted})
