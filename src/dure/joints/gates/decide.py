"""A decision by a person, recorded: yes or no, with a reason for every no."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from dure.audit.operations import record
from dure.blueprint.model import DecideStep
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.text import Text
from dure.joints.gates.asking import judge_soon, step_of
from dure.joints.models import Say
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.models import Programme, Turn, TurnState
from dure.programmes.queries.settled import is_settled
from dure.skills.models import Evidence
from dure.store.chunks import chunked


class DecideInputs:
    """Yes or no about the hand-in that stands; a turn without a say is awaited."""

    def inputs(self, programme: Programme, stage: str, step: int, turns: Sequence[UUID]) -> Mapping[UUID, bool]:
        said: dict[UUID, bool] = {}
        for piece in chunked(turns):
            rows = Say.objects.filter(turn_id__in=piece, step=step).select_related("turn")
            said |= {say.turn_id: say.yes for say in rows if say.evidence_id == say.turn.evidence_id}
        return said

    def reasons(self, programme: Programme, stage: str, step: int, turns: Sequence[UUID]) -> Mapping[UUID, Text]:
        """What the deciders wrote about those they said no to."""
        given: dict[UUID, Text] = {}
        for piece in chunked(turns):
            rows = Say.objects.filter(turn_id__in=piece, step=step, yes=False, evidence=F("turn__evidence"))
            given |= {say.turn_id: say.why for say in rows}
        return given


@transaction.atomic
def decide(turn: Turn, step: int, *, by: Person, yes: bool, reason: str = "", reason_en: str = "") -> Say:
    """Say yes or no about a handed-in turn. A no always has a reason, in either language or both; so has a yes where
    the gate requires it.

    Where the gate takes only so many, a yes can be changed until the stage is settled.
    """
    written = step_of(turn.programme, turn.stage, step, DecideStep)
    if not rules.sits_in(by, turn.programme, written.role):
        sentence = Text(ko="‘{role}’ 역할만 결정할 수 있습니다.", en="Only a {role} decides here.").format(
            role=written.role
        )
        raise Forbidden("decide.not-yours", sentence, role=written.role)
    if turn.state != TurnState.HANDED_IN or turn.evidence is None:
        raise Refused("decide.nothing", Text(ko="결정할 제출이 없습니다.", en="There is nothing to decide on."))
    if is_settled(turn):
        sentence = Text(
            ko="이미 확정된 단계입니다. 바꾸려면 먼저 확정을 취소하세요.",
            en="This stage is settled. Undo the settlement first to change a decision.",
        )
        raise Refused("decide.settled", sentence)
    if not (reason.strip() or reason_en.strip()) and (not yes or written.reason == "required"):
        text = Text(ko="사유를 적어 주세요. 지원자에게 보입니다.", en="Give a reason. The applicant will see it.")
        raise Flawed("decide.reason", text, errors=[{"field": "reason", **text.as_dict()}])
    values = {"by": by, "yes": yes, "reason": reason.strip(), "reason_en": reason_en.strip()}
    return _say(turn, step, turn.evidence, values, changeable=written.take is not None)


def _say(turn: Turn, step: int, evidence: Evidence, values: Mapping[str, Any], *, changeable: bool) -> Say:
    before = None
    try:
        with transaction.atomic():
            say = Say.objects.create(turn=turn, step=step, evidence=evidence, **values)
    except IntegrityError:
        if not changeable:
            raise Refused(
                "decide.twice", Text(ko="이미 결정되었습니다.", en="This has been decided already.")
            ) from None
        rows = Say.objects.filter(turn=turn, step=step, evidence=evidence)
        before = _told(rows.get())
        rows.update(**values)
        say = rows.get()
    record("turn.said", say, before=before, after=_told(say), actor=say.by)
    judge_soon(turn)
    return say


def _told(say: Say) -> dict[str, object]:
    return {"turn": say.turn_id, "step": say.step, "by": say.by_id, "yes": say.yes, "reason": say.why.as_dict()}
