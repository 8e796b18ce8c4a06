"""The interview joint: whoever's turn at an interview's stage opens is asked to it, and the result hands the turn in.

A stage without an interview, and a turn of several persons, stay recorded. Somebody who did not come hands nothing in.
Where the stage says ``else: again``, whoever is out and has time left chooses a time for another interview.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from dure.assessments.events import InterviewReleased, InterviewReopened
from dure.assessments.models import Interview, Interviewee, IntervieweeState, InterviewState
from dure.assessments.operations.interviews import admit_interviewees, meet_again
from dure.assessments.queries.interviews import booking_of, interviewers_of
from dure.assessments.rules import held_by, may_hold
from dure.audit.operations import record as record_act
from dure.blueprint.model import Stage, TestDo
from dure.calendar.models import Booking
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.core.events import on
from dure.core.text import Text
from dure.joints.models import InterviewTurn, StageInterview
from dure.joints.stages.tested import Result, persons_for, show_result
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.events import TurnsJudged
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import Programme, Turn, TurnState
from dure.store.worded import found

VIA = "interview"
TAKES = (TurnState.OPEN, TurnState.HANDED_IN)
ON_ITS_WAY = (IntervieweeState.WAITING, IntervieweeState.APART, IntervieweeState.SCORED)
NOT_YOURS = Text(
    ko="프로그램의 운영자이면서 이 면접을 맡은 사람만 연결할 수 있습니다.",
    en="Only somebody who operates the programme and looks after the interview may bind them.",
)
NOT_INTERVIEW = Text(ko="면접을 보는 단계가 아닙니다.", en="This stage is not one at which an interview is held.")
NO_OPTION = Text(ko="이 단계에 없는 선택 항목입니다: {option}", en="The stage has no such option: {option}")
MINUTES = Text(
    ko="블루프린트의 면접 시간은 {asked}분인데 이 면접은 {found}분입니다. 면접 시간을 맞추세요.",
    en="The blueprint says {asked} minutes, the interview {found}. Give the interview as many.",
)
BEGUN = Text(
    ko="이미 다른 면접을 안내받은 사람이 있어 바꿀 수 없습니다.",
    en="Some have been asked to another interview: it cannot be changed any more.",
)


def holds_interviews(stage: Stage) -> bool:
    """Whether an interview can be bound to the stage."""
    return isinstance(stage.do, TestDo) and stage.do.type == "interview"


@transaction.atomic
def bind_interview(
    programme: Programme, stage_id: str, *, interview: Interview, by: Person, option: str = ""
) -> StageInterview:
    """Ask the stage's people (those of ``option``, where it is said) to ``interview``: who may now, and who comes.

    Raises Forbidden("interview.not-yours"), Refused("interview.kind", "interview.option", "interview.minutes",
    "interview.bound").
    """
    if not (rules.operates(by, programme) and may_hold(by, interview)):
        raise Forbidden("interview.not-yours", NOT_YOURS)
    _check(programme, blueprint_of(programme).stage(stage_id), interview, option)
    where: dict[str, Any] = {"programme": programme, "stage": stage_id, "option": option}
    before = StageInterview.objects.filter(**where).first()
    if before is not None and before.interview_id != interview.pk and _asked(before).exists():
        raise Refused("interview.bound", BEGUN)
    bound, _ = StageInterview.objects.update_or_create(**where, defaults={"interview": interview, "bound_by": by})
    told = {"stage": stage_id, "option": option, "interview": interview.pk}
    record_act("programme.interview", programme, after=told, actor=by)
    opened = Turn.objects.filter(programme=programme, stage=stage_id, state__in=TAKES)
    ask_to_interviews(programme, stage_id, list(opened.select_related("case", "programme")))
    return bound


def interviews_to_bind(person: Person) -> "QuerySet[Interview]":
    """Interviews that somebody looks after, the newest first."""
    return held_by(person).exclude(state=InterviewState.ARCHIVED)


def interview_of(turn: Turn) -> Interview | None:
    """The interview that a turn is asked to."""
    return next((row.interviewee.interview for row in found(_interview_turn, turn.pk)), None)


def _interview_turn(turn: UUID) -> "QuerySet[InterviewTurn]":
    return InterviewTurn.objects.filter(turn=turn).select_related("interviewee__interview")


def to_be_timed(turns: Sequence[Turn]) -> dict[UUID, UUID]:
    """The interview of each turn whose person has to choose a time for it."""
    rows = InterviewTurn.objects.filter(turn__in=turns, interviewee__state=IntervieweeState.WAITING)
    held = Booking.objects.filter(
        series=OuterRef("interviewee__interview__series"), person=OuterRef("interviewee__person"), released_at=None
    )
    asked = rows.filter(~Exists(held), interviewee__interview__state=InterviewState.OPEN)
    return dict(asked.values_list("turn", "interviewee__interview")) if turns else {}


def on_their_way(turns: "QuerySet[Turn]") -> set[UUID]:
    """Those who hold a time before the close, or have been there, and have no result yet."""
    held = Booking.objects.filter(
        Q(slot__starts_at__lt=OuterRef("turn__closes_at")) | Q(slot__starts_at__lt=clock.now()),
        series=OuterRef("interviewee__interview__series"), person=OuterRef("interviewee__person"), released_at=None,
    )  # fmt: skip
    rows = InterviewTurn.objects.filter(Exists(held), turn__in=turns, interviewee__state__in=ON_ITS_WAY)
    return set(rows.values_list("turn", flat=True))


def _check(programme: Programme, stage: Stage, interview: Interview, option: str) -> None:
    if not isinstance(stage.do, TestDo) or not holds_interviews(stage):
        raise Refused("interview.kind", NOT_INTERVIEW, kind=stage.kind)
    if option and option not in options_at(programme, stage.id):
        raise Refused("interview.option", NO_OPTION.format(option=option), option=option)
    asked = stage.do.minutes
    if asked is not None and asked != interview.minutes:
        raise Refused("interview.minutes", MINUTES.format(asked=asked, found=interview.minutes), asked=asked)


def _asked(bound: StageInterview) -> "QuerySet[InterviewTurn]":
    return InterviewTurn.objects.filter(
        turn__programme=bound.programme_id, turn__stage=bound.stage, interviewee__interview=bound.interview_id
    )


def ask_to_interviews(programme: Programme, stage_id: str, turns: Sequence[Turn]) -> None:
    """Ask every turn of one person that is asked to none yet; of an interviewer it stays recorded."""
    rows = StageInterview.objects.filter(programme=programme, stage=stage_id)
    bound = {row.option: row.interview for row in rows.select_related("interview__series")}
    if not bound:
        return
    there = set(InterviewTurn.objects.filter(turn__in=turns).values_list("turn", flat=True))
    fresh = [turn for turn in turns if turn.pk not in there]
    for interview, people in persons_for(programme, stage_id, fresh, bound=bound).items():
        meets = interviewers_of(interview)
        _admit(interview, {person: turn for person, turn in people.items() if person not in meets})


def _admit(interview: Interview, people: dict[Person, Turn]) -> None:
    admit_interviewees(interview, people)
    rows = interview.interviewees.filter(person__in=people).select_related("person", "interview")
    asked = [InterviewTurn(turn=people[row.person], interviewee=row) for row in rows]
    for one in InterviewTurn.objects.bulk_create(asked):
        _show(one)


# --- what comes back


@on(InterviewReleased)
def hand_in_what_was_released(fact: InterviewReleased) -> None:
    _show_all(fact.interviewee)


@on(InterviewReopened)
def take_back_what_was_reopened(fact: InterviewReopened) -> None:
    """What was handed in counts no more, until there is a result again."""
    _show_all(fact.interviewee)


@on(TurnsJudged)
def let_them_meet_again(fact: TurnsJudged) -> None:
    related = ("turn__programme", "interviewee__interview__series", "interviewee__person")
    released = Q(interviewee__state=IntervieweeState.RELEASED, interviewee__interview__state=InterviewState.OPEN)
    rows = InterviewTurn.objects.filter(released, turn__programme=fact.programme, turn__stage=fact.stage)
    runs = Q(turn__closes_at=None) | Q(turn__closes_at__gt=clock.now())
    for row in rows.filter(runs, turn__state=TurnState.OUT).select_related(*related):
        if row.turn_id in fact.out and blueprint_of(row.turn.programme).stage(fact.stage).again:
            meet_again(row.interviewee)


def _show_all(interviewee: UUID) -> None:
    rows = InterviewTurn.objects.filter(interviewee=interviewee)
    related = ("turn__programme", "turn__case", "turn__evidence", "interviewee__person", "interviewee__interview")
    for row in rows.select_related(*related):
        _show(row)


def _show(row: InterviewTurn) -> None:
    turn, interviewee = row.turn, row.interviewee
    proof, received = f"interview {interviewee.pk}", _received(turn, interviewee)
    result = Result(_values(interviewee), proof, received) if _counts(row) else None
    show_result(turn, interviewee.person, result, via=VIA)


def _counts(row: InterviewTurn) -> bool:
    """Whether there is a result, released since the turn opened."""
    released, opened = row.interviewee.released_at, row.turn.opened_at
    scored = row.interviewee.state == IntervieweeState.RELEASED and row.interviewee.score is not None
    return scored and released is not None and opened is not None and released >= opened


def _received(turn: Turn, row: Interviewee) -> datetime | None:
    """When they were met: a result may come after the close."""
    booking = booking_of(row)
    met = booking.slot.starts_at if booking else None
    return met if met and turn.opened_at and met >= turn.opened_at else row.released_at


def _values(row: Interviewee) -> dict[str, Any]:
    """A test stage's evidence (appendix C): per cent of the points."""
    return {"score": float(row.score / row.most * 100) if row.score is not None and row.most else 100.0}
