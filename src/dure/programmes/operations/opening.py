"""Opening turns: when the window is open and nothing is missing, work begins and provisions are fixed."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from dure.blueprint.model import Bind, Stage
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.programmes.events import TurnsOpened
from dure.programmes.frozen import blueprint_of
from dure.programmes.kinds import provide_kinds, stage_kinds
from dure.programmes.models import (
    LIVE,
    PROVIDED_MOVES,
    Programme,
    Provided,
    ProvidedState,
    Turn,
    TurnMember,
    TurnState,
)
from dure.programmes.operations.audited import record_set
from dure.programmes.operations.giving import give_entrants
from dure.programmes.queries.bans import none_could_act
from dure.programmes.queries.standing import standing_of, travellers_by_turn
from dure.programmes.queries.waiting import hindrances_of
from dure.programmes.windows import DATES, set_dates
from dure.store.chunks import chunked
from dure.store.models import move

AT_OPENING = frozenset({"learn", "project", "work"})


@transaction.atomic
def open_ready(programme: Programme, stage_id: str) -> list[Turn]:
    """Open every waiting turn of a stage that nothing holds back any more; safe to repeat."""
    if programme.state not in LIVE:
        return []
    now = clock.now()
    due = Turn.objects.filter(
        Q(opens_at__isnull=True) | Q(opens_at__lte=now),
        Q(closes_at__isnull=True) | Q(closes_at__gt=now),
        programme=programme, stage=stage_id, state=TurnState.WAITING, entered_at__isnull=False,
    )  # fmt: skip
    waiting = list(due.select_related("case").order_by("case__number", "pk"))
    holding, banned = hindrances_of(programme, stage_id, waiting), none_could_act(programme, [t.pk for t in waiting])
    return _open(programme, stage_id, [turn for turn in waiting if not holding[turn.pk] and turn.pk not in banned])


def _open(programme: Programme, stage_id: str, turns: Sequence[Turn]) -> list[Turn]:
    if not turns:
        return []
    stage = blueprint_of(programme).stage(stage_id)
    now = clock.now()
    for turn in turns:
        turn.opened_at = now
    set_dates(programme, turns)
    _claim(turns, now)
    record_set("turn.opened", programme, Turn, stage_id, opened=[turn.pk for turn in turns])
    _provide(programme, stage, turns)
    if stage.kind in AT_OPENING:
        give_entrants(programme, stage, standing_of(turn.pk for turn in turns))
    stage_kinds[stage.kind].open(turns)
    publish(TurnsOpened(programme.pk, stage_id, tuple(turn.pk for turn in turns)))
    return list(turns)


def _claim(turns: Sequence[Turn], now: datetime) -> None:
    """Waiting to open by compare-and-set: a turn that moved meanwhile rolls the whole opening back."""
    touched = 0
    for dates, alike in _by_dates(turns).items():
        for piece in chunked(turn.pk for turn in alike):
            waiting = Turn.objects.filter(pk__in=piece, state=TurnState.WAITING)
            fixed = dict(zip(DATES, dates, strict=True))
            touched += waiting.update(state=TurnState.OPEN, opened_at=now, **fixed)
    if touched != len(turns):
        sentence = Text(ko="그 사이 상태가 바뀌었습니다. 다시 시도하세요.", en="Something moved meanwhile. Try again.")
        raise Refused("state.changed", sentence)
    for turn in turns:
        turn.state = TurnState.OPEN


def _by_dates(turns: Sequence[Turn]) -> dict[tuple[object, ...], list[Turn]]:
    groups: dict[tuple[object, ...], list[Turn]] = {}
    for turn in turns:
        groups.setdefault(tuple(getattr(turn, name) for name in DATES), []).append(turn)
    return groups


def _provide(programme: Programme, stage: Stage, turns: Sequence[Turn]) -> None:
    """One row a turn for each provision ``per`` unit or entry; a case is provided for once."""
    rows: list[Provided] = []
    for index, provision in enumerate(stage.provides):
        if provision.per is not None:
            times = _new_cases(programme, stage, index, turns) if provision.per == "entry" else {}
            rows += [provided(programme, stage, index, turn, times.get(turn.pk, 1)) for turn in turns]
    put_at_disposal(rows)


def _new_cases(programme: Programme, stage: Stage, index: int, turns: Sequence[Turn]) -> dict[UUID, int]:
    """By turn, how many of its cases nothing was provided for yet."""
    before = Provided.objects.filter(programme=programme, stage=stage.id, index=index).values("turn")
    seen = set(TurnMember.objects.filter(turn__in=before).values_list("member__case_id", flat=True))
    found = {}
    for turn, members in travellers_by_turn(turn.pk for turn in turns).items():
        cases = {m.case_id for m in members} - seen
        seen |= cases
        found[turn] = len(cases)
    return found


def provided(programme: Programme, stage: Stage, index: int, turn: Turn | None, times: int = 1) -> Provided:
    """The (unsaved) row of one provision, for a turn or shared by the stage."""
    provision = stage.provides[index]
    amount = None if provision.amount is None or isinstance(provision.amount, Bind) else provision.amount
    return Provided(
        programme=programme, turn=turn, stage=stage.id, index=index, type=provision.type, unit=provision.unit or "",
        amount=None if amount is None else Decimal(str(amount)) * times,
    )  # fmt: skip


def put_at_disposal(rows: Sequence[Provided]) -> None:
    """Write provisions and let each type's joint do its part."""
    Provided.objects.bulk_create(rows, batch_size=1000)
    _tell_joints(rows)


def provide_again(turn: Turn) -> None:
    """A turn that is open again has its provisions again: the same rows, so that no amount is counted twice."""
    rows = list(Provided.objects.filter(turn=turn, state=ProvidedState.CLOSED))
    for row in rows:
        move(row, ProvidedState.DUE, by=PROVIDED_MOVES, done_by=None, closed_at=None)
    _tell_joints(rows)


def _tell_joints(rows: Sequence[Provided]) -> None:
    for kind in {row.type for row in rows}:
        provide_kinds[kind].open([row for row in rows if row.type == kind])
