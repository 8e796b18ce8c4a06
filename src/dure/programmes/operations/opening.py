"""Opening turns: when the window is open and nothing is missing, work begins and provisions are fixed."""

from collections.abc import Sequence
from decimal import Decimal

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
from dure.programmes.models import LIVE, Programme, Provided, Turn, TurnState
from dure.programmes.operations.giving import give_entrants
from dure.programmes.queries.members import members_by_turn
from dure.programmes.queries.waiting import hindrances_of
from dure.programmes.windows import dates_of
from dure.store.chunks import chunked

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
    holding = hindrances_of(programme, stage_id, waiting)
    return _open(programme, stage_id, [turn for turn in waiting if not holding[turn.pk]])


def _open(programme: Programme, stage_id: str, turns: Sequence[Turn]) -> list[Turn]:
    if not turns:
        return []
    stage = blueprint_of(programme).stage(stage_id)
    for turn in turns:
        turn.opened_at = clock.now()
        turn.state = TurnState.OPEN
        turn.opens_at, turn.closes_at, turn.occurrence = dates_of(programme, turn)
    for piece in chunked(turns, 1000):
        _claim(piece)
        Turn.objects.bulk_update(piece, ["opened_at", "opens_at", "closes_at", "occurrence"])
    _provide(programme, stage, turns)
    if stage.kind in AT_OPENING:
        give_entrants(programme, stage, turns)
    stage_kinds[stage.kind].open(turns)
    publish(TurnsOpened(programme.pk, stage_id, tuple(turn.pk for turn in turns)))
    return list(turns)


def _claim(turns: Sequence[Turn]) -> None:
    """Waiting to open by compare-and-set: a turn that moved meanwhile rolls the whole opening back."""
    touched = Turn.objects.filter(pk__in=[t.pk for t in turns], state=TurnState.WAITING).update(state=TurnState.OPEN)
    if touched != len(turns):
        raise Refused(
            "state.changed",
            Text(ko="그 사이 상태가 바뀌었습니다. 다시 시도하세요.", en="Something moved meanwhile. Try again."),
        )


def _provide(programme: Programme, stage: Stage, turns: Sequence[Turn]) -> None:
    """One row a provision and turn (``per`` unit or entry), or one for the stage when its first turn opens."""
    entries = {pk: len({m.case_id for m in ms}) for pk, ms in members_by_turn(turns).items()} if stage.provides else {}
    rows: list[Provided] = []
    for index, provision in enumerate(stage.provides):
        amount = provision.amount if not isinstance(provision.amount, Bind) else None
        shared = provision.per is None
        for turn in turns[:1] if shared else turns:
            times = entries[turn.pk] if provision.per == "entry" else 1
            rows.append(
                Provided(
                    programme=programme, turn=None if shared else turn, stage=stage.id, index=index,
                    type=provision.type, unit=provision.unit or "",
                    amount=None if amount is None else Decimal(str(amount)) * times,
                )
            )  # fmt: skip
    shared_before = Provided.objects.filter(programme=programme, stage=stage.id, turn__isnull=True)
    known = set(shared_before.values_list("index", flat=True))
    fresh = [row for row in rows if row.turn_id or row.index not in known]
    Provided.objects.bulk_create(fresh, batch_size=1000)
    for kind in {row.type for row in fresh}:
        provide_kinds[kind].open([row for row in fresh if row.type == kind])
