"""The test joint: whoever's turn at a test stage opens gets a seat in its exam, and the result comes back as evidence.

A stage without an exam, and a turn of several persons, stay recorded. Of several attempts the latest result counts;
where the blueprint says ``else: again``, sitting the exam again is trying again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from dure.assessments.events import AttemptVoided, ResultChanged, ResultReleased
from dure.assessments.models import Attempt, AttemptState, Exam, ExamState
from dure.assessments.operations.exams import admit
from dure.assessments.rules import kept_by, may_keep
from dure.audit.operations import record as record_act
from dure.blueprint.model import Stage, TestDo
from dure.core.errors import Forbidden, Refused
from dure.core.events import on
from dure.core.text import Text
from dure.joints.models import ExamTurn, StageExam
from dure.joints.stages.recorded import RecordedStage
from dure.joints.stages.tested import Result, persons_for, show_result
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import Programme, Turn, TurnState
from dure.store.worded import found

VIA = "exam"
SORTS = ("exam", "coding")
TAKES = (TurnState.OPEN, TurnState.HANDED_IN)
ON_ITS_WAY = (AttemptState.RUNNING, AttemptState.SENT, AttemptState.MARKED)
NOT_YOURS = Text(
    ko="프로그램의 운영자이면서 이 시험의 출제자인 사람만 연결할 수 있습니다.",
    en="Only somebody who operates the programme and is an examiner of the exam may bind them.",
)
NOT_TEST = Text(ko="시험을 보는 단계가 아닙니다.", en="This stage is not one at which an exam is sat.")
NO_OPTION = Text(ko="이 단계에 없는 선택 항목입니다: {option}", en="The stage has no such option: {option}")
MINUTES = Text(
    ko="블루프린트의 시험 시간은 {asked}분인데 이 시험은 {found}분입니다. 시험 시간을 맞추세요.",
    en="The blueprint says {asked} minutes, the exam {found}. Give the exam as many.",
)
ONE_ATTEMPT = Text(
    ko="블루프린트가 재응시를 허용하지 않습니다. 시험의 응시 횟수를 1번으로 바꾼 뒤 연결하세요.",
    en="The blueprint allows no re-sits. Let the exam be sat once, then bind it.",
)
BEGUN = Text(
    ko="이미 다른 시험에 자리를 받은 사람이 있어 바꿀 수 없습니다.",
    en="Some have a seat in another exam: it cannot be changed any more.",
)


class ExamStage(RecordedStage):
    """Turns get a seat in the exam of their option; a released result hands them in."""

    def open(self, turns: Sequence[Turn]) -> None:
        _seat(turns[0].programme, turns[0].stage, turns)

    def pending(self, turns: QuerySet[Turn]) -> set[UUID]:
        """Those whose candidates began an attempt before the close and have no result of it yet."""
        begun = "candidate__attempts__started_at"
        in_time = Q(turn__closes_at=None) | Q(**{f"{begun}__lt": F("turn__closes_at")})
        since = Q(**{f"{begun}__gte": F("turn__opened_at")})  # all of one attempt, so all in one filter
        rows = ExamTurn.objects.filter(in_time, since, turn__in=turns, candidate__attempts__state__in=ON_ITS_WAY)
        return set(rows.values_list("turn", flat=True))


@transaction.atomic
def bind_exam(programme: Programme, stage_id: str, *, exam: Exam, by: Person, option: str = "") -> StageExam:
    """Let the stage's people (those of ``option``, where it is said) sit ``exam``: who may now, and who comes.

    Raises Forbidden("exam.not-yours"), Refused("exam.kind", "exam.option", "exam.minutes", "exam.re-sits",
    "exam.begun").
    """
    if not (rules.operates(by, programme) and may_keep(by, exam.bank)):
        raise Forbidden("exam.not-yours", NOT_YOURS)
    _check(programme, blueprint_of(programme).stage(stage_id), exam, option)
    where: dict[str, Any] = {"programme": programme, "stage": stage_id, "option": option}
    before = StageExam.objects.filter(**where).first()
    if before is not None and before.exam_id != exam.pk and _seated(before).exists():
        raise Refused("exam.begun", BEGUN)
    bound, _ = StageExam.objects.update_or_create(**where, defaults={"exam": exam, "bound_by": by})
    record_act("programme.exam", programme, after={"stage": stage_id, "option": option, "exam": exam.pk}, actor=by)
    opened = Turn.objects.filter(programme=programme, stage=stage_id, state__in=TAKES)
    _seat(programme, stage_id, list(opened.select_related("case", "programme")))
    return bound


def exams_to_bind(person: Person) -> "QuerySet[Exam]":
    """Exams of the banks that somebody looks after, the newest first."""
    rows = Exam.objects.filter(bank__in=kept_by(person).values("pk")).exclude(state=ExamState.ARCHIVED)
    return rows.select_related("bank__organisation").order_by("-pk")


def sits_exams(stage: Stage) -> bool:
    """Whether an exam can be bound to the stage."""
    return isinstance(stage.do, TestDo) and stage.do.type in SORTS


def exam_of(turn: Turn) -> Exam | None:
    """The exam in which a turn has its seat."""
    return next((row.candidate.exam for row in found(_exam_turn, turn.pk)), None)


def _exam_turn(turn: UUID) -> "QuerySet[ExamTurn]":
    return ExamTurn.objects.filter(turn=turn).select_related("candidate__exam")


def _check(programme: Programme, stage: Stage, exam: Exam, option: str) -> None:
    if not isinstance(stage.do, TestDo) or not sits_exams(stage):
        raise Refused("exam.kind", NOT_TEST, kind=stage.kind)
    if option and option not in options_at(programme, stage.id):
        raise Refused("exam.option", NO_OPTION.format(option=option), option=option)
    asked = stage.do.minutes
    if asked is not None and asked != exam.minutes:
        raise Refused("exam.minutes", MINUTES.format(asked=asked, found=exam.minutes), asked=asked)
    if exam.most_attempts > 1 and not stage.again:
        raise Refused("exam.re-sits", ONE_ATTEMPT)


def _seated(bound: StageExam) -> "QuerySet[ExamTurn]":
    return ExamTurn.objects.filter(
        turn__programme=bound.programme_id, turn__stage=bound.stage, candidate__exam=bound.exam_id
    )


def _seat(programme: Programme, stage_id: str, turns: Sequence[Turn]) -> None:
    """A seat in the exam for every turn of one person that has none."""
    bound = {row.option: row.exam for row in _bound(programme, stage_id)}
    if not bound:
        return
    there = set(ExamTurn.objects.filter(turn__in=turns).values_list("turn", flat=True))
    fresh = [turn for turn in turns if turn.pk not in there]
    for exam, people in persons_for(programme, stage_id, fresh, bound=bound).items():
        _admit(exam, people)


def _admit(exam: Exam, people: dict[Person, Turn]) -> None:
    admit(exam, people)
    candidates = exam.candidates.filter(person__in=people).select_related("person")
    rows = [ExamTurn(turn=people[candidate.person], candidate=candidate) for candidate in candidates]
    for row in ExamTurn.objects.bulk_create(rows):
        _show(row)


def _bound(programme: Programme, stage_id: str) -> "QuerySet[StageExam]":
    return StageExam.objects.filter(programme=programme, stage=stage_id).select_related("exam")


# --- what comes back


@on(ResultReleased)
def hand_in_what_was_released(fact: ResultReleased) -> None:
    _show_all(fact.attempt)


@on(ResultChanged)
def hand_in_what_was_changed(fact: ResultChanged) -> None:
    _show_all(fact.attempt)


@on(AttemptVoided)
def hand_in_what_is_left(fact: AttemptVoided) -> None:
    """What was handed in counts no more: the result before it does, or none."""
    _show_all(fact.attempt)


def _show_all(attempt: UUID) -> None:
    rows = ExamTurn.objects.filter(candidate__attempts=attempt)
    for row in rows.select_related("turn__programme", "turn__case", "turn__evidence", "candidate__person"):
        _show(row)


def _show(row: ExamTurn) -> None:
    counts = _counting(row)
    result = Result(_values(counts), f"attempt {counts.pk}", _received(row.turn, counts)) if counts else None
    show_result(row.turn, row.candidate.person, result, via=VIA)


def _counting(row: ExamTurn) -> Attempt | None:
    """The latest released attempt of those begun since the turn opened."""
    if row.turn.opened_at is None:
        return None
    released = row.candidate.attempts.filter(state=AttemptState.RELEASED, started_at__gte=row.turn.opened_at)
    return released.order_by("-number").first()


def _received(turn: Turn, attempt: Attempt) -> datetime:
    """When it was handed in; what was begun before the close and ran past it was received when it was begun."""
    sent = attempt.sent_at or attempt.started_at
    return sent if turn.closes_at is None or sent < turn.closes_at else attempt.started_at


def _values(attempt: Attempt) -> dict[str, Any]:
    """A test stage's evidence (appendix C): per cent of the points; its proof is the level, where the exam has any."""
    score = float(attempt.score / attempt.total * 100) if attempt.score is not None and attempt.total else 100.0
    level = attempt.level
    told = level.ko if level.ko == level.en else f"{level.ko} ({level.en})"
    return {"score": score, **({"proof": told} if told else {})}
