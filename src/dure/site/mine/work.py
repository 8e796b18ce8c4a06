"""What waits for somebody, what is under way and what came of it: their turns, each with the one thing to do now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from dure.applications.models import Application
from dure.applications.queries import is_editable
from dure.assessments.models import AttemptState
from dure.blueprint.model import Entry, ExternalStep, Kind, Stage
from dure.challenges.queries.standing import takes_part_still
from dure.core import clock
from dure.core.text import Text
from dure.joints.gates.external import is_taken_elsewhere
from dure.joints.models import CourseTurn, ExamTurn, FormTurn, Proof, RoundTurn, StageSurvey
from dure.joints.stages.interviews import holds_interviews, to_be_timed
from dure.joints.stages.surveys import answers_survey
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import LIVE, Decision, Programme, ProgrammeState, Turn, TurnState, Verdict
from dure.programmes.queries.waiting import CHOICE, ENTRY, MATES, TEAM, hindrances_of, terms_scope
from dure.programmes.windows import is_over
from dure.site import words
from dure.store.worded import Wording, found, padded, valued

RECENT = 50
URGENT = timedelta(days=3)
HAS_ENDED = Q(state__in=[TurnState.PASSED, TurnState.OUT, TurnState.WITHDRAWN]) | ~Q(programme__state__in=LIVE)
BEING_MARKED = [AttemptState.SENT, AttemptState.MARKED]
COMING = [ProgrammeState.OPEN, ProgrammeState.PUBLISHED]


@dataclass(frozen=True)
class Act:
    """What can be done about a turn now; ``needed``: it waits for it, else it may be done."""

    label: str
    url: str
    needed: bool = True


@dataclass(frozen=True)
class Row:
    """One turn in my lists. ``why``: the reason of a verdict; ``waits``: what holds it back; ``again``: what next."""

    turn: Turn
    title: str
    act: Act | None = None
    why: str = ""
    waits: list[str] = field(default_factory=list)
    following: Programme | None = None

    @property
    def is_todo(self) -> bool:
        return self.act is not None and self.act.needed

    @property
    def is_urgent(self) -> bool:
        return self.turn.closes_at is not None and self.turn.closes_at - clock.now() < URGENT


@dataclass(frozen=True)
class Work:
    """The three lists of a person's turns."""

    todo: list[Row]
    going: list[Row]
    results: list[Row]


def work_of(person: Person) -> Work:
    """A person's turns: the urgent first, then what is under way, then what ended, the newest first."""
    rows, over = under_way(person), found(_over, person.pk)
    return Work([r for r in rows if r.is_todo], [r for r in rows if not r.is_todo], _results(over))


def under_way(person: Person) -> list[Row]:
    """A person's turns that have not ended, the next deadline first."""
    return sorted(_rows(person, found(_alive, person.pk)), key=_by_deadline)


def _alive(person: UUID) -> "QuerySet[Turn]":
    return _newest(person, ~HAS_ENDED)


def _over(person: UUID) -> "QuerySet[Turn]":
    return _newest(person, HAS_ENDED)


def _newest(person: UUID, which: Q) -> "QuerySet[Turn]":
    held = Turn.objects.filter(which, rules.held_by(Person(pk=person)))
    return held.select_related("programme", "case").order_by("-pk")[:RECENT]


def title_of(turn: Turn) -> str:
    """The name of the turn's stage."""
    return words.word(blueprint_of(turn.programme), turn.stage)


def stage_of(turn: Turn) -> Stage:
    return blueprint_of(turn.programme).stage(turn.stage)


def can_try_again(turn: Turn) -> bool:
    """Whether an ended turn may be opened anew (``else: again``, while the window is open)."""
    again = stage_of(turn).again and turn.state == TurnState.OUT and turn.opened_at is not None
    return again and turn.programme.state in LIVE and not is_over(turn)


def _by_deadline(row: Row) -> tuple[bool, datetime]:
    turn = row.turn
    return turn.closes_at is None, turn.closes_at or turn.arrived_at


# --- what is alive


@dataclass(frozen=True)
class _Known:
    """What the acts of many turns are read from, asked for once."""

    applications: Mapping[UUID, Application]
    rounds: Mapping[UUID, bool]  # whether one may hand in there still
    exams: Mapping[UUID, UUID]
    surveys: Mapping[tuple[UUID, str], UUID]
    interviews: Mapping[UUID, UUID]
    enrolments: Mapping[UUID, UUID]
    proven: frozenset[tuple[UUID, int]]
    waits: Mapping[UUID, Sequence[Text]]
    accepted: frozenset[str]


