"""An organisation's own people: who is certified in what, who is under way, who is stuck; as a file too."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dure.audit.operations import record
from dure.core.errors import Missing
from dure.core.text import Text
from dure.credentials.models import Alignment
from dure.joints.sheets import CONTENT_TYPES, csv_pieces, write
from dure.joints.sheets.cells import Cell
from dure.joints.sheets.tables import FORMAT
from dure.joints.workforce import (
    Certificate,
    Found,
    Learning,
    Numbers,
    Standing,
    Wanted,
    Worker,
    numbers,
    workers,
    workforce,
)
from dure.learning.models import Cohort, Enrolment
from dure.people.models import Organisation, Person
from dure.people.queries.names import MANY
from dure.site import words
from dure.site.desk.batches import streamed
from dure.site.drawing import addresses, drawn
from dure.site.figures import day, percent
from dure.site.organisations.pages import frame_of, looked_after
from dure.site.visitors import id_from, person_of
from dure.skills.models import JobRole, OwnRole, Skill
from dure.store.chunks import chunked
from dure.store.worded import valued

PAGE, CHOICES, PIECE = 40, 200, 500
KEPT = 60  # seconds for which the numbers above the list stand
Value = TypeVar("Value")
STANDINGS: dict[str, Promise] = {
    "certified": _("Certified"), "learning": _("Under way"), "stuck": _("Stuck"), "neither": _("Neither"),
}  # fmt: skip


_LINE = '<tr><th scope="row"><a href="{}">{}</a><br><span class="muted small">{}</span></th><td>{}</td><td>{}</td></tr>'
_HELD = '<div>{}<br><span class="muted small">{}</span></div>'
_WAY = '<div>{} <span class="tag {}">{}</span><br><span class="muted small">{}</span></div>'
_NOTHING = '<span class="muted">{}</span>'


@login_required
@require_safe
def index(request: HttpRequest, short: str) -> HttpResponse:
    """Its people as they are looked for, a page at a time."""
    organisation = looked_after(request, short)
    wanted = _wanted(request.GET)
    told, known = _counted(organisation, wanted)
    page = Paginator(Found(organisation, wanted, known=known), PAGE).get_page(request.GET.get("page"))
    seen = {
        **frame_of(person_of(request), organisation, tab="learning"), "wanted": wanted, "page": page, "numbers": told,
        "lines": _lines_of(workers(organisation, list(page.object_list))),
        "standings": STANDINGS.items(), **_choices(organisation),
    }  # fmt: skip
    return render(request, "learning/workforce.html", seen)


@login_required
@require_safe
def export(request: HttpRequest, short: str, form: str) -> HttpResponseBase:
    """The same people, a row for each thing that they are certified in or under way with."""
    organisation = looked_after(request, short)
    if form not in CONTENT_TYPES:
        raise Missing("sheet.format", FORMAT)
    record("report.taken", organisation, about=person_of(request))
    rows, name = _cells(organisation, workforce(organisation, _wanted(request.GET))), f"{short}-people.{form}"
    if form == "csv":
        return streamed(csv_pieces(_header(), rows), name)
    made = HttpResponse(write(_header(), rows, format=form), content_type=CONTENT_TYPES[form])
    made["Content-Disposition"] = f'attachment; filename="{name}"'
    return made


def _lines_of(them: Sequence[Worker]) -> SafeString:
    """The lines of the list: there are forty, and a template takes three times as long for each."""
    address = addresses("person")
    return SafeString("".join(_line(one, address(one.id)) for one in them))


def _line(one: Worker, address: str) -> SafeString:
    """One of them: who it is, what they are certified in, what they are under way with."""
    role = words.say(one.role) if one.role else ""
    about = " · ".join(filter(None, (one.email, one.department, role)))
    held = "".join(map(_held, one.certificates)) or drawn(_NOTHING, "–" if one.shares else gettext("Not shared"))
    ways = "".join(map(_way, one.learning)) or drawn(_NOTHING, "–")
    return drawn(_LINE, address, one.name or one.email, about, SafeString(held), SafeString(ways))


def _held(held: Certificate) -> SafeString:
    until = _until(held.until) if held.until else gettext("without end")
    name = " · ".join(filter(None, (words.say(held.name), held.level)))
    return drawn(_HELD, name, f"{words.say(held.by)} · {until}")


def _way(way: Learning) -> SafeString:
    share = percent(way.share) if way.share is not None else ""
    about = " · ".join(filter(None, (words.say(way.group), share, _until(way.until) if way.until else "")))
    return drawn(_WAY, words.say(way.name), way.state, words.LEARNING_STATES[way.state], about)


def _until(at: datetime) -> str:
    return gettext("until %(day)s") % {"day": day(at)}


def _wanted(query: QueryDict) -> Wanted:
    asked = query.get("state", "")
    ids = {name: id_from(query.get(name)) for name in ("cohort", "role", "skill") if query.get(name)}
    text = query.get("q", "").replace("\0", "").strip()[:80]
    return Wanted(text=text, standing=Standing(asked) if asked in STANDINGS else None, **ids)


def _counted(organisation: Organisation, wanted: Wanted) -> tuple[Numbers, int | None]:
    """The numbers above the list, and how many are looked for: as counted within the last minute where they are many,
    else each time; None where somebody typed, for the list reads them all then."""
    above = f"workforce:{organisation.pk}"
    here = f"{above}:{wanted.cohort}:{wanted.role}:{wanted.skill}:{wanted.standing}"
    kept = cache.get_many([above, here])
    told = kept.get(above) or _kept(above, numbers(organisation))
    if wanted.text:
        return told, None
    number = told.of(wanted.standing) if wanted == Wanted(standing=wanted.standing) else kept.get(here, 0)
    if number >= MANY:
        return told, number
    number = len(Found(organisation, wanted))
    return told, _kept(here, number) if number >= MANY else number


def _kept(key: str, value: Value) -> Value:
    cache.set(key, value, KEPT)
    return value


def _choices(organisation: Organisation) -> dict[str, object]:
    """What its people can be narrowed by, ids and names: cohorts that it pays for, roles that anybody aims at, skills
    of badges."""
    at = words.language()
    cohorts, roles, skills = valued(_cohorts, organisation.pk), valued(_roles), valued(_skills)
    return {
        "cohorts": [(pk, f"{Text(ko=ko, en=en)[at]} · {name}") for pk, name, ko, en in cohorts],
        "roles": [(pk, Text(ko=ko, en=en)[at]) for pk, ko, en in roles],
        "skills": [(pk, Text(ko=ko, en=en)[at]) for pk, ko, en in skills],
    }


def _cohorts(organisation: UUID) -> "QuerySet[Cohort, Any]":
    paid = Enrolment.objects.filter(organisation=organisation).order_by().values("cohort").distinct()
    rows = Cohort.objects.filter(pk__in=paid).order_by("-pk")
    return rows.values_list("pk", "name", "course__title_ko", "course__title_en")[:CHOICES]


def _roles() -> "QuerySet[JobRole, Any]":
    rows = JobRole.objects.filter(pk__in=OwnRole.objects.values("role")).order_by("name_key")
    return rows.values_list("pk", "name_ko", "name_en")[:CHOICES]


def _skills() -> "QuerySet[Skill, Any]":
    rows = Skill.objects.filter(pk__in=Alignment.objects.values("skill")).order_by("name_key")
    return rows.values_list("pk", "name_ko", "name_en")[:CHOICES]


def _header() -> list[str]:
    return [
        gettext("Name"), gettext("Email"), gettext("Department"), gettext("Job role"), gettext("Shares"),
        gettext("Certified in"), gettext("Issuer"), gettext("Level"), gettext("Issued"), gettext("Valid until"),
        gettext("Under way with"), gettext("Cohort"), gettext("State"), gettext("Completion"), gettext("Until"),
    ]  # fmt: skip


def _cells(organisation: Organisation, people: "QuerySet[Person]") -> Iterator[list[Cell]]:
    for ids in chunked(list(people.values_list("pk", flat=True)), PIECE):
        for worker in workers(organisation, ids):
            yield from _lines(worker)


def _lines(worker: Worker) -> Iterator[list[Cell]]:
    who: list[Cell] = [
        worker.name, worker.email, worker.department, words.say(worker.role) if worker.role else "",
        gettext("yes") if worker.shares else gettext("no"),
    ]  # fmt: skip
    pairs = list(zip_longest(worker.certificates, worker.learning)) or [(None, None)]
    for held, way in pairs:
        certified: list[Cell] = [""] * 5
        learning: list[Cell] = [""] * 5
        if held:
            days = (localdate(at).isoformat() if at else "" for at in (held.since, held.until))
            certified = [words.say(held.name), words.say(held.by), held.level, *days]
        if way:
            until = localdate(way.until).isoformat() if way.until else ""
            state = str(words.LEARNING_STATES[way.state])
            learning = [words.say(way.name), words.say(way.group), state, way.share, until]
        yield [*who, *certified, *learning]
