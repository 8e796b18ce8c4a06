"""One case: everything known, said, given and written about it, what can be done now, and the way through the list.

What happened to it is long and asked for last: it comes when somebody scrolls to it, or by its own address.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dure.applications.models import Attachment
from dure.blueprint.model import DecideStep
from dure.blueprint.reasons import fact_text
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.awaited import undecided
from dure.joints.log import acts_on_case
from dure.people.days import today
from dure.people.models import Notice, Organisation, Person
from dure.people.queries.known import Known, known
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import ALIVE, Case, Decision, Given, Programme, Turn, TurnState
from dure.programmes.operations.announcing import path_of
from dure.programmes.queries.cohort import cases_in
from dure.programmes.queries.passages import Journey, passages_of
from dure.site import words
from dure.site.applications import files_by_turn
from dure.site.desk.filters import asked_of
from dure.site.desk.history import Event, told_of
from dure.site.desk.stage import stage_for
from dure.site.desk.turn import Asking, askings_of
from dure.site.middleware import is_part
from dure.site.reading import number_from
from dure.site.visitors import desk_for, person_of
from dure.store.worded import found, padded

NO_CASE = Text(
    ko="그런 번호의 참가 건이 없습니다. 참가자 목록에서 고르세요.",
    en="There is no case of this number. Choose one in the list of participants.",
)
EMPLOYER = "employer"
FACTS = ("age", EMPLOYER, "degree", "major", "year", "consent")
ACTS_SHOWN = 50


@dataclass(frozen=True)
class Taken:
    """One turn of the case as the page tells it. ``now``: it is still alive."""

    turn: Turn
    title: str
    shown: list[tuple[str, object]]
    files: list[tuple[str, Attachment]]
    decisions: list[Decision]
    askings: list[Asking]
    again: bool

    @property
    def now(self) -> bool:
        return self.turn.state in ALIVE


@login_required
@require_safe
def show(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The whole case; the address keeps the list that it was opened from."""
    programme = desk_for(request, slug)
    passage = _passage(programme, number)
    case = passage.case
    asked = asked_of(programme, request.GET)
    before, after = _neighbours(programme, cases_in(programme, asked.group, few=True), number)
    seen = {
        **_headed(programme, passage),
        "taken": _taken(programme, passage, person_of(request)),
        "before": asked.case_address(programme, before) if before else "",
        "after": asked.case_address(programme, after) if after else "",
        "back": f"{reverse('desk-cohort', args=[slug])}?{asked.query()}",
        "here": request.get_full_path(),
        "facts": _facts(programme, passage.people),
        "gives": _gives(passage.turns.values(), programme),
        "partners": case.partners.all() if case.organisation_id else (),
    }
    return render(request, "desk/case.html", seen)