def _rows(person: Person, turns: Sequence[Turn]) -> list[Row]:
    known = _known(person, turns)
    return [
        Row(turn, title_of(turn), _act(turn, known), waits=[words.say(t) for t in known.waits.get(turn.pk, ())])
        for turn in turns
    ]


def _known(person: Person, turns: Sequence[Turn]) -> _Known:
    waiting = [turn for turn in turns if turn.state == TurnState.WAITING]
    of = {kind: [turn for turn in turns if stage_of(turn).kind is kind] for kind in Kind}
    handed_in = [turn for turn in turns if turn.state == TurnState.HANDED_IN and _proofs_of(turn)]
    open_ = {kind: [turn for turn in some if turn.state == TurnState.OPEN] for kind, some in of.items()}
    accepted = person.consents.filter(purpose="terms", withdrawn_at=None) if waiting else person.consents.none()
    return _Known(
        applications={form.turn_id: form.application for form in _forms_of(of[Kind.FORM])},
        rounds={turn: bool(is_in) for turn, is_in in _told_of(of[Kind.ROUND], _rounds)},
        exams=dict(_told_of(open_[Kind.TEST], _exams)),
        surveys=_surveys([turn for turn in open_[Kind.TEST] if answers_survey(stage_of(turn))]),
        interviews=to_be_timed([turn for turn in open_[Kind.TEST] if holds_interviews(stage_of(turn))]),
        enrolments=dict(_told_of(open_[Kind.LEARN], _enrolments)),
        proven=frozenset(_told_of(handed_in, _proofs)),
        waits=_waits(waiting),
        accepted=frozenset(accepted.values_list("scope", flat=True)),
    )


def _told_of(turns: Sequence[Turn], wording: Wording) -> list[tuple[Any, ...]]:
    """What a wording says of turns, two things of each."""
    return valued(wording, *padded(_ids(turns))) if turns else []


def _ids(turns: Sequence[Turn]) -> list[UUID]:
    return [turn.pk for turn in turns]


def _forms_of(turns: Sequence[Turn]) -> list[FormTurn]:
    return found(_forms, *padded(_ids(turns))) if turns else []


def _forms(*turns: UUID) -> "QuerySet[FormTurn]":
    return FormTurn.objects.filter(turn__in=turns).select_related("application")


def _rounds(*turns: UUID) -> "QuerySet[RoundTurn, Any]":
    rows = RoundTurn.objects.filter(turn__in=turns)
    return rows.annotate(is_in=takes_part_still("entrant")).values_list("turn", "is_in")


def _exams(*turns: UUID) -> "QuerySet[ExamTurn, Any]":
    rows = ExamTurn.objects.filter(turn__in=turns).exclude(candidate__attempts__state__in=BEING_MARKED)
    return rows.values_list("turn", "candidate__exam")


def _enrolments(*turns: UUID) -> "QuerySet[CourseTurn, Any]":
    return CourseTurn.objects.filter(turn__in=turns).values_list("turn", "enrolment")


def _proofs(*turns: UUID) -> "QuerySet[Proof, Any]":
    return Proof.objects.filter(turn__in=turns).values_list("turn", "step")


def _surveys(turns: Sequence[Turn]) -> dict[tuple[UUID, str], UUID]:
    """By programme and stage, the survey that is answered there."""
    if not turns:
        return {}
    rows = StageSurvey.objects.filter(programme__in={turn.programme_id for turn in turns})
    return {(programme, stage): survey for programme, stage, survey in rows.values_list("programme", "stage", "survey")}


def _waits(turns: Sequence[Turn]) -> dict[UUID, Sequence[Text]]:
    """What holds waiting turns back; asked once a stage."""
    groups: dict[tuple[UUID, str], list[Turn]] = {}
    for turn in turns:
        groups.setdefault((turn.programme_id, turn.stage), []).append(turn)
    waits: dict[UUID, Sequence[Text]] = {}
    for (_, stage), group in groups.items():
        waits.update(hindrances_of(group[0].programme, stage, group))
    return waits


def _attempt(turn: Turn) -> Act:
    first = turn.state == TurnState.OPEN
    label = gettext("Hand in an attempt") if first else gettext("Hand in another attempt")
    return Act(label, reverse("round", args=[turn.pk]), needed=first)


