"""Writing the log, sealing it, and erasing the texts beside it."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from dure.audit.acting import acting_now
from dure.audit.models import ERASED, AuditRow, AuditText, Seal, Thing, thing_kind_and_id, thing_name

Told = Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Part:
    """One thing of a batch, what it was and what it became."""

    thing: Thing
    before: Told = None
    after: Told = None
    about: Thing | None = None


@transaction.atomic(savepoint=False)
def record(
    action: str,
    thing: Thing,
    *,
    before: Told = None,
    after: Told = None,
    about: Thing | None = None,
    actor: Thing | None = None,
) -> AuditRow:
    """Write down, in the caller's transaction, that ``actor`` (left out: whoever acts now) did ``action`` to ``thing``.

    ``before`` and ``after`` lie in a text that ``erase_texts`` can erase with all the others ``about`` the same
    (left out: ``thing``). Reads nothing of the chain, so that writers never wait for each other.
    """
    row = _row(action, thing, actor)
    text = _tell(row, Part(thing, before, after, about))
    row.save(force_insert=True)
    if text:
        text.save(force_insert=True)
    return row


@transaction.atomic
def record_many(action: str, thing: Thing, *, parts: Iterable[Part], actor: Thing | None = None) -> AuditRow:
    """Write down one act on many things: one row to be sealed, whose root vouches for a row of each part."""
    head = _row(action, thing, actor)
    rows, texts = [], []
    for part in parts:
        row = _row(action, part.thing, actor)
        row.head, row.at = head, head.at
        text = _tell(row, part)
        rows.append(row)
        if text:
            texts.append(text)
    head.vouch_for(rows)
    head.save(force_insert=True)
    AuditRow.objects.bulk_create(rows)
    AuditText.objects.bulk_create(texts)
    return head


def _row(action: str, thing: Thing, actor: Thing | None) -> AuditRow:
    now = acting_now()
    kind, name = thing_kind_and_id(thing)
    return AuditRow(
        actor=thing_name(actor) if actor else now.actor,
        on_behalf_of=now.on_behalf_of,
        action=action,
        object_kind=kind,
        object_id=name,
        request_id=now.request_id,
    )


def _tell(row: AuditRow, part: Part) -> AuditText | None:
    if part.before is None and part.after is None:
        return None
    text = AuditText(row=row, about=thing_name(part.about or part.thing), salt=os.urandom(16))
    text.before, text.after = _canonical(part.before), _canonical(part.after)
    row.before, row.after = text.hash_of(text.before), text.hash_of(text.after)
    return text


def _canonical(told: Told) -> str:
    if told is None:
        return ""
    return json.dumps(told, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def seal(*, most: int = 10_000) -> Seal | None:
    """Chain the next ``most`` unsealed rows; None where there are none or another sealer was faster.

    Rows are claimed before they are read, and the seal's number is its key: of two sealers that run at
    the same time one fails on it and gives its rows back.
    """
    try:
        with transaction.atomic():
            return _seal(most)
    except IntegrityError:
        return None


def _seal(most: int) -> Seal | None:
    last = Seal.objects.defer("leaves").order_by("-number").first()
    link = Seal(number=last.number + 1 if last else 1, previous=last.hash if last else "")
    waiting = AuditRow.objects.filter(seal=None, head=None).order_by("pk").values("pk")[:most]
    if not AuditRow.objects.filter(pk__in=waiting, seal=None).update(seal=link.number):
        return None
    link.vouch_for(list(AuditRow.objects.defer("leaves").filter(seal=link.number).order_by("pk")))
    link.hash = link.counted_hash()
    link.save(force_insert=True)
    return link


@transaction.atomic
def erase_texts(about: Thing, *, actor: Thing | None = None) -> int:
    """Erase what the log tells ``about`` somebody or something, and write down that it was erased. Returns how many."""
    erased = 0
    while texts := list(AuditText.objects.select_related("row").filter(about=thing_name(about))[:500]):
        record_many(ERASED, about, parts=[Part(text.row) for text in texts], actor=actor)
        AuditText.objects.filter(pk__in=[text.pk for text in texts]).delete()
        erased += len(texts)
    return erased
