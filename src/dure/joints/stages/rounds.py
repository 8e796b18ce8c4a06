"""The round joint: a round stage's options are tasks; turns enter them, and scores come back as evidence.

A stage whose tasks nobody has set up, and a turn whose option has none, stay recorded.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from dure.blueprint.model import RoundDo, Stage
from dure.challenges import operations
from dure.challenges.events import EntrantCame, SubmissionChosen, SubmissionScored
from dure.challenges.measures import Measure
from dure.challenges.metrics import METRICS
from dure.challenges.models import UNJUDGED, Best, Entrant, Round, Submission, SubmissionKind, Task
from dure.challenges.models.programs import PROGRAM
from dure.challenges.operations import (
    Programs,
    ReceivedPrograms,
    ReceivedTask,
    add_organiser,
    close_round,
    enter,
    open_round,
    set_entrant_window,
    set_window,
)
from dure.challenges.operations.teams import check_complete
from dure.challenges.policy import What
from dure.challenges.queries.verification import unverified
from dure.challenges.rules import may_see_own
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.core.events import on
from dure.core.text import Text
from dure.joints.models import RoundTask, RoundTurn
from dure.joints.options import option_by_turn
from dure.joints.stages.disqualified import out_of_rounds
from dure.joints.stages.recorded import RecordedStage
from dure.people.days import for_reader
from dure.people.models import Person, Team
from dure.programmes import rules
from dure.programmes.events import TurnsBack, TurnsJudged
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import ALIVE, LIVE, BannedPerson, Member, Programme, StageClosing, Turn, TurnState
from dure.programmes.operations.handing import hand_in
from dure.programmes.queries.bans import check_not_banned
from dure.programmes.queries.members import members_by_turn
from dure.programmes.rules import banned_at
from dure.skills.operations import record
from dure.store.worded import asked, found

TAKES = (TurnState.OPEN, TurnState.HANDED_IN)
SCORES = ("score", "public-score")
_NOT_NOW = Text(
    ko="이 단계는 지금 제출을 받지 않습니다. 프로그램의 일정을 확인하세요.",
    en="This stage takes no submissions now. See the programme's dates.",
)
_PAST = Text(
    ko="마감({when})이 지나 제출을 받지 않습니다.", en="The deadline ({when}) has passed. Nothing is taken any more."
)


class RoundStage(RecordedStage):
    """Turns enter the task of their option; the first valid attempt hands them in."""

    def open(self, turns: Sequence[Turn]) -> None:
        _enter(turns[0].programme, turns[0].stage, turns)

    def pending(self, turns: QuerySet[Turn]) -> set[UUID]:
        """Those of ``turns`` with a submission that was accepted and is not judged yet, and first places not verified.

        A receipt from before the deadline means that it will be judged: such a turn must wait for its verdict. Where
        the round verifies its first places, no gate is asked about them before their scores were reproduced.
        """
        waiting = Submission.objects.filter(entrant__round_turn__turn__in=turns, state__in=UNJUDGED)
        tasks = Task.objects.filter(entrants__round_turn__turn__in=turns, round__verify_first__gt=0)
        finalists = unverified(tasks.select_related("round").distinct())
        unproven = RoundTurn.objects.filter(turn__in=turns, entrant__in=finalists)
        return {*waiting.values_list("entrant__round_turn__turn", flat=True), *unproven.values_list("turn", flat=True)}

    def out(self, turns: Sequence[UUID]) -> Mapping[UUID, Text | None]:
        return out_of_rounds(turns)

    def final(self, turns: QuerySet[Turn]) -> None:
        """The window closed, or the stage settles, over handed-in turns: from now on the final part counts.

        It is shown with the verdicts, not before: a settlement may still be undone.
        """
        for row in _round_turns().filter(turn__in=turns):
            _show(row, final=True)


@dataclass(frozen=True)
class TaskSetting:
    """A task that was received for an option of a round stage and is not set up yet."""

    programme: Programme
    stage: Stage
    do: RoundDo
    option: str
    by: Person
    task: ReceivedTask | ReceivedPrograms


def set_up_task(
    programme: Programme,
    stage_id: str,
    option: str = "",
    *,
    by: Person,
    labels: IO[bytes],
    measure: Measure,
    **files_and_bounds: Any,
) -> Task:
    """Receive a task and accept it, for callers that hold no transaction. Raises as those two do."""
    sent = {"labels": labels, "measure": measure, **files_and_bounds}
    with receive_task(programme, stage_id, option, by=by, **sent) as setting:
        return accept_task(setting)


@contextmanager
def receive_task(
    programme: Programme, stage_id: str, option: str = "", *, by: Person, measure: Measure, **sent: Any
) -> Iterator[TaskSetting]:
    """Hold a task for an option of a round stage, to be accepted inside the block.

    ``sent`` is the rest of what ``challenges.operations.receive_task`` takes. Raises as that does, Forbidden, and
    Refused where the stage has no such option or its blueprint names another metric.
    """
    stage = blueprint_of(programme).stage(stage_id)
    _check_operates(by, programme)
    do = _check(programme, stage, option, measure.metric)
    with operations.receive_task(sealed=do.sealed, measure=measure, **sent) as task:
        yield TaskSetting(programme, stage, do, option, by, task)


@contextmanager
def receive_programs(
    programme: Programme, stage_id: str, option: str = "", *, by: Person, programs: Programs
) -> Iterator[TaskSetting]:
    """The same for a task that programs score."""
    stage = blueprint_of(programme).stage(stage_id)
    _check_operates(by, programme)
    do = _check(programme, stage, option, PROGRAM)
    with operations.receive_programs(programs) as task:
        yield TaskSetting(programme, stage, do, option, by, task)


@transaction.atomic
def accept_task(setting: TaskSetting) -> Task:
    """Let the option be scored here. Turns that are open already enter its task."""
    programme, stage, option = setting.programme, setting.stage.id, setting.option
    if isinstance(setting.task, ReceivedPrograms):
        task = operations.accept_programs(_round(setting), option, received=setting.task)
    else:
        task = operations.accept_task(_round(setting), option, received=setting.task)
    RoundTask.objects.create(programme=programme, stage=stage, option=option, task=task)
    opened = Turn.objects.filter(programme=programme, stage=stage, state__in=TAKES)
    _enter(programme, stage, list(opened.select_related("case", "programme")))
    return task


def entrant_of(turn: Turn) -> Entrant | None:
    """The turn's entrant; None where the stage is recorded."""
    return next(iter(found(_entrant_of, turn.pk)), None)


