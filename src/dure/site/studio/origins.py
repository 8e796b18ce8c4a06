"""What a new programme is made from: the library, a draft, or an edition that there was."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.timezone import localdate

from dure.blueprint.library import load_blueprint
from dure.blueprint.lint import lint_text
from dure.blueprint.model import Blueprint
from dure.blueprint.overriding import read_window
from dure.blueprint.shifting import Dated, Shift, dates_of, first_day
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.days import today
from dure.people.models import Organisation, Person
from dure.people.rules import administrations
from dure.programmes.models import Programme, Seat
from dure.programmes.operations.drafting import version_in_force
from dure.site.studio.finding import draft_for
from dure.site.studio.looking import library
from dure.site.studio.shelf import source_of
from dure.site.visitors import desk_for, person_of

AHEAD, OPEN_FOR = 14, 13  # days until the first date that is proposed, and from a beginning to its end
MONDAY = 0
_UNSOUND = Text(
    ko="고칠 곳이 남아 있어 프로그램을 만들 수 없습니다. 초안에서 표시된 곳을 고치세요.",
    en="There are places to correct before a programme can be made: see the draft.",
)
_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True)
class Origin:
    """``blueprint``: with the windows that the edition had; ``bind``, ``parties``, ``seats``: what is proposed."""

    source: str
    blueprint: Blueprint
    title: Text
    slug: str
    zone: str = "Asia/Seoul"
    bind: Mapping[str, Any] = field(default_factory=dict)
    parties: Mapping[str, Sequence[str]] = field(default_factory=dict)
    windows: Mapping[str, Any] = field(default_factory=dict)
    seats: Sequence[Seat] = ()
    programme: Programme | None = None

    def dates(self) -> list[tuple[Dated, str]]:
        """Every date with what it was; empty where nothing says it yet."""
        return [(dated, str(self.bind.get(dated.name, "")) if dated.bound else dated.text)
                for dated in dates_of(self.blueprint)]  # fmt: skip


def from_library(request: HttpRequest, name: str) -> Origin:
    return _new(source_of(name), person_of(request))


def from_draft(request: HttpRequest, draft_id: UUID) -> Origin:
    """A draft as it stands. Raises Refused where it is not sound."""
    text = version_in_force(draft_for(request, draft_id)).text
    if lint_text(text.encode(), "", library()):
        raise Refused("make.unsound", _UNSOUND)
    return _new(text, person_of(request))


def from_programme(request: HttpRequest, slug: str) -> Origin:
    """An edition that the visitor operates, to be held again."""
    programme = desk_for(request, slug)
    blueprint = load_blueprint(programme.source.encode(), slug)
    held = {stage: read_window(when) for stage, when in programme.windows.items()}
    stages = tuple(replace(stage, when=held.get(stage.id, stage.when)) for stage in blueprint.stages)
    return Origin(
        source=programme.source, blueprint=replace(blueprint, stages=stages), title=_next(programme.title),
        slug=_next_year(slug), zone=programme.zone, bind=programme.bind, parties=_bound(programme),
        windows=programme.windows,
        seats=list(programme.seats.filter(ended_at__isnull=True).select_related("person", "organisation")),
        programme=programme,
    )  # fmt: skip


def from_itself(programme: Programme) -> Origin:
    """A draft programme as it stands, to be filled in further."""
    return Origin(
        source=programme.source, blueprint=load_blueprint(programme.source.encode(), programme.slug),
        title=programme.title, slug=programme.slug, zone=programme.zone, bind=programme.bind,
        parties=_bound(programme), programme=programme,
    )  # fmt: skip


def _bound(programme: Programme) -> dict[str, list[str]]:
    parties: dict[str, list[str]] = {}
    for party in programme.parties.select_related("organisation").order_by("pk"):
        parties.setdefault(party.key, []).append(party.organisation.short)
    return parties


def _new(source: str, person: Person) -> Origin:
    blueprint = load_blueprint(source.encode())
    drawn = blueprint.rehearse.bind if blueprint.rehearse else {}
    bind = {name: list(value) if isinstance(value, tuple) else value for name, value in drawn.items()}
    year = localdate(clock.now()).year
    title = Text(ko=_YEAR.sub(str(year), blueprint.title.ko), en=_YEAR.sub(str(year), blueprint.title.en))
    return Origin(source, blueprint, title, f"{blueprint.name}-{year}", bind=bind, parties=_parties(blueprint, person))


def _parties(blueprint: Blueprint, person: Person) -> dict[str, list[str]]:
    """Organisations of a party's own name; for one that is left open, the one that the visitor looks after."""
    named = set(Organisation.objects.filter(short__in=list(blueprint.parties)).values_list("short", flat=True))
    own = administrations(person.pk, today()).select_related("organisation")
    by_kind = {membership.organisation.kind: membership.organisation.short for membership in own}
    open_ = {
        key: by_kind[party.kind] for key, party in blueprint.parties.items() if party.bind and party.kind in by_kind
    }
    return {key: [short] for key, short in {**open_, **{key: key for key in blueprint.parties if key in named}}.items()}


def _next(title: Text) -> Text:
    return Text(ko=_next_year(title.ko), en=_next_year(title.en))


def _next_year(written: str) -> str:
    """The last year in a title or an address becomes the next one."""
    years = list(_YEAR.finditer(written))
    if not years:
        return written
    last = years[-1]
    return f"{written[: last.start()]}{int(last.group()) + 1}{written[last.end() :]}"


def first_of(origin: Origin) -> date | None:
    """The earliest of its dates."""
    return min(filter(None, (first_day(text) for _, text in origin.dates())), default=None)


def start_of(origin: Origin, *, today: date) -> date:
    """The day that the new edition is proposed to begin: the old one while it is ahead, else a Monday soon."""
    first = first_of(origin)
    if first and first > today and origin.programme is None:
        return first
    soon = today + timedelta(days=AHEAD)
    if first and origin.programme:
        return max(soon, first + timedelta(weeks=52))
    return soon + timedelta(days=(MONDAY - soon.weekday()) % 7)


def moved_dates(origin: Origin, start: date, *, weekdays: bool) -> dict[str, str]:
    """Every date moved so that the first comes to ``start``; those that nothing said follow each other from there."""
    first = first_of(origin)
    shift = Shift.between(first, start, weekdays=weekdays) if first else Shift(0, 0)
    dates: dict[str, str] = {}
    day = start
    for dated, text in origin.dates():
        if text:
            dates[dated.name] = shift.moved(text)
            day = max(day, first_day(dates[dated.name]) or day)
            continue
        day += timedelta(days=OPEN_FOR if dated.end == "to" else 1 if dates else 0)
        dates[dated.name] = day.isoformat()
    return dates