def _act(turn: Turn, known: _Known) -> Act | None:
    page = reverse("turn", args=[turn.pk])
    match turn.state:
        case TurnState.WAITING:
            return _before(turn, known, page)
        case TurnState.OPEN if application := known.applications.get(turn.pk):
            label = gettext("Go on writing") if application.saved_at else gettext("Fill in the form")
            return Act(label, page)
        case TurnState.HANDED_IN if application := known.applications.get(turn.pk):
            return _proof(turn, known, page) or _change(application, page)
        case TurnState.OPEN | TurnState.HANDED_IN if turn.pk in known.rounds:
            return _attempt(turn) if known.rounds[turn.pk] else None
        case TurnState.OPEN | TurnState.HANDED_IN:
            return _elsewhere(turn, known, page)
    return None


def _elsewhere(turn: Turn, known: _Known, page: str) -> Act | None:
    """What is done in another room, or was done outside Dure and is to be proven."""
    if turn.state == TurnState.HANDED_IN or is_taken_elsewhere(turn):
        return _proof(turn, known, page)
    if exam := known.exams.get(turn.pk):
        return Act(gettext("Sit the exam"), reverse("exam", args=[exam]))
    if survey := known.surveys.get((turn.programme_id, turn.stage)):
        return Act(gettext("Answer the survey"), reverse("survey", args=[survey]))
    if interview := known.interviews.get(turn.pk):
        return Act(gettext("Choose a time for the interview"), reverse("interview", args=[interview]))
    if enrolment := known.enrolments.get(turn.pk):
        return Act(gettext("Go on learning"), reverse("enrolment", args=[enrolment]))
    return None


def _before(turn: Turn, known: _Known, page: str) -> Act | None:
    """The first thing that keeps a turn from opening and that its holder can do."""
    stage = stage_of(turn)
    for text in known.waits[turn.pk]:
        if text is ENTRY and stage.entry is Entry.OPEN:
            return Act(gettext("Apply"), reverse("apply", args=[turn.programme.slug, stage.id]))
        if text is CHOICE:
            return Act(gettext("Choose"), page)
        if text is TEAM:
            return Act(gettext("Form a team"), page)
    scopes = {terms_scope(turn.programme, stage.id, n) for n, p in enumerate(stage.provides) if p.terms}
    asked = any(text not in {ENTRY, MATES} for text in known.waits[turn.pk])
    return Act(gettext("Read and accept the terms"), page) if asked and scopes - known.accepted else None


def _proof(turn: Turn, known: _Known, page: str) -> Act | None:
    """A proof from outside that nobody has entered yet."""
    missing = [n for n in _proofs_of(turn) if (turn.pk, n) not in known.proven]
    return Act(gettext("Enter the proof"), page) if missing else None


def _proofs_of(turn: Turn) -> list[int]:
    """The steps of its gate that ask for one."""
    return [n for n, step in enumerate(stage_of(turn).gate) if isinstance(step, ExternalStep)]


def _change(application: Application, page: str) -> Act | None:
    return Act(gettext("Change what I sent"), page, needed=False) if is_editable(application) else None


# --- what ended


def _results(turns: Sequence[Turn]) -> list[Row]:
    out = [turn for turn in turns if turn.state == TurnState.OUT]
    reasons, following = reasons_of(out), _following(out)
    return [
        Row(
            turn,
            title_of(turn),
            _again(turn),
            why=reasons.get(turn.pk, ""),
            following=following.get(turn.programme.blueprint_name) if turn.state == TurnState.OUT else None,
        )
        for turn in turns
    ]


def _again(turn: Turn) -> Act | None:
    return Act(gettext("Try again"), reverse("turn", args=[turn.pk]), needed=False) if can_try_again(turn) else None


def reasons_of(turns: Sequence[Turn]) -> dict[UUID, str]:
    """Why turns are out: each one's latest verdict that has been told."""
    told = found(_verdicts, *padded(_ids(turns))) if turns else []
    return {decision.turn_id: words.say(decision.reason) for decision in told}


def _verdicts(*turns: UUID) -> "QuerySet[Decision]":
    rows = Decision.objects.filter(turn__in=turns, verdict=Verdict.OUT)
    return rows.filter(Q(settlement__isnull=True) | Q(settlement__state="released")).order_by("pk")


def _following(turns: Sequence[Turn]) -> dict[str, Programme]:
    """By blueprint, its newest edition that takes entries or will."""
    if not turns:
        return {}
    programmes = {turn.programme_id for turn in turns}
    names = {turn.programme.blueprint_name for turn in turns}
    rows: QuerySet[Programme] = Programme.objects.filter(blueprint_name__in=names, state__in=COMING)
    return {programme.blueprint_name: programme for programme in rows.exclude(pk__in=programmes).order_by("pk")}
