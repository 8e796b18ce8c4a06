"""The recorded joint of every kind of stage: somebody enters what was done, with its proof."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from dure.audit.operations import record as record_act
from dure.blueprint.model import FormDo
from dure.core.errors import Forbidden, Refused
from dure.core.text import Text
from dure.joints.models import Fee
from dure.joints.values import typed_values
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Turn
from dure.programmes.operations.handing import hand_in, keep_evidence
from dure.programmes.operations.seating import missing_company
from dure.programmes.queries.members import members_of
from dure.skills.operations import record
from dure.store.transactions import durable


class RecordedStage:
    """Opens nothing and closes nothing: the work happens outside Dure."""

    def open(self, turns: Sequence[Turn]) -> None:
        """Nothing starts here; those who record see the turn in their list."""

    def check_hand_in(self, turn: Turn) -> None:
        missing = missing_company(turn)
        if missing:
            names = ", ".join(f"{role} {n}" for role, n in missing.items())
            sentence = Text(ko="먼저 배정해야 합니다: {names}", en="Assign them first: {names}").format(names=names)
            raise Refused("turn.company", sentence, missing=missing)
        _check_fee(turn)

    def pending(self, turns: QuerySet[Turn]) -> set[UUID]:
        return set()

    def out(self, turns: Sequence[UUID]) -> Mapping[UUID, Text | None]:
        return {}

    def final(self, turns: QuerySet[Turn]) -> None:
        """What was recorded stands."""

    def close(self, turns: Sequence[Turn]) -> None:
        """What was recorded stands."""


def _check_fee(turn: Turn) -> None:
    do = blueprint_of(turn.programme).stage(turn.stage).do
    if isinstance(do, FormDo) and isinstance(do.fee, int) and do.fee and not Fee.objects.filter(turn=turn).exists():
        sentence = Text(ko="참가비 {fee:,}원을 먼저 납부하세요.", en="Pay the fee of {fee:,} won first.").format(
            fee=do.fee
        )
        raise Refused("turn.fee", sentence, fee=do.fee)


def record_evidence(
    turn: Turn, values: Mapping[str, Any], *, by: Person, proof: str = "", final: bool = True, late: bool = False
) -> Turn:
    """Enter a turn's evidence, typed as its kind says; ``final`` hands it in, else it is kept until it is.

    Raises Flawed with a line for each wrong field; Forbidden unless ``by`` may record for this turn.
    """
    blueprint = blueprint_of(turn.programme)
    stage = blueprint.stage(turn.stage)
    allowed = rules.may_record(by, turn) or (stage.kind == "form" and rules.holds(by, turn))
    if not allowed:
        raise Forbidden(
            "evidence.not-yours", Text(ko="이 차례의 기록을 입력할 권한이 없습니다.", en="You may not record here.")
        )
    known = turn.evidence.values if turn.evidence and turn.state != "out" else {}
    typed = typed_values(blueprint, stage, {**known, **values}, complete=final)
    with durable():
        persons = [member.person for member in members_of([turn]) if member.person]
        evidence = record(stage.kind, typed, persons=persons, via="recorded", by=by, proof=proof)
        return hand_in(turn, evidence, late=late) if final else keep_evidence(turn, evidence)


@transaction.atomic
def confirm_fee(turn: Turn, *, by: Person, reference: str) -> Fee:
    """An operator has seen the fee come in."""
    do = blueprint_of(turn.programme).stage(turn.stage).do
    if not isinstance(do, FormDo) or not isinstance(do.fee, int):
        raise Refused("fee.none", Text(ko="참가비가 없는 단계입니다.", en="This stage asks for no fee."))
    if not rules.operates(by, turn.programme):
        raise Forbidden("fee.not-yours", Text(ko="납부를 확인할 권한이 없습니다.", en="You may not confirm fees."))
    fee, fresh = Fee.objects.get_or_create(
        turn=turn, defaults={"amount": do.fee, "reference": reference, "confirmed_by": by}
    )
    if not fresh:
        raise Refused("fee.twice", Text(ko="이미 확인된 납부입니다.", en="This fee was confirmed already."))
    record_act("turn.fee", fee, after={"turn": turn.pk, "amount": fee.amount, "reference": reference}, actor=by)
    return fee