def _entrant_of(turn: UUID) -> QuerySet[Entrant]:
    return Entrant.objects.filter(round_turn__turn=turn).select_related("task__round")


@on(EntrantCame)
def check_team_and_turn(fact: EntrantCame) -> None:
    """Before anything is accepted: a team must be complete, a turn must take hand-ins. Most have neither: one look."""
    for own, travelling, turn in asked(_links, fact.entrant):
        if team := own or travelling:
            check_complete(Team.objects.get(pk=team))
        if turn:
            _follow_turn(fact)


def _links(entrant: UUID) -> QuerySet[Entrant, tuple[UUID | None, ...]]:
    """The team that entered by itself, the one that travels, and the turn."""
    rows = Entrant.objects.filter(pk=entrant)
    return rows.values_list("entrant_team__team", "round_turn__turn__turn_team__team", "round_turn__turn")


def _follow_turn(fact: EntrantCame) -> None:
    """The window of the turn as it stands now holds, and whoever comes must not be banned from its programme."""
    banned = BannedPerson.objects.filter(banned_at(clock.now()), person=fact.by, programme=OuterRef("turn__programme"))
    rows = RoundTurn.objects.select_related("turn__programme", "entrant__task__round").annotate(banned=Exists(banned))
    row = rows.defer("turn__programme__source").get(entrant=fact.entrant)
    if row.banned:
        check_not_banned(row.turn.programme, Person.objects.filter(pk=fact.by))
    if not _takes(row.turn, fact.at):
        raise _takes_nothing(row.turn, fact.at)
    set_entrant_window(row.entrant, opens_at=row.turn.opens_at, closes_at=row.turn.closes_at)
    _reopen(row.entrant.task.round)


