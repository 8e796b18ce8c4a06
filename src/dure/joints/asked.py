"""What one person is asked at the gates of all programmes: panels to mark for, decisions to take."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db.models import Avg, Count, F, Min, OuterRef, Q, QuerySet, Subquery

from dure.blueprint.model import DecideStep, RuleStep
from dure.joints.awaited import undecided
from dure.joints.models import Review, ReviewState, Say
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import LIVE, Programme, Seat, Settlement, SettlementState, Turn, TurnState
from dure.programmes.operations.judging import awaiting
from dure.programmes.queries.options import first_option
from dure.programmes.queries.standing import standing_of
from dure.store.worded import counted, found, valued

_LISTED = (
    "state", "mark", "draft", "turn__stage", "turn__title", "turn__case__number", "turn__case__title",
    "turn__case__organisation", "turn__case__entered_by",
)  # fmt: skip


class Place(NamedTuple):
    """A step of a stage's gate."""

    programme: Programme
    stage: str
    step: int


@dataclass(frozen=True)
class Asked:
    """How much of one kind is left for a person at a place, and how much they have done; ``since``: the oldest left."""

    kind: Literal["review", "decide"]
    place: Place
    left: int
    done: int
    since: datetime | None

    @property
    def all(self) -> int:
        return self.left + self.done


def to_mark(person: Person | UUID) -> "QuerySet[Review]":
    """The reviews that wait for the person's marks, of hand-ins that stand, the oldest first."""
    own = Review.objects.filter(_live(), reviewer=person, state=ReviewState.ASSIGNED)
    return own.filter(turn__state=TurnState.HANDED_IN, evidence=F("turn__evidence")).order_by("pk")


def _live() -> Q:
    """Of programmes that run, which are read once and not joined to each of thousands of reviews."""
    return Q(turn__programme__in=Programme.objects.filter(state__in=LIVE).values("pk"))


def at(reviews: "QuerySet[Review]", place: Place) -> "QuerySet[Review]":
    return reviews.filter(turn__programme=place.programme, turn__stage=place.stage, step=place.step)


_PLACE = ("turn__programme", "turn__stage", "step")
_Key = tuple[UUID, str, int]


def _left_to_mark(person: Person) -> dict[_Key, tuple[int, datetime]]:
    """By place, how many reviews wait, and since when the oldest does."""
    rows = to_mark(person).order_by().values_list(*_PLACE).annotate(Count("pk"), Min("assigned_at"))
    return {(programme, stage, step): (n, since) for programme, stage, step, n, since in rows}


def marks_left_of(person: Person) -> list[Asked]:
    """The panels at which something waits for the person's marks; two queries, one where nothing does."""
    left = _left_to_mark(person)
    programmes = Programme.objects.in_bulk({key[0] for key in left}) if left else {}
    return [Asked("review", Place(programmes[key[0]], *key[1:]), *_counts(left[key], 0)) for key in sorted(left)]


def panels_of(person: Person) -> list[Asked]:
    """The panels that the person sits on: what is left, or was done while the programme still runs."""
    left = _left_to_mark(person)
    own = Review.objects.filter(_live(), reviewer=person, state=ReviewState.DONE)
    done = {tuple(key): n for *key, n in own.order_by().values_list(*_PLACE).annotate(Count("pk"))}
    programmes = Programme.objects.in_bulk({key[0] for key in {*left, *done}})
    return [
        Asked("review", Place(programmes[key[0]], *key[1:]), *_counts(left.get(key), done.get(key, 0)))
        for key in sorted({*left, *done})
    ]


def _counts(left: tuple[int, datetime] | None, done: int) -> tuple[int, int, datetime | None]:
    return (left[0], done, left[1]) if left else (0, done, None)


@dataclass(frozen=True)
class _Own:
    """Asks for one reviewer's reviews at a panel: all of them, or those in a ``state``."""

    step: int
    state: str = ""

    def __call__(self, person: UUID, programme: UUID, stage: str) -> "QuerySet[Review, Any]":
        at_step = {"turn__programme": programme, "turn__stage": stage, "step": self.step}
        rows = Review.objects.filter(reviewer=person, **at_step)
        return rows.filter(state=self.state) if self.state else rows


