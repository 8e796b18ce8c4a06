"""The learn joint: a learn stage's turns take a cohort of a course, and what they finish there comes back as evidence.

A stage without a cohort, and a turn of several people, stay recorded.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from dure.audit.operations import record as record_act
from dure.blueprint.model import LearnDo, RankStep, RuleStep, Stage
from dure.core.errors import Forbidden, Refused
from dure.core.events import on
from dure.core.text import Text
from dure.joints.models import CourseTurn, StageCohort
from dure.joints.options import option_by_turn
from dure.joints.stages.recorded import RecordedStage
from dure.learning.events import CourseFinished, ResultNoted
from dure.learning.models import Cohort, Enrolment, EnrolmentState
from dure.learning.operations.enrolling import enrol
from dure.learning.rules import curated_by
from dure.learning.rules import may_run as may_run_cohort
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import Programme, Turn, TurnState
from dure.programmes.operations.handing import hand_in, keep_evidence
from dure.programmes.queries.members import members_by_turn
from dure.skills.models import Evidence
from dure.skills.operations import record

VIA = "course"
TAKES = (TurnState.OPEN, TurnState.HANDED_IN)
NOTED = ("attendance", "grade")
NOT_YOURS = Text(
    ko="프로그램의 운영자이면서 이 기수를 운영하는 사람만 연결할 수 있습니다.",
    en="Only somebody who operates the programme and runs the cohort may bind them.",
)
NOT_LEARN = Text(ko="학습 단계가 아닙니다.", en="This stage is not one of learning.")
OTHER_OPTIONS = Text(
    ko="강좌의 트랙({course})이 이 단계의 선택 항목({stage})과 다릅니다. 같은 이름으로 맞추세요.",
    en="The course's tracks ({course}) are not the stage's options ({stage}). Give them the same names.",
)
BEGUN = Text(
    ko="이미 다른 기수에서 배우고 있는 사람이 있어 바꿀 수 없습니다.",
    en="Some already learn in another cohort: it cannot be changed any more.",
)


class CourseStage(RecordedStage):
    """Turns enter the cohort with their option as the track; finishing it hands them in."""

    def open(self, turns: Sequence[Turn]) -> None:
        _enter(turns[0].programme, turns[0].stage, turns)

    def close(self, turns: Sequence[Turn]) -> None:
        """What was finished by then stands, whatever is left."""
        rows = _course_turns().filter(turn__in=turns)
        by_turn = {row.turn_id: row for row in rows}
        for turn in turns:
            if turn.pk in by_turn:
                turn.evidence = _evidence(by_turn[turn.pk])
                Turn.objects.filter(pk=turn.pk).update(evidence=turn.evidence)


@transaction.atomic
def bind_cohort(programme: Programme, stage_id: str, *, cohort: Cohort, by: Person) -> StageCohort:
    """Let the stage's people learn in ``cohort``, those whose turn is open from now on. Raises Forbidden, Refused."""
    if not (rules.operates(by, programme) and may_run_cohort(by, cohort)):
        raise Forbidden("course.not-yours", NOT_YOURS)
    stage = blueprint_of(programme).stage(stage_id)
    _check(programme, stage, cohort)
    before = StageCohort.objects.filter(programme=programme, stage=stage_id).first()
    if before is not None and before.cohort_id != cohort.pk and _taken(programme, stage_id).exists():
        raise Refused("course.begun", BEGUN)
    bound, _ = StageCohort.objects.update_or_create(
        programme=programme, stage=stage_id, defaults={"cohort": cohort, "bound_by": by}
    )
    record_act("programme.course", bound, after={"stage": stage_id, "cohort": cohort.pk}, actor=by)
    opened = Turn.objects.filter(programme=programme, stage=stage_id, state__in=TAKES)
    _enter(programme, stage_id, list(opened.select_related("case", "programme")))
    return bound


def cohorts_to_bind(person: Person) -> "QuerySet[Cohort]":
    """Cohorts that somebody runs: as curator of their provider, or as instructor."""
    curated = Cohort.objects.filter(course__provider__in=curated_by(person).values("pk"))
    taught = Cohort.objects.filter(seats__person=person, seats__duty="instructor")
    found = Cohort.objects.filter(pk__in=curated.values("pk").union(taught.values("pk")))
    return found.select_related("course__provider").order_by("course__key", "name")