def _takes_nothing(turn: Turn, moment: datetime) -> Refused:
    """Why: the deadline has passed, or the turn is not open."""
    sentence = _NOT_NOW
    if turn.closes_at is not None and turn.closes_at <= moment:
        sentence = _PAST.format(when=for_reader(turn.closes_at, turn.programme.zone, closes=True))
    return Refused("round.not-open", sentence, state=turn.state, closes_at=turn.closes_at)


@on(SubmissionScored)
def hand_in_what_was_scored(fact: SubmissionScored) -> None:
    """The first valid attempt hands the turn in, later ones replace its evidence."""
    _show_anew(fact.entrant)


@on(SubmissionChosen)
def hand_in_what_was_chosen(fact: SubmissionChosen) -> None:
    _show_anew(fact.entrant)


@on(TurnsBack)
def hand_in_what_was_scored_meanwhile(fact: TurnsBack) -> None:
    """What was submitted before a ban may have been scored while its turn was withdrawn."""
    for row in _round_turns().filter(turn__in=fact.turns):
        _show(row, final=False)


@on(TurnsJudged)
def end_rounds(fact: TurnsJudged) -> None:
    """With the last verdict of a stage its rounds are over, and final boards are shown."""
    if RoundTask.objects.filter(programme=fact.programme, stage=fact.stage).exists():
        _close_rounds(Programme.objects.get(pk=fact.programme), fact.stage)


def _check_operates(by: Person, programme: Programme) -> None:
    if not rules.operates(by, programme):
        sentence = Text(ko="과제를 설정할 권한이 없습니다.", en="You may not set up tasks here.")
        raise Forbidden("round.not-yours", sentence)


def _check(programme: Programme, stage: Stage, option: str, metric: str) -> RoundDo:
    if not isinstance(stage.do, RoundDo):
        raise Refused("round.kind", Text(ko="대회 단계가 아닙니다.", en="This stage is not a round."), kind=stage.kind)
    options = options_at(programme, stage.id)
    if option not in (options or ("",)):
        sentence = Text(ko="다음 중에서 고르세요: {names}", en="Choose one of the options: {names}")
        raise Refused("round.option", sentence.format(names=", ".join(options) or "–"), option=option)
    source = blueprint_of(programme).options_stage(stage.id)
    if source is not None and source.choose > 1:
        sentence = Text(
            ko="둘 이상을 고르는 단계는 점수를 기록으로 입력하세요.",
            en="Where one chooses several options, scores are recorded by hand.",
        )
        raise Refused("round.choose", sentence, choose=source.choose)
    if stage.do.metric in METRICS and stage.do.metric != metric:
        sentence = Text(
            ko="공개된 규칙의 지표는 ‘{metric}’입니다.", en="The published rules say that the metric is {metric}."
        )
        raise Refused("round.metric", sentence.format(metric=stage.do.metric), metric=stage.do.metric)
    return stage.do


def _round(setting: TaskSetting) -> Round:
    programme, stage, do, by = setting.programme, setting.stage, setting.do, setting.by
    known = Round.objects.filter(tasks__round_task__programme=programme, tasks__round_task__stage=stage.id).first()
    if known:
        add_organiser(known, by)
        return known
    word = blueprint_of(programme).word(stage.id)
    title = Text(ko=f"{programme.title_ko} – {word.ko}", en=f"{programme.title_en} – {word.en}")
    return open_round(title, by=by, zone=programme.zone, daily=do.daily, total=do.total, sealed=do.sealed, code=do.code)


def _enter(programme: Programme, stage_id: str, turns: Sequence[Turn]) -> None:
    rows = RoundTask.objects.filter(programme=programme, stage=stage_id).select_related("task__round")
    tasks = {row.option: row.task for row in rows}
    if not tasks:
        return
    there = set(RoundTurn.objects.filter(turn__in=turns).values_list("turn", flat=True))
    fresh = [turn for turn in turns if turn.pk not in there]
    members = members_by_turn(fresh)
    options = option_by_turn(programme, stage_id, fresh, members)
    for turn in fresh:
        task = tasks.get(options[turn.pk])
        if task:
            entrant = enter(
                task, persons=_persons(members[turn.pk]), title=turn.title, opens_at=turn.opens_at,
                closes_at=turn.closes_at,
            )  # fmt: skip
            RoundTurn.objects.create(turn=turn, entrant=entrant)
            _reopen(task.round)