class _Listed(_Own):
    """What a list shows of them: those that are open first, then in the order in which they were done."""

    def __call__(self, person: UUID, programme: UUID, stage: str) -> "QuerySet[Review, Any]":
        rows = super().__call__(person, programme, stage).select_related("turn__case").only(*_LISTED)
        return rows.order_by(F("done_at").asc(nulls_first=True), "pk")


class _States(_Own):
    """Each state, and how many are in it."""

    def __call__(self, person: UUID, programme: UUID, stage: str) -> "QuerySet[Review, Any]":
        return super().__call__(person, programme, stage).order_by().values_list("state").annotate(Count("pk"))


class _Left(_Own):
    """Those that wait for marks."""

    def __call__(self, person: UUID, programme: UUID, stage: str) -> "QuerySet[Review, Any]":
        return to_mark(person).filter(turn__programme=programme, turn__stage=stage, step=self.step)


class _Means(_Own):
    """The panels' means of those whose result is set, each with its id."""

    def __call__(self, person: UUID, programme: UUID, stage: str) -> "QuerySet[Review, Any]":
        return _with_means(super().__call__(person, programme, stage).filter(_set_at(programme, stage)))


def own_at(person: Person, place: Place, *, state: str, part: slice) -> list[Review]:
    """A part of the person's reviews at a place, all or those in a ``state``, each with its turn and case."""
    rows = found(_Listed(place.step, state), *_keys(person, place), part=part)
    for row in rows:
        row.turn.programme = place.programme
    return rows


def states_at(person: Person, place: Place) -> dict[str, int]:
    """How many of the person's reviews at a place are in each state."""
    return dict(valued(_States(place.step), *_keys(person, place)))


def left_at(person: Person, place: Place) -> int:
    """How many wait there for the person's marks."""
    return counted(_Left(place.step), *_keys(person, place))


def means_at(person: Person, place: Place) -> dict[UUID, Decimal]:
    """By review (id), :func:`panels_mean` of the person's reviews there, where the result is set."""
    return dict(valued(_Means(place.step), *_keys(person, place)))


def _keys(person: Person, place: Place) -> tuple[UUID, UUID, str]:
    return person.pk, place.programme.pk, place.stage


def decisions_of(person: Person) -> list[Asked]:
    """The decisions that a role of the person takes, wherever something waits or they have decided."""
    places = deciding_places(person)
    said = _said_by(person, places)
    found = []
    for place in places:
        ready = ready_at(place)
        told = ready.aggregate(n=Count("pk"), since=Min("handed_in_at"))
        done = said.get((place.programme.pk, place.stage, place.step), 0)
        if told["n"] or done:
            found.append(Asked("decide", place, told["n"], done, told["since"]))
    return found


def deciding_places(person: Person) -> list[Place]:
    """Every step at which the person may decide, in live programmes."""
    roles: dict[UUID, set[str]] = defaultdict(set)
    programmes: dict[UUID, Programme] = {}
    for seat in found(_live_seats, person.pk):
        programmes[seat.programme_id] = seat.programme
        roles[seat.programme_id].add(seat.role)
    return [
        Place(programme, stage.id, number)
        for pk, programme in programmes.items()
        for stage in blueprint_of(programme).stages
        for number, step in enumerate(stage.gate)
        if isinstance(step, DecideStep) and step.role in roles[pk]
    ]


def _live_seats(person: UUID) -> "QuerySet[Seat]":
    seats = Seat.objects.filter(person=person, ended_at__isnull=True, programme__state__in=LIVE)
    return seats.select_related("programme").order_by("programme_id", "pk")


def with_hand_ins(places: Sequence[Place]) -> list[Place]:
    """Those of the places whose stage has hand-ins that are not judged yet; one query."""
    here = Q(pk__in=())
    for place in places:
        here |= Q(programme=place.programme, stage=place.stage)
    rows = Turn.objects.filter(here, state=TurnState.HANDED_IN).order_by().values_list("programme", "stage")
    found = set(rows.distinct()) if places else set()
    return [place for place in places if (place.programme.pk, place.stage) in found]


def hears_others_first(place: Place) -> bool:
    """Whether what is ready there hangs on people or comparisons before, so that the whole gate must be heard."""
    gate = blueprint_of(place.programme).stage(place.stage).gate
    return any(not isinstance(step, RuleStep) for step in gate[: place.step])