def _check(programme: Programme, stage: Stage, cohort: Cohort) -> None:
    if not isinstance(stage.do, LearnDo):
        raise Refused("course.kind", NOT_LEARN, kind=stage.kind)
    tracks, options = cohort.course.options, options_at(programme, stage.id)
    if tracks and set(tracks) != set(options):
        names = {"course": ", ".join(tracks), "stage": ", ".join(options) or "–"}
        raise Refused("course.options", OTHER_OPTIONS.format(**names))


def _taken(programme: Programme, stage_id: str) -> "QuerySet[CourseTurn]":
    return CourseTurn.objects.filter(turn__programme=programme, turn__stage=stage_id)


def _enter(programme: Programme, stage_id: str, turns: Sequence[Turn]) -> None:
    bound = StageCohort.objects.filter(programme=programme, stage=stage_id).select_related("cohort__course").first()
    if bound is None:
        return
    there = set(CourseTurn.objects.filter(turn__in=turns).values_list("turn", flat=True))
    fresh = [turn for turn in turns if turn.pk not in there]
    members = members_by_turn(fresh)
    options = option_by_turn(programme, stage_id, fresh, members)
    for turn in fresh:
        persons = [member.person for member in members[turn.pk] if member.person]
        if len(persons) == 1:
            enrolment = _enrolled(bound.cohort, persons[0], options[turn.pk])
            row = CourseTurn.objects.create(turn=turn, enrolment=enrolment)
            _show(row)


def _enrolled(cohort: Cohort, person: Person, option: str) -> Enrolment:
    """Who learns there already goes on where they are."""
    known = Enrolment.objects.filter(cohort=cohort, person=person).exclude(state=EnrolmentState.WITHDRAWN).first()
    return known or enrol(cohort, person=person, option=option)


@on(CourseFinished)
def hand_in_what_was_finished(fact: CourseFinished) -> None:
    _show_all(fact.enrolment)


@on(ResultNoted)
def hand_in_what_was_noted(fact: ResultNoted) -> None:
    _show_all(fact.enrolment)


def _show_all(enrolment: UUID) -> None:
    for row in _course_turns().filter(enrolment=enrolment):
        _show(row)


def _course_turns() -> "QuerySet[CourseTurn]":
    return CourseTurn.objects.select_related("turn__programme", "turn__case", "turn__evidence", "enrolment")


def _show(row: CourseTurn) -> None:
    """Hand the turn in once all is done and all that its gate reads is noted; till then it is kept as it stands."""
    turn, enrolment = row.turn, row.enrolment
    finished = enrolment.state == EnrolmentState.FINISHED
    if turn.state not in TAKES or not (finished or any(_noted(enrolment).values())):
        return
    evidence = _evidence(row)
    awaited = _read_by_gate(blueprint_of(turn.programme).stage(turn.stage)) - evidence.values.keys()
    if finished and not awaited & set(NOTED):
        hand_in(turn, evidence)
    else:
        keep_evidence(turn, evidence)


def _evidence(row: CourseTurn) -> Evidence:
    enrolment = row.enrolment
    proof = f"enrolment {enrolment.pk}"
    return record("learn", _values(enrolment), persons=[enrolment.person], via=VIA, by=None, proof=proof)


def _values(enrolment: Enrolment) -> dict[str, Any]:
    """A learn stage's evidence (appendix C); what nobody noted stays missing."""
    noted = {name: float(value) for name, value in _noted(enrolment).items() if value is not None}
    return {"completion": float(enrolment.completion), **noted, "credits": float(enrolment.credits)}


def _noted(enrolment: Enrolment) -> dict[str, Any]:
    return {name: getattr(enrolment, name) for name in NOTED}


def _read_by_gate(stage: Stage) -> set[str]:
    """Names of this stage's own facts that its gate asks for."""
    return set(_names(stage))


def _names(stage: Stage) -> Iterable[str]:
    for step in stage.gate:
        if isinstance(step, RuleStep):
            yield from (rule.fact for rule in step.rules if rule.stage in {None, stage.id})
        if isinstance(step, RankStep):
            yield step.by.removeprefix(f"{stage.id}.")