def _persons(members: Sequence[Member]) -> list[Person]:
    """Who submits: the turn's persons; where no persons travel, whoever entered the case."""
    return list({person.pk: person for person in (m.person or m.case.entered_by for m in members)}.values())


def _round_turns() -> QuerySet[RoundTurn]:
    return RoundTurn.objects.select_related("turn__programme", "turn__case", "turn__evidence", "entrant__task__round")


def _row(entrant: UUID) -> RoundTurn | None:
    return _round_turns().filter(entrant=entrant).first()


def _show_anew(entrant: UUID) -> None:
    row = _row(entrant)
    if row is not None:
        _show(row, final=False)


def _show(row: RoundTurn, *, final: bool) -> None:
    """Hand the turn in with what its entrant has reached, as of when that was received."""
    best = Best.objects.select_related("best__by", "counting__by").filter(entrant=row.entrant).first()
    if best is None:
        return
    shown = best.counting if final else _so_far(best, row.entrant)
    if not _takes(row.turn, shown.received_at):
        return
    values = _values(row.entrant, shown, final=final or not row.entrant.task.round.sealed)
    if not final and _keeps_back(row):
        values = {name: value for name, value in values.items() if name not in SCORES}
    if row.turn.evidence and row.turn.evidence.values == values and row.turn.state == TurnState.HANDED_IN:
        return
    persons = [member.person for member in members_by_turn([row.turn])[row.turn.pk] if member.person]
    evidence = record("round", values, persons=persons, via="round", by=shown.by, proof=f"submission {shown.pk}")
    hand_in(row.turn, evidence, at=shown.received_at)


def _so_far(best: Best, entrant: Entrant) -> Submission:
    """What may count in the end, as far as its entrant knows: of several the best by public score."""
    task = entrant.task
    if task.round.select_most == 1:
        return best.counting
    score = "-public_score" if task.greater_is_better else "public_score"
    chosen = Submission.objects.filter(selected__entrant=entrant, public_score__isnull=False).select_related("by")
    return chosen.order_by(score, "received_at").first() or best.best


def _keeps_back(row: RoundTurn) -> bool:
    """Whether entrants learn no scores now; where turns are judged one by one, their verdicts tell at once."""
    stage = blueprint_of(row.turn.programme).stage(row.turn.stage)
    return stage.settles_as_set and not may_see_own(row.entrant.task, What.PUBLIC_SCORE)


def _values(entrant: Entrant, counting: Submission, *, final: bool) -> dict[str, Any]:
    """A round's evidence: more is better whatever the metric (appendix C)."""
    sign = 1 if entrant.task.greater_is_better else -1
    public = 0.0 + sign * (counting.public_score or 0.0)
    lasting = 0.0 + sign * (counting.lasting_score or 0.0)
    return {
        "score": lasting if final else public,
        "public-score": public,
        "attempts": entrant.submissions.exclude(state="failed").count(),
        "code": "yes" if counting.kind == SubmissionKind.CODE else "no",
    }


def _takes(turn: Turn, moment: datetime) -> bool:
    """Whether what was received at that moment counts for the turn."""
    closed = StageClosing.objects.filter(programme=turn.programme, stage=turn.stage, occurrence=turn.occurrence)
    within = (turn.opens_at is None or turn.opens_at <= moment) and (turn.closes_at is None or moment < turn.closes_at)
    live = turn.state in TAKES and turn.programme.state in LIVE
    return live and within and not closed.filter(at__lte=moment).exists()


def _close_rounds(programme: Programme, stage_id: str) -> None:
    """End the stage's rounds unless a turn of it may still submit."""
    open_window = Q(closes_at__isnull=True) | Q(closes_at__gt=clock.now())
    if not Turn.objects.filter(open_window, programme=programme, stage=stage_id, state__in=ALIVE).exists():
        for round_ in Round.objects.filter(
            tasks__round_task__programme=programme, tasks__round_task__stage=stage_id
        ).distinct():
            close_round(round_)


def _reopen(round_: Round) -> None:
    """A turn that submits after all (a later occurrence, a settlement undone) hides final scores again."""
    if round_.is_over:
        set_window(round_, opens_at=None, closes_at=None)
