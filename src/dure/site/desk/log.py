"""What was done in a programme, by whom and when; as a page and as a file, with the state of the seal."""

from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from dure.audit.models import AuditRow
from dure.audit.operations import record
from dure.audit.queries import before, newest_seal, unsealed
from dure.joints.log import log_of
from dure.joints.sheets import CONTENT_TYPES
from dure.joints.sheets.tables import write
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme
from dure.site import words
from dure.site.desk.history import ACTIONS, PERSON, told_of, what
from dure.site.reading import day_from
from dure.site.visitors import desk_for, id_from, person_of
from dure.store.worded import found

PAGE = 50
FILTERS = ("action", "who", "since", "until")
MOST = 20_000  # rows in one file


@login_required
@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest acts first; ``after`` goes on behind one."""
    programme = desk_for(request, slug)
    rows = _page(programme, request.GET)
    seen = {
        "programme": programme,
        "blueprint": blueprint_of(programme),
        "tab": "log",
        "events": told_of(rows[:PAGE]),
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "actions": _actions(words.language()),
        "asked": {name: request.GET.get(name, "") for name in FILTERS},
        "seal": newest_seal(),
        "unsealed": unsealed(),
    }
    return render(request, "desk/log.html", seen)


def _page(programme: Programme, query: QueryDict) -> list[AuditRow]:
    """The rows of a page, and one more where there is another one."""
    if not any(query.get(name) for name in (*FILTERS, "after")):
        return found(_newest, programme.pk, part=slice(0, PAGE + 1))
    rows, after = _filtered(programme, query), query.get("after")
    last = AuditRow.objects.only("at").filter(pk=id_from(after)).first() if after else None
    return list((before(rows, last) if last else rows)[: PAGE + 1])


def _newest(programme: UUID) -> "QuerySet[AuditRow]":
    return log_of(Programme(pk=programme))


@lru_cache
def _actions(_language: str) -> list[tuple[str, str]]:
    """Every act of a programme in words, by these."""
    return sorted(((name, str(label)) for name, label in ACTIONS.items()), key=lambda pair: pair[1])


def _filtered(programme: Programme, query: QueryDict) -> "QuerySet[AuditRow]":
    rows = log_of(programme)
    if action := query.get("action"):
        rows = rows.filter(action=action)
    if who := query.get("who", "").strip():
        people = Person.objects.filter(name__icontains=who) | Person.objects.filter(email__iexact=who)
        rows = rows.filter(actor__in=[f"{PERSON}{pk}" for pk in people.values_list("pk", flat=True)[:PAGE]])
    if since := day_from(query.get("since", "")):
        rows = rows.filter(at__gte=since)
    if until := day_from(query.get("until", "")):
        rows = rows.filter(at__lt=until + timedelta(days=1))
    return rows


@login_required
@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The same acts as a file."""
    programme = desk_for(request, slug)
    events = told_of(_filtered(programme, request.GET)[:MOST])
    header = [
        gettext("When"),
        gettext("Done by"),
        gettext("What was done"),
        gettext("About"),
        gettext("Details"),
        gettext("Seal"),
    ]
    lines = (
        [
            event.at.isoformat(timespec="seconds"), event.who, what(event.row.action),
            f"{event.row.object_kind}:{event.row.object_id}", "; ".join(f"{k}: {v}" for k, v in event.told),
            event.row.seal_id,
        ]
        for event in events
    )  # fmt: skip
    data = write([*header, gettext("Seal")], lines, format="csv")
    record("log.exported", programme, after={"rows": len(events)}, about=person_of(request))
    name = f"{programme.slug}-log.csv"
    return HttpResponse(
        data, content_type=CONTENT_TYPES["csv"], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