def ready_at(place: Place) -> "QuerySet[Turn]":
    """The hand-ins that wait for a decision there, by case: undecided, and let through by the steps before.

    Lines of rules judge as something is handed in; only where a step before compares or asks is the gate heard.
    """
    gate = blueprint_of(place.programme).stage(place.stage).gate
    waiting = undecided(place.programme, place.stage, place.step)
    if hears_others_first(place):
        waiting = waiting.filter(pk__in=[turn.pk for turn in awaiting(*place)])
    if options := gate[place.step].options:
        waiting = waiting.filter(pk__in=_with_option(place, waiting, options))
    return waiting.exclude(_in_settled_sets(place)).order_by("case", "pk")


def _in_settled_sets(place: Place) -> Q:
    """A set that is settled asks nothing any more."""
    settled = Settlement.objects.filter(programme=place.programme, stage=place.stage)
    return Q(occurrence__in=settled.exclude(state=SettlementState.UNDONE).values("occurrence"))


def _with_option(place: Place, turns: "QuerySet[Turn]", options: Sequence[str]) -> list[UUID]:
    stage = blueprint_of(place.programme).stage(place.stage)
    chosen = first_option(place.programme, stage, standing_of(turns.values_list("pk", flat=True)))
    return [turn for turn, option in chosen.items() if option in options]


def _said_by(person: Person, places: Iterable[Place]) -> Mapping[tuple[UUID, str, int], int]:
    programmes = {place.programme.pk for place in places}
    rows = Say.objects.filter(by=person, turn__programme__in=programmes).order_by()
    told = rows.values_list("turn__programme", "turn__stage", "step").annotate(Count("pk"))
    return {(programme, stage, step): n for programme, stage, step, n in told}


@dataclass(frozen=True)
class Calibration:
    """How one reviewer's marks compare: over ``n`` hand-ins whose result is set, theirs and the panels' means.

    ``seconds``: how long a review took them on average.
    """

    n: int
    own: Decimal | None
    panel: Decimal | None
    seconds: float | None

    @property
    def apart(self) -> Decimal | None:
        """How far above the panels they mark."""
        return None if self.own is None or self.panel is None else self.own - self.panel


def calibration_of(own: "QuerySet[Review]", panels: Mapping[UUID, Decimal]) -> Calibration:
    """Of one reviewer's reviews at a place. ``panels``: what is set only, for whoever can still change a mark does not
    see the others' first."""
    done = list(own.filter(state=ReviewState.DONE).values_list("pk", "mark", "seconds"))
    compared = [(mark, panels[pk]) for pk, mark, _ in done if pk in panels and mark is not None]
    spent = [seconds for _, _, seconds in done if seconds > 0]
    return Calibration(
        len(compared),
        _mean([mark for mark, _ in compared]),
        _mean([panel for _, panel in compared]),
        sum(spent) / len(spent) if spent else None,
    )


def _mean(marks: Sequence[Decimal]) -> Decimal | None:
    return sum(marks, Decimal()) / len(marks) if marks else None


def panels_mean(review: Review) -> Decimal | None:
    """The mean of all marks for a review's hand-in, where somebody else marked as well."""
    return next((mean for _, mean in valued(_mean_of, review.pk)), None)


def _mean_of(review: UUID) -> "QuerySet[Review, Any]":
    return _with_means(Review.objects.filter(pk=review))


def _with_means(reviews: "QuerySet[Review]") -> "QuerySet[Review, Any]":
    done = Review.objects.filter(turn=OuterRef("turn"), step=OuterRef("step"), evidence=OuterRef("evidence"))
    rows = done.filter(state=ReviewState.DONE).order_by().values("evidence")
    several = rows.annotate(n=Count("pk"), mean=Avg("mark")).filter(n__gt=1)
    known = reviews.annotate(panel=Subquery(several.values("mean")[:1])).filter(panel__isnull=False)
    return known.values_list("pk", "panel")


def _set_at(programme: UUID, stage: str) -> Q:
    """Of the reviews at a place those whose result is set: judged, or in a set that is settled."""
    settled = Settlement.objects.filter(programme=programme, stage=stage)
    occurrences = settled.exclude(state=SettlementState.UNDONE).values("occurrence")
    return ~Q(turn__state=TurnState.HANDED_IN) | Q(turn__occurrence__in=occurrences)
