"""The page of one programme: its stages, its money, its rules in plain words, and what the visitor can do now."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from dure.blueprint.expressions import Rounded, measures_of
from dure.blueprint.gives import prizes_in_all
from dure.blueprint.model import Blueprint, CredentialGive, FormDo, MoneyGive
from dure.challenges.models import Round
from dure.challenges.rules import sees_boards_of
from dure.core import clock
from dure.joints.hiding import hidden_stages, told_without
from dure.joints.models import RoundTask
from dure.people.models import Organisation, Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, ProgrammeState
from dure.programmes.queries.figures import LiveFigures
from dure.programmes.queries.listing import phase_in
from dure.programmes.queries.pages import titles_of
from dure.site import words
from dure.site.figures import money, number
from dure.site.programmes.money import paid_by, prizes_of
from dure.site.programmes.questions import questions_of
from dure.site.timeline import Step, steps_of, turns_of
from dure.site.visitors import programme_for, visitor


@dataclass(frozen=True)
class Gift:
    """Something besides money, and the stage that gives it."""

    text: str
    stage: str


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    programme = programme_for(request, slug)
    person = visitor(request)
    operates = bool(person and rules.operates(person, programme))
    mine = turns_of(programme, person) if person else {}
    hidden = hidden_stages(programme, person).difference(mine)
    blueprint = told_without(hidden, programme)
    steps = [step for step in steps_of(programme, blueprint, mine) if step.stage.id not in hidden]
    entries = entries_of(programme, steps)
    seen = {
        "programme": programme,
        "phase": phase_in(programme),
        "steps": steps,
        "boards": _boards(programme, person),
        "entries": entries,
        "closes": _closes(entries),
        "opens": _opens(steps),
        "mine": [step for step in steps if step.turn],
        "parties": _parties(programme, blueprint),
        "facts": _facts(programme, blueprint),
        "prizes": prizes_of(blueprint),
        "paid": paid_by(blueprint),
        "gifts": list(_gifts(blueprint)),
        "questions": questions_of(blueprint),
        "operates": operates,
        "has_measures": bool(blueprint.measures),
        "pages": titles_of(programme, everything=operates),
    }
    return render(request, "programmes/show.html", seen)


@require_safe
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme's measures as they stand."""
    programme = programme_for(request, slug)
    blueprint = blueprint_of(programme)
    values = _counted(_Moment(clock.minute(), programme.pk, programme))
    titles = {measure.id: words.word(blueprint, measure.title) for measure in blueprint.measures}
    rows = [(_measure(titles, name), value) for name, value in values.items()]
    return render(request, "programmes/figures.html", {"programme": programme, "rows": rows})


@dataclass(frozen=True)
class _Moment:
    """A programme within one minute: what was counted then is shown to everybody until it is over."""

    minute: int
    pk: UUID
    programme: Programme = field(compare=False)


@lru_cache(maxsize=64)
def _counted(at: _Moment) -> Mapping[str, Rounded]:
    """Every measure's value; anybody may ask, and some need every turn of ten thousand cases."""
    return measures_of(blueprint_of(at.programme), LiveFigures(at.programme))


def entries_of(programme: Programme, steps: Iterable[Step]) -> list[Step]:
    """The starts at which the visitor may apply now."""
    if programme.state != ProgrammeState.OPEN:
        return []
    return [step for step in steps if step.takes_entries and step.turn is None]


def _closes(entries: Iterable[Step]) -> datetime | None:
    """The first deadline of those at which one may apply."""
    return min((step.apply_by for step in entries if step.apply_by), default=None)


def _opens(steps: Iterable[Step]) -> datetime | None:
    """When applications open, where that is still to come."""
    now = clock.now()
    return min((step.apply_from for step in steps if step.apply_from and step.apply_from > now), default=None)


def _boards(programme: Programme, person: Person | None) -> dict[str, list[tuple[UUID, str]]]:
    """By stage, the boards of its tasks that the visitor may see."""
    shown = Round.objects.filter(sees_boards_of(person), tasks__round_task__programme=programme).values("pk")
    places = RoundTask.objects.filter(programme=programme, task__round__in=shown).order_by("task")
    boards: dict[str, list[tuple[UUID, str]]] = {}
    for place in places:
        title = words.word(blueprint_of(programme), place.option or place.stage)
        boards.setdefault(place.stage, []).append((place.task_id, title))
    return boards


def _parties(programme: Programme, blueprint: Blueprint) -> list[tuple[str, list[Organisation]]]:
    """What each party is, and the organisations that stand for it."""
    bound: dict[str, list[Organisation]] = {}
    for party in programme.parties.select_related("organisation").order_by("pk"):
        bound.setdefault(party.key, []).append(party.organisation)
    return [
        (words.word(blueprint, blueprint.parties[key].title or key), organisations)
        for key, organisations in bound.items()
    ]


def _facts(programme: Programme, blueprint: Blueprint) -> list[tuple[str, str]]:
    """What one wants to know first."""
    first = blueprint.stages[0]
    fees = [stage.do for stage in blueprint.stages if isinstance(stage.do, FormDo) and stage.do.fee]
    prizes = prizes_in_all(blueprint)
    kinds = dict.fromkeys(str(words.KINDS[stage.kind]) for stage in blueprint.stages)
    facts = [
        (gettext("Who takes part"), str(words.SUBJECTS[blueprint.subject])),
        (gettext("Entry"), str(words.ENTRIES[first.entry]) if first.entry else ""),
        (gettext("Team size"), words.team_size(first.team) if first.team else ""),
        (gettext("Cost"), words.fee_text(fees[0]) if fees else gettext("Free of charge")),
        (gettext("Total prizes"), money(prizes) if prizes else ""),
        (gettext("Parts"), " · ".join(kinds)),
        (gettext("Entered so far"), number(programme.cases_entered) if programme.cases_entered else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _gifts(blueprint: Blueprint) -> Iterator[Gift]:
    """What is given besides money, credentials first."""
    gives = [(stage, give) for stage in blueprint.stages for give in stage.gives if not isinstance(give, MoneyGive)]
    for stage, give in sorted(gives, key=lambda pair: not isinstance(pair[1], CredentialGive)):
        yield Gift(words.given_text(blueprint, give), words.word(blueprint, stage.id))


def _measure(titles: dict[str, str], name: str) -> str:
    """A measure's title; of one with ``by`` also the value it is for: ``id[value]``."""
    name, _, value = name.partition("[")
    return f"{titles[name]} – {value.rstrip(']')}" if value else titles[name]
