"""An organisation's own people: who is certified in what, who is under way, who is stuck; as a file too."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import TypeVar

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dure.audit.operations import record
from dure.core.errors import Missing
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
from dure.learning.models import Cohort
from dure.people.models import Organisation, Person
from dure.people.queries.names import MANY
from dure.site import words
from dure.site.desk.batches import streamed
from dure.site.figures import day, percent
from dure.site.organisations.pages import frame_of, looked_after
from dure.site.visitors import id_from, person_of
from dure.skills.models import JobRole, OwnRole, Skill
from dure.store.chunks import chunked

PAGE, CHOICES, PIECE = 40, 200, 500
KEPT = 60  # seconds for which the numbers above the list stand
Value = TypeVar("Value")
STANDINGS: dict[str, Promise] = {
    "certified": _("Certified"), "learning": _("Under way"), "stuck": _("Stuck"), "neither": _("Neither"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One of them as the list writes them: what they are certified in (name, about), what they are under way with
    (name, state, its word, about); ``none``: instead of certificates."""

    address: str
    name: str
    about: str
    none: str
    certificates: list[tuple[str, str]]
    ways: list[tuple[str, str, str, str]]


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
        "lines": [_line(one) for one in workers(organisation, list(page.object_list))], "standings": STANDINGS,
        **_choices(organisation),
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


def _line(one: Worker) -> Line:
    role = words.say(one.role) if one.role else ""
    return Line(
        address=reverse("person", args=[one.id]), name=one.name or one.email,
        about=" · ".join(filter(None, (one.email, one.department, role))),
        none="–" if one.shares else gettext("Not shared"), certificates=[_held(held) for held in one.certificates],
        ways=[_way(way) for way in one.learning],
    )  # fmt: skip


def _held(held: Certificate) -> tuple[str, str]:
    until = _until(held.until) if held.until else gettext("without end")
    return " · ".join(filter(None, (words.say(held.name), held.level))), f"{words.say(held.by)} · {until}"


def _way(way: Learning) -> tuple[str, str, str, str]:
    share = percent(way.share) if way.share is not None else ""
    about = " · ".join(filter(None, (words.say(way.group), share, _until(way.until) if way.until else "")))
    return words.say(way.name), way.state, str(words.LEARNING_STATES[way.state]), about


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
    """What its people can be narrowed by: cohorts that it pays for, roles that anybody aims at, skills of badges."""
    cohorts = Cohort.objects.filter(pk__in=organisation.enrolments.order_by().values("cohort").distinct())
    aimed, aligned = OwnRole.objects.values("role"), Alignment.objects.values("skill")
    return {
        "cohorts": cohorts.select_related("course").order_by("-pk")[:CHOICES],
        "roles": JobRole.objects.filter(pk__in=aimed).order_by("name_key")[:CHOICES],
        "skills": Skill.objects.filter(pk__in=aligned).order_by("name_key")[:CHOICES],
    }


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
