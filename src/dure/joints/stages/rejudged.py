"""What judging a round again does to its turns: who would pass the gate, and evidence that follows what was applied."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from dure.challenges.events import BoardReplaced, ProposalCompared, SubmissionChosen
from dure.challenges.models import Best, PlaceChange, Proposal
from dure.challenges.operations.comparing import note_passing
from dure.core.events import on, publish
from dure.jobs.operations import enqueue
from dure.jobs.registry import task
from dure.joints.models import RoundTask, RoundTurn
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Turn, TurnState
from dure.programmes.operations.judging import judge_turns
from dure.programmes.queries.standing import Standing, standing
from dure.store.worded import counted, found

FOLLOW = "joints.follow-board"
AT_ONCE = 50
Scores = Mapping[UUID, tuple[float, float]]  # by entrant, on the public part and in the end


@on(ProposalCompared)
def note_who_passes(fact: ProposalCompared) -> None:
    """Ask the gate twice about those who have handed in: as scores are, and as they would be."""
    proposal = Proposal.objects.select_related("before", "after").get(pk=fact.proposal)
    place = RoundTask.objects.select_related("programme").filter(task=proposal.task_id).first()
    if place is None:
        return
    handed_in = Turn.objects.filter(programme=place.programme, stage=place.stage, state=TurnState.HANDED_IN)
    rows = RoundTurn.objects.filter(entrant__task=proposal.task_id, turn__in=handed_in)
    own, turns = dict(rows.values_list("turn", "entrant")), standing(handed_in)
    now = _scores(proposal)
    passed = _passing(place, turns, own, now, sign=_sign(proposal.before.greater_is_better))
    passes = _passing(place, turns, own, _scores_by(proposal, now), sign=_sign(proposal.after.greater_is_better))
    note_passing(proposal, passed=passed, passes=passes, asked=set(own.values()))


@on(BoardReplaced)
def follow_soon(fact: BoardReplaced) -> None:
    """By jobs: ten thousand hand-ins are no part of applying a proposal. Settling looks at scores again anyway."""
    enqueue(FOLLOW, arguments={"task": fact.task, "after": ""}, key=f"{FOLLOW}:{fact.task}")


@task(FOLLOW)
def follow_board(*, task: str, after: str) -> None:
    """Let the evidence of turns that are not judged yet say what their entrants have reached now, some at a time."""
    rows = RoundTurn.objects.filter(entrant__task=UUID(task), turn__state__in=[TurnState.OPEN, TurnState.HANDED_IN])
    later = rows.filter(entrant__gt=UUID(after)) if after else rows
    found = list(later.order_by("entrant").values_list("entrant", "entrant__best__counting")[:AT_ONCE])
    for entrant, counting in found:
        if counting:
            publish(SubmissionChosen(entrant, counting))
    if len(found) == AT_ONCE:
        last = str(found[-1][0])
        enqueue(FOLLOW, arguments={"task": task, "after": last}, key=f"{FOLLOW}:{task}:{last}")


def judged_before(proposal: Proposal) -> QuerySet[Turn]:
    """Turns for whose entrants something changes although their verdict was given: it stays, and people decide."""
    return _judged_before(proposal.pk)


def first_judged(proposal: Proposal, most: int) -> tuple[list[Turn], int]:
    """The first of them, and how many they are."""
    turns = found(_judged_before, proposal.pk, part=slice(0, most))
    return turns, len(turns) if len(turns) < most else counted(_judged_before, proposal.pk)


def _judged_before(proposal: UUID) -> QuerySet[Turn]:
    rows = Turn.objects.filter(state__in=[TurnState.PASSED, TurnState.OUT])
    changed = PlaceChange.objects.filter(proposal=proposal).values("entrant")
    concerned = rows.filter(round_turn__entrant__in=changed).select_related("case", "round_turn__entrant")
    told = ("state", "case__number", "round_turn__entrant__title")
    return concerned.order_by("case__number").only(*told)


def _passing(
    place: RoundTask, turns: Sequence[Standing], own: Mapping[UUID, UUID], scores: Scores, *, sign: int
) -> set[UUID]:
    """The entrants whose turns the gate lets on, had everybody these scores; without any one is out."""
    asked = [
        _with(turn, scores[own[turn.pk]], sign) if turn.pk in own else turn
        for turn in turns
        if turn.pk not in own or own[turn.pk] in scores
    ]
    judged = judge_turns(place.programme, blueprint_of(place.programme).stage(place.stage), asked)
    return {own[turn.pk] for turn in judged.passed if turn.pk in own}


def _with(turn: Standing, scores: tuple[float, float], sign: int) -> Standing:
    public, lasting = scores
    return turn._replace(
        values={**(turn.values or {}), "score": 0.0 + sign * lasting, "public-score": 0.0 + sign * public}
    )


def _scores(proposal: Proposal) -> Scores:
    lasting = Coalesce("counting__final_score", "counting__public_score")
    rows = Best.objects.filter(task=proposal.task_id).annotate(lasting=lasting)
    return _known(rows.values_list("entrant", "best__public_score", "lasting"))


def _scores_by(proposal: Proposal, now: Scores) -> Scores:
    """What changes put in the place of what is; who would leave the board has none."""
    rows = list(proposal.changes.values_list("entrant", "public_score", "final_score"))
    gone = {entrant for entrant, public, _ in rows if public is None}
    return {entrant: pair for entrant, pair in {**now, **_known(rows)}.items() if entrant not in gone}


def _known(rows: Iterable[tuple[UUID, float | None, float | None]]) -> dict[UUID, tuple[float, float]]:
    return {pk: (public, final) for pk, public, final in rows if public is not None and final is not None}


def _sign(greater_is_better: bool) -> int:
    return 1 if greater_is_better else -1
