"""What a field trial is worth above its round: evidence of those whose model it was, for the gate of a later stage.

A stage of kind test that follows the round may take it: its turn is handed in with the trial's score as soon as both
are there, the owner's word and the open turn. Without such a stage it is evidence of the persons all the same.
"""

from collections.abc import Collection
from contextlib import suppress
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from dure.audit.operations import record as record_act
from dure.blueprint.model import Kind, Stage
from dure.challenges.events import FieldTrialJudged
from dure.challenges.models import Adoption, FieldTrial, Round
from dure.challenges.queries.fieldtrials import field_trials, total_of
from dure.core.errors import Flawed, Refused
from dure.core.events import on
from dure.core.text import Text
from dure.joints.models import FieldEvidence, RoundTask, RoundTurn
from dure.people.days import today
from dure.people.models import Organisation, Person
from dure.people.rules import is_operator
from dure.programmes.events import TurnsOpened
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Turn, TurnState
from dure.programmes.operations.handing import hand_in
from dure.programmes.queries.members import members_of, turns_by_member
from dure.programmes.queries.roles import roles_of
from dure.programmes.rules import operates
from dure.skills.models import Evidence
from dure.skills.operations import record

VIA = "field-trial"
_TAKES = (TurnState.OPEN, TurnState.HANDED_IN)
_CENT = Decimal("0.01")
_NO_STAGE = Text(
    ko="라운드 뒤에 오는 시험 단계에만 반영할 수 있습니다.", en="It counts only at a test stage that follows the round."
)
_NOBODY = Text(
    ko="{email} 주소로 가입한 사람이 없습니다. 먼저 가입하도록 안내하세요.",
    en="Nobody is registered as {email}. Ask them to sign up first.",
)
_NO_SEAT = Text(
    ko="{email} 님은 이 프로그램에 자리가 없습니다. 먼저 역할을 맡기세요.",
    en="{email} has no seat in this programme. Give them one first.",
)
_PROOF = {Adoption.ADOPT: "adopted", Adoption.LATER: "to be adopted later", Adoption.NOT: "not adopted"}


def owner_called(email: str, round_: Round) -> Person:
    """Who may answer for a service: somebody with a seat in the round's programme, where it has one. Raises Flawed."""
    written = email.strip().lower()
    person = Person.objects.filter(email=written, is_active=True).first()
    if person is None:
        raise _flawed("owner", _NOBODY.format(email=written))
    place = _place(round_)
    if place is not None and not (roles_of(place.programme, person) or operates(person, place.programme)):
        raise _flawed("owner", _NO_SEAT.format(email=written))
    return person


def organisations_near(round_: Round, person: Person) -> list[Organisation]:
    """Whose services come into question: those of the programme's parties, else those that the person belongs to."""
    place = _place(round_)
    every = Organisation.objects.order_by("name_ko", "pk")
    if place is not None:
        return list(every.filter(pk__in=place.programme.parties.values("organisation")))
    if is_operator(person):
        return list(every)
    return list(every.filter(pk__in=person.memberships.on(today()).values("organisation")))


def stages_after(round_: Round) -> list[Stage]:
    """Where its trials may count: test stages that stand after the round's in the blueprint."""
    place = _place(round_)
    if place is None:
        return []
    stages = list(blueprint_of(place.programme).stages)
    own = next(at for at, stage in enumerate(stages) if stage.id == place.stage)
    return [stage for stage in stages[own + 1 :] if stage.kind == Kind.TEST]


@transaction.atomic
def count_at(trial: FieldTrial, stage: str) -> FieldEvidence:
    """Let the trial count at a later stage (empty: for its persons alone), once it is judged. Raises Flawed."""
    if stage and stage not in {one.id for one in stages_after(trial.round)}:
        raise _flawed("stage", _NO_STAGE)
    place = _place(trial.round)
    known = {"programme": place.programme if place else None, "stage": stage}
    counts, _ = FieldEvidence.objects.update_or_create(trial=trial, defaults=known)
    record_act("field-trial.counts", trial, after={"stage": stage})
    return counts


@on(FieldTrialJudged)
def record_what_it_showed(fact: FieldTrialJudged) -> None:
    """In the transaction of the owner's word: evidence of everybody whose model it was."""
    trial = field_trials().get(pk=fact.trial)
    counts, _ = FieldEvidence.objects.get_or_create(trial=trial)
    persons = [member.person for member in trial.submission.entrant.members.select_related("person")]
    counts.evidence = record("test", _values(trial), persons=persons, via=VIA, by=trial.owner, proof=_proof(trial))
    counts.save(update_fields=["evidence"])
    record_act("field-trial.evidence", trial, after={"sha256": counts.evidence.sha256})
    if counts.programme and counts.stage:
        _hand_in(_turns(trial, counts.stage), counts.evidence)


@on(TurnsOpened)
def hand_in_what_was_shown(fact: TurnsOpened) -> None:
    """A turn that opens after its trial was judged has its evidence at once."""
    waiting = FieldEvidence.objects.filter(programme=fact.programme, stage=fact.stage, evidence__isnull=False)
    for counts in waiting.select_related("evidence", "trial__submission__entrant"):
        if counts.evidence is not None:
            _hand_in(_turns(counts.trial, fact.stage, of=fact.turns), counts.evidence)


def _hand_in(turns: list[Turn], evidence: Evidence) -> None:
    """What the stage does not take any more (settled, closed, somebody missing) stays evidence of the persons."""
    for turn in turns:
        with suppress(Refused), transaction.atomic():
            hand_in(turn, evidence)


def _turns(trial: FieldTrial, stage: str, *, of: Collection[UUID] = ()) -> list[Turn]:
    """The entrants' open turns at a stage; ``of``: of these alone."""
    row = RoundTurn.objects.filter(entrant=trial.submission.entrant).select_related("turn").first()
    if row is None:
        return []
    members = members_of([row.turn])
    found = {by_stage[stage].pk for by_stage in turns_by_member(members, [stage]).values() if stage in by_stage}
    wanted = found & set(of) if of else found
    return list(Turn.objects.filter(pk__in=wanted, state__in=_TAKES).select_related("programme", "case", "evidence"))


def _values(trial: FieldTrial) -> dict[str, Any]:
    """A test's evidence: from 0 to 100, how many of the requests it answered as it should; nothing where none could
    be compared."""
    worth = total_of(trial).worth
    if worth is None:
        return {"proof": _proof(trial)}
    percent = Decimal(100 * worth.numerator) / Decimal(worth.denominator)
    return {"score": float(percent.quantize(_CENT, ROUND_HALF_EVEN)), "proof": _proof(trial)}


def _proof(trial: FieldTrial) -> str:
    return f"field trial {trial.pk} beside {trial.service_en}: {_PROOF[Adoption(trial.adoption)]}"


def _place(round_: Round) -> RoundTask | None:
    return RoundTask.objects.filter(task__round=round_).select_related("programme").first()


def _flawed(field: str, sentence: Text) -> Flawed:
    return Flawed("field.plan", sentence, errors=[{"field": field, **sentence.as_dict()}])
