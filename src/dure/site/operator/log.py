"""The audit log of the whole platform: found by who, what, which thing and when; one act in full; a file of it."""

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dure.audit.models import AuditRow, AuditText
from dure.audit.operations import record
from dure.audit.queries import acts, before, newest_seal, unsealed
from dure.core.hangul import patterns
from dure.jobs.queries import checked
from dure.joints.sheets.cells import harmless
from dure.people.models import Person
from dure.people.queries import likeliest_persons
from dure.site import words
from dure.site.desk.history import PERSON
from dure.site.operator.door import operators
from dure.site.operator.events import EVERY_ACT, events_of
from dure.site.operator.lists import PAGE, page_of
from dure.site.reading import day_from
from dure.site.visitors import id_from

MOST = 100_000  # rows in one file
NAMED = 50  # people of one name whose acts are looked for
FIELDS = ("actor", "action", "object", "since", "until")
HEADER = (
    "at", "actor", "on_behalf_of", "action", "object_kind", "object_id", "before", "after", "request_id", "seal", "id",
)  # fmt: skip


@operators
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The newest acts first; an act on many things is one line."""
    rows = _filtered(request.GET)
    if last := AuditRow.objects.filter(pk=id_from(request.GET.get("before"))).first():
        rows = before(rows, last)
    listed = page_of(list(rows[: PAGE + 1]), request.GET)
    seen = {
        "tab": "audit",
        "asked": {name: request.GET.get(name, "") for name in FIELDS},
        "narrowed": any(request.GET.get(name) for name in FIELDS),
        "listed": listed,
        "events": events_of(listed.rows),
        "actions": _actions(words.language()),
        "seal": newest_seal(),
        "unsealed": unsealed(),
        "check": checked()["audit"],
    }
    return render(request, "operator/log.html", seen)


@lru_cache
def _actions(_language: str) -> list[tuple[str, str]]:
    """Every act in words, by these."""
    return sorted(((name, str(label)) for name, label in EVERY_ACT.items()), key=lambda pair: pair[1])


def _filtered(query: QueryDict) -> "QuerySet[AuditRow]":
    rows = acts()
    if thing := query.get("object", "").strip():
        rows = _about(thing)
    if action := query.get("action"):
        rows = rows.filter(action=action)
    if actor := query.get("actor", "").strip():
        rows = rows.filter(actor__in=_actors(actor))
    if since := day_from(query.get("since", "")):
        rows = rows.filter(at__gte=since)
    if until := day_from(query.get("until", "")):
        rows = rows.filter(at__lt=until + timedelta(days=1))
    return rows


def _about(thing: str) -> "QuerySet[AuditRow]":
    """``kind:id``, an id of whatever kind, or a kind; an act on many things counts for each of them."""
    rows = AuditRow.objects.defer("leaves").select_related("text").order_by("-at", "-pk")
    kind, _, name = thing.partition(":")
    if name:
        return rows.filter(object_kind=kind, object_id=name)
    kinds = [model._meta.label_lower for model in apps.get_models()]
    return rows.filter(object_kind=thing) if thing in kinds else rows.filter(object_kind__in=kinds, object_id=thing)


def _actors(typed: str) -> list[str]:
    """As the log names them: the name of a job, or the people of an address or a name."""
    everybody = Person.objects.only("pk")
    if "@" not in typed and patterns(typed):
        named = likeliest_persons(typed, slice(NAMED), among=lambda: everybody)
    else:
        named = list(everybody.filter(email=typed.lower()))
    return [typed, f"job:{typed}", *(f"{PERSON}{one.pk}" for one in named)]


@operators
@require_safe
def show(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """One act: what was before and after, what it belongs to, what vouches for it."""
    row = get_object_or_404(AuditRow.objects.defer("leaves").select_related("text", "seal", "head__seal"), pk=row_id)
    text: AuditText | None = getattr(row, "text", None)
    seen = {
        "tab": "audit",
        "row": row,
        "event": events_of([row])[0],
        "changes": _changes(text),
        "erased": text is None and bool(row.before or row.after),
        "seal": row.seal or (row.head and row.head.seal),
        "parts": events_of(row.parts.select_related("text").order_by("pk")[:PAGE]),
        "together": _together(row),
        "most": PAGE,
    }
    return render(request, "operator/act.html", seen)


def _changes(text: AuditText | None) -> list[tuple[str, str, str, bool]]:
    """Each name with its value before and after, and whether they differ."""
    if text is None:
        return []
    old, new = (json.loads(told) if told else {} for told in (text.before, text.after))
    names = dict.fromkeys([*old, *new])
    return [(name, _value(old.get(name)), _value(new.get(name)), old.get(name) != new.get(name)) for name in names]


def _value(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _together(row: AuditRow) -> list[AuditRow]:
    """What else the same request did."""
    if not row.request_id:
        return []
    minute = timedelta(minutes=1)
    near = acts().filter(at__range=(row.at - minute, row.at + minute), request_id=row.request_id)
    return list(near.exclude(pk=row.pk)[:PAGE])


@operators
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The same acts as CSV, sent as they are read."""
    asked = {name: request.GET[name] for name in FIELDS if request.GET.get(name)}
    record("operator.log-exported", ("log", "all"), after=asked)
    rows = _filtered(request.GET)[:MOST].iterator(chunk_size=1_000)
    name = 'attachment; filename="audit-log.csv"'
    return StreamingHttpResponse(
        _lines(rows), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name}
    )


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterator[AuditRow]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(HEADER)
    for row in rows:
        text: AuditText | None = getattr(row, "text", None)
        told = (text.before, text.after) if text else ("", "")
        cells = (
            row.at.isoformat(), row.actor, row.on_behalf_of, row.action, row.object_kind, row.object_id, *told,
            row.request_id, str(row.seal_id or ""), str(row.pk),
        )  # fmt: skip
        yield writer.writerow([harmless(cell) for cell in cells])
