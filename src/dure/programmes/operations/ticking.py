"""Time passes: windows open and close. Safe to run at any moment, any number of times."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from dure.audit.operations import record
from dure.blueprint.model import Stage
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.kinds import stage_kinds
from dure.programmes.models import LIVE, Programme, Settlement, SettlementState, StageClosing, Turn, TurnState
from dure.programmes.operations.arriving import advance
from dure.programmes.operations.audited import record_set
from dure.programmes.operations.handing import close_turns
from dure.programmes.operations.judging import judge_handed_in, put_out, standing_order, take_effect, write
from dure.programmes.operations.listing import put_on_list
from dure.programmes.operations.opening import open_ready
from dure.programmes.queries.standing import Standing, standing


def tick(programme: Programme) -> None:
    """Do for one programme whatever its windows make due now."""
    if programme.state not in LIVE:
        return
    for stage in blueprint_of(programme).stages:
        with transaction.atomic():
            open_ready(programme, stage.id)
            _close_due(programme, stage.id)


def _close_due(programme: Programme, stage_id: str) -> None:
    """Turns whose window is over: waiting ones were not opened, open ones end, handed-in ones are judged."""
    stage = blueprint_of(programme).stage(stage_id)
    kind = stage_kinds[stage.kind]
    over = Turn.objects.filter(programme=programme, stage=stage_id, closes_at__lte=clock.now())
    if stage.settles_as_set:
        held = Settlement.objects.filter(programme=programme, stage=stage_id, state=SettlementState.CONFIRMED)
        over = over.exclude(occurrence__in=held.values("occurrence"))  # it may be undone
    over = over.exclude(pk__in=kind.pending(over))
    _out(programme, stage, standing(over.filter(state=TurnState.WAITING)), "not-opened")
    ending = list(standing_order(over.filter(state=TurnState.OPEN)))
    if ending:
        handed_in, _ = close_turns(stage, ending)
        record_set("turn.closed", programme, Turn, stage_id, handed_in=[turn.pk for turn in handed_in])
    if ending and not stage.settles_as_set:
        _out(programme, stage, standing(over.filter(state=TurnState.OPEN)), "not-handed-in")
    awaiting = over.filter(state=TurnState.HANDED_IN)
    if not stage.settles_as_set and awaiting.exists():
        kind.final(awaiting)
        judge_handed_in(programme, stage_id)
    if stage.again:
        gone = over.filter(state=TurnState.OUT).values_list("pk", flat=True)
        advance(programme, stage_id, out=list(gone))


def _out(programme: Programme, stage: Stage, turns: Sequence[Standing], code: str) -> None:
    take_effect(programme, stage, write(programme, put_out(programme, stage, turns, code)))


@transaction.atomic
def close_stage(programme: Programme, stage_id: str, *, by: Person) -> None:
    """End a stage's window now. What is handed in is judged; what is not is out; nothing arrives any more.

    A stage that settles as a set is closed by settling it.
    """
    stage = blueprint_of(programme).stage(stage_id)
    if stage.settles_as_set:
        sentence = Text(ko="이 단계는 ‘확정’으로 닫습니다.", en="This stage closes by settling it.")
        raise Refused("stage.settles", sentence, stage=stage_id)
    _, fresh = StageClosing.objects.get_or_create(programme=programme, stage=stage_id, defaults={"by": by})
    if not fresh:
        raise Refused("stage.closed", Text(ko="이미 닫힌 단계입니다.", en="This stage is closed already."))
    now = clock.now()
    later = Q(closes_at__isnull=True) | Q(closes_at__gt=now)
    Turn.objects.filter(later, programme=programme, stage=stage_id).update(closes_at=now)
    put_on_list(programme)
    record("stage.closed", programme, after={"stage": stage_id}, actor=by)
    _close_due(programme, stage_id)
