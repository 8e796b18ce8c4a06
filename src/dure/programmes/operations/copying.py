"""A new edition in one step: a draft with all that binds it, its dates and seats; and another blueprint for it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from dure.audit.operations import record
from dure.blueprint.document import Flaws
from dure.blueprint.library import load_blueprint
from dure.blueprint.model import Blueprint
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.programmes.checks import check_source, check_window, flaws_of_binding
from dure.programmes.models import Programme, ProgrammeState
from dure.programmes.operations.publishing import STILL_LACKING, make_programme, set_window
from dure.programmes.operations.seating import seat

_FROZEN = Text(
    ko="공고한 뒤에는 규칙을 바꿀 수 없습니다. 새 프로그램을 만드세요.",
    en="The rules no longer change once they are announced: make a new programme.",
)
_OTHER = Text(
    ko="이 프로그램의 블루프린트는 ‘{name}’입니다. 이름이 같은 초안을 고르세요.",
    en="This programme is made from {name}: choose a draft of that name.",
)


@dataclass(frozen=True)
class Edition:
    """What a new programme is to be. ``windows``: {stage: when}; ``seats``: role, who, and for which organisation."""

    source: str
    slug: str
    title: Text
    zone: str = "Asia/Seoul"
    bind: Mapping[str, Any] = field(default_factory=dict)
    parties: Mapping[str, Sequence[Organisation]] = field(default_factory=dict)
    windows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    seats: Sequence[tuple[str, Person, Organisation | None]] = ()


@transaction.atomic
def make_edition(edition: Edition, *, by: Person) -> Programme:
    """A draft with its dates and seats, whole or not at all."""
    programme = make_programme(
        edition.source, slug=edition.slug, by=by, title=edition.title, bind=edition.bind,
        parties=edition.parties, zone=edition.zone,
    )  # fmt: skip
    for stage, when in edition.windows.items():
        set_window(programme, stage, when)
    for role, person, organisation in edition.seats:
        seat(programme, role, person=person, organisation=organisation)
    return programme


@dataclass(frozen=True)
class Upgrade:
    """What of a draft programme finds no place in another version of its blueprint."""

    bind: tuple[str, ...]
    windows: tuple[str, ...]
    parties: tuple[str, ...]
    roles: tuple[str, ...]

    @property
    def loses_nothing(self) -> bool:
        return not (self.bind or self.windows or self.parties or self.roles)


def upgrade_of(programme: Programme, source: str) -> Upgrade:
    """What ``replace_blueprint`` would let go. Raises Flaws or Refused where it cannot be done at all."""
    if programme.state != ProgrammeState.DRAFT:
        raise Refused("programme.frozen", _FROZEN, state=programme.state)
    check_source(source, programme.slug)
    blueprint = load_blueprint(source.encode(), programme.slug)
    if blueprint.name != programme.blueprint_name:
        raise Refused("programme.other-blueprint", _OTHER.format(name=programme.blueprint_name))
    parties = programme.parties.values_list("key", flat=True).distinct()
    roles = programme.seats.filter(ended_at__isnull=True).values_list("role", flat=True).distinct()
    return Upgrade(
        bind=tuple(name for name, value in programme.bind.items() if not _fits(programme, blueprint, name, value)),
        windows=tuple(stage for stage, when in programme.windows.items() if not _opens(source, blueprint, stage, when)),
        parties=tuple(sorted(set(parties) - set(blueprint.parties))),
        roles=tuple(sorted(set(roles) - set(blueprint.roles))),
    )


@transaction.atomic
def replace_blueprint(programme: Programme, source: str) -> Programme:
    """Let a draft run by another version of its blueprint; what finds no place in it is let go (``upgrade_of``)."""
    lost, before = upgrade_of(programme, source), programme.sha256
    programme.source, programme.sha256 = source, hashlib.sha256(source.encode()).hexdigest()
    programme.bind = {name: value for name, value in programme.bind.items() if name not in lost.bind}
    programme.windows = {stage: when for stage, when in programme.windows.items() if stage not in lost.windows}
    kept = {name: getattr(programme, name) for name in ("source", "sha256", "bind", "windows")}
    if Programme.objects.filter(pk=programme.pk, state=ProgrammeState.DRAFT, sha256=before).update(**kept) != 1:
        raise Refused("programme.frozen", _FROZEN)
    programme.parties.filter(key__in=lost.parties).delete()
    programme.seats.filter(role__in=lost.roles, ended_at__isnull=True).update(ended_at=clock.now())
    told = {name: list(getattr(lost, name)) for name in ("bind", "windows", "parties", "roles")}
    record("programme.blueprint", programme, before={"sha256": before}, after={"sha256": programme.sha256, **told})
    return programme


def _fits(programme: Programme, blueprint: Blueprint, name: str, value: Any) -> bool:
    flaws = flaws_of_binding(blueprint, {name: value}, {}, slug=programme.slug, zone=programme.zone)
    return all(flaw.code in STILL_LACKING for flaw in flaws)


def _opens(source: str, blueprint: Blueprint, stage: str, when: Mapping[str, Any]) -> bool:
    if stage not in blueprint.positions:
        return False
    try:
        check_window(source.encode(), stage, when, draft=True)
    except Flaws:
        return False
    return True
