"""What a programme's people were asked about turns and have not answered: decisions, reviews, proofs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from dure.blueprint.model import DecideStep, ExternalStep, PanelStep
from dure.joints.models import Proof, ProofState, Review, ReviewState, Say
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, Turn, TurnState
from dure.store.worded import asked, counted, valued


@dataclass
class Awaited:
    """At one stage: hand-ins without a decision, seats of panels that nobody sits on, reviews to be marked (the
    oldest since), proofs to be verified."""

    decisions: int = 0
    seats: int = 0
    reviews: int = 0
    reviews_since: datetime | None = None
    proofs: int = 0

    @property
    def anything(self) -> bool:
        return bool(self.decisions or self.seats or self.reviews or self.proofs)


@dataclass(frozen=True)
class Reviewer:
    """How far one reviewer has come at a stage; ``since``: when the oldest that is still to be marked was assigned."""

    person: Person
    done: int
    left: int
    since: datetime | None = field(default=None)


def awaited_in(programme: Programme, handed_in: Mapping[str, int]) -> Mapping[str, Awaited]:
    """By stage, what is awaited. ``handed_in``: how many hand-ins each stage has; of one without any nothing is."""
    stages = blueprint_of(programme).stages
    found = {stage.id: Awaited() for stage in stages}

    def waiting(sort: type[PanelStep] | type[ExternalStep]) -> list[str]:
        """The stages at which a step of this sort is asked about hand-ins; of none nothing is asked."""
        return [s.id for s in stages if handed_in.get(s.id) and any(isinstance(step, sort) for step in s.gate)]

    panels = _panels(programme, waiting(PanelStep))
    for (name, _), panel in panels.items():
        found[name].reviews += panel.to_mark
        found[name].reviews_since = min(filter(None, (found[name].reviews_since, panel.since)), default=None)
    asked_at = waiting(ExternalStep)
    for name, n in asked(_proofs_at, programme.pk, *asked_at) if asked_at else ():
        found[name].proofs = n
    for stage in stages:
        for step, written in enumerate(stage.gate if handed_in.get(stage.id) else ()):
            if isinstance(written, DecideStep):
                found[stage.id].decisions += counted(_Undecided(step), programme.pk, stage.id)
            elif isinstance(written, PanelStep):
                seated = panels[stage.id, step].seated if (stage.id, step) in panels else 0
                found[stage.id].seats += max(0, handed_in[stage.id] * written.each - seated)
    return found


def undecided(programme: Programme, stage: str, step: int) -> "QuerySet[Turn]":
    """The handed-in turns about whose hand-in nobody has said yes or no, in the order of their cases."""
    return _Undecided(step)(programme.pk, stage).order_by("case__number", "pk")


@dataclass(frozen=True)
class _Undecided:
    """Asks for the handed-in turns of a stage that nobody has answered at a step."""

    step: int

    def __call__(self, programme: UUID, stage: str) -> "QuerySet[Turn]":
        said = Say.objects.filter(turn=OuterRef("pk"), step=self.step, evidence=OuterRef("evidence"))
        turns = Turn.objects.filter(programme=programme, stage=stage, state=TurnState.HANDED_IN)
        return turns.filter(~Exists(said))


def reviewers_at(programme: Programme, stage: str) -> list[Reviewer]:
    """Who reviews at the stage, those with most left first."""
    rows = Review.objects.filter(turn__programme=programme, turn__stage=stage).exclude(state=ReviewState.DECLINED)
    counts: dict[tuple[object, str], tuple[int, datetime]] = {
        (who, state): (n, since)
        for who, state, n, since in rows.order_by()
        .values_list("reviewer", "state")
        .annotate(Count("pk"), Min("assigned_at"))
    }
    found = []
    for person in Person.objects.filter(pk__in={who for who, _ in counts}):
        done, _ = counts.get((person.pk, ReviewState.DONE), (0, None))
        left, since = counts.get((person.pk, ReviewState.ASSIGNED), (0, None))
        found.append(Reviewer(person, done, left, since))
    return sorted(found, key=lambda reviewer: (-reviewer.left, reviewer.person.name))


class _Panel(NamedTuple):
    """What a step's reviewers of standing hand-ins have before them; ``seated`` counts those of the latest hand-in."""

    to_mark: int
    since: datetime | None
    seated: int


def _panels(programme: Programme, stages: Sequence[str]) -> dict[tuple[str, int], _Panel]:
    """By stage and step, in one look."""
    rows = valued(_panels_at, programme.pk, *stages) if stages else []
    return {(stage, step): _Panel(*counts) for stage, step, *counts in rows}


def _panels_at(programme: UUID, *stages: str) -> "QuerySet[Review, Any]":
    reviews = Review.objects.filter(**_handed_in(programme, stages))
    left, latest = Q(state=ReviewState.ASSIGNED), Q(evidence=F("turn__evidence"))
    rows = reviews.exclude(state=ReviewState.DECLINED).order_by().values_list("turn__stage", "step")
    return rows.annotate(
        left=Count("pk", filter=left), since=Min("assigned_at", filter=left), seated=Count("pk", filter=latest)
    )


def _proofs_at(programme: UUID, *stages: str) -> "QuerySet[Proof, Any]":
    proofs = Proof.objects.filter(**_handed_in(programme, stages), state=ProofState.ENTERED)
    return proofs.order_by().values_list("turn__stage").annotate(Count("pk"))


def _handed_in(programme: UUID, stages: Sequence[str]) -> dict[str, object]:
    return {"turn__programme": programme, "turn__stage__in": stages, "turn__state": TurnState.HANDED_IN}