@login_required
@require_safe
def past(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What happened to the case and what its people were told: the part of its page, or a page for itself."""
    programme = desk_for(request, slug)
    passage = _passage(programme, number)
    seen = {**_headed(programme, passage), "events": _events(passage), "letters": _letters(programme, passage)}
    return render(request, "desk/past_part.html" if is_part(request) else "desk/past.html", seen)


def _passage(programme: Programme, number: int) -> Journey:
    """The case of that number with its people and turns. Raises Missing."""
    case = Case.objects.filter(programme=programme, number=number).select_related("organisation", "entered_by").first()
    if case is None:
        raise Missing("case.missing", NO_CASE, number=number)
    return passages_of([case])[0]


def _headed(programme: Programme, passage: Journey) -> dict[str, object]:
    """What both pages of a case show above."""
    return {
        "programme": programme, "blueprint": blueprint_of(programme), "tab": "participants", "case": passage.case,
        "passage": passage,
    }  # fmt: skip


@login_required
@require_safe
def next_undecided(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """The next case of the stage that waits for a decision, after ``after``; round to the first at the end."""
    programme = desk_for(request, slug)
    gate = stage_for(programme, stage).gate
    step = next((number for number, one in enumerate(gate) if isinstance(one, DecideStep)), -1)
    waiting = undecided(programme, stage, step).values_list("case__number", flat=True)
    last = number_from(request.GET.get("after"))
    number = None if last is None else waiting.filter(case__number__gt=last).first()
    number = number or waiting.first()
    if number is None:
        return redirect("desk", slug)
    return redirect(f"{reverse('desk-case', args=[slug, number])}?stage={stage}&state={TurnState.HANDED_IN}")


def _neighbours(programme: Programme, cases: "QuerySet[Case]", number: int) -> tuple[int | None, int | None]:
    """The numbers of the cases before and after, by number."""
    before = cases.filter(number__lt=number).order_by("-number").values("number")[:1]
    after = cases.filter(number__gt=number).order_by("number").values("number")[:1]
    here = Programme.objects.filter(pk=programme.pk)
    numbers: tuple[int | None, int | None] = here.values_list(Subquery(before), Subquery(after)).get()
    return numbers


def _taken(programme: Programme, passage: Journey, person: Person) -> list[Taken]:
    """The turns of the case, those still alive first, then the newest."""
    blueprint = blueprint_of(programme)
    turns = list(passage.turns.values())
    decisions, files = _decisions(turns), files_by_turn(turns)
    taken = []
    for turn in sorted(turns, key=lambda t: (t.state in ALIVE, t.arrived_at), reverse=True):
        turn.programme, turn.case = programme, passage.case
        stage = blueprint.stage(turn.stage)
        values = turn.evidence.values if turn.evidence else {}
        alive = turn.state in ALIVE
        taken.append(
            Taken(
                turn=turn,
                title=words.word(blueprint, turn.stage),
                shown=[(words.say(fact_text(blueprint, name)), value) for name, value in values.items()],
                files=files[turn.pk],
                decisions=[one for one in decisions if one.turn_id == turn.pk],
                askings=askings_of(turn, stage, person) if alive else [],
                again=stage.again and turn.state == TurnState.OUT and turn.opened_at is not None,
            )
        )
    return taken


def _decisions(turns: Sequence[Turn]) -> list[Decision]:
    return found(_decided, *padded([turn.pk for turn in turns]))


def _decided(*turns: UUID) -> "QuerySet[Decision]":
    return Decision.objects.filter(turn__in=turns).select_related("by", "settlement").order_by("-pk")


def _gives(turns: Iterable[Turn], programme: Programme) -> list[Given]:
    gives = found(_given, *padded([turn.pk for turn in turns]))
    for give in gives:
        give.programme = programme
    return gives


def _given(*turns: UUID) -> "QuerySet[Given]":
    return Given.objects.filter(turn__in=turns).select_related("person", "organisation").order_by("pk")


def _facts(programme: Programme, people: Sequence[Person]) -> list[tuple[Person, list[tuple[str, Known]]]]:
    """What is known of each person, and from where."""
    labels = [(name, words.say(fact_text(blueprint_of(programme), name))) for name in FACTS]
    heard = known([person.pk for person in people], FACTS, on=today(), scope=programme.slug)
    places = _titles(fact.value for facts in heard.values() for name, fact in facts.items() if name == EMPLOYER)
    told = []
    for person in people:
        facts = heard.get(person.pk, {})
        if EMPLOYER in facts:
            facts[EMPLOYER] = replace(facts[EMPLOYER], value=_named(facts[EMPLOYER].value, places))
        told.append((person, [(label, facts[name]) for name, label in labels if name in facts]))
    return told


def _titles(employers: Iterable[object]) -> dict[str, str]:
    """By their short names, what people call the organisations that are somebody's employers."""
    shorts = {short for employer in employers for short in str(employer).split()}
    return {place.short: words.say(place.title) for place in Organisation.objects.filter(short__in=shorts)}


def _named(employer: object, places: Mapping[str, str]) -> str:
    return ", ".join(places[short] for short in str(employer).split() if short in places)


def _letters(programme: Programme, passage: Journey) -> "QuerySet[Notice]":
    """What the case's people were told of it: notices about its turns and the programme's announcements."""
    people = passage.people or [passage.case.entered_by]
    paths = [f"/turns/{turn.pk}/" for turn in passage.turns.values()]
    sent = programme.announcements.filter(state="sent", letters__person__in=people)
    paths += [path_of(announcement) for announcement in sent]
    return Notice.objects.filter(person__in=people, path__in=paths).select_related("person").order_by("-pk")


def _events(passage: Journey) -> list[Event]:
    return told_of(acts_on_case(passage.case, list(passage.turns.values()))[:ACTS_SHOWN])
