"""What gates ask of people: reviews and decisions."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from django.db.models import QuerySet
from ninja import Query, Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import one, operated_programme, operated_turn, person_by, seen_turn, stage_of
from dure.api.find import staffed_programme as staffed
from dure.api.programmes.passages import CaseRef, TurnOut, turns_shaped
from dure.api.shapes import (
    Email,
    In,
    Line,
    Moment,
    Number,
    Out,
    Page,
    Paging,
    PersonRef,
    Prose,
    Step,
    paged,
)
from dure.api.writing import writes
from dure.blueprint.model import PanelStep
from dure.core.text import Text
from dure.joints.gates import decide, panel
from dure.joints.gates.asking import step_of
from dure.joints.models import Review, ReviewState, Say
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Turn
from dure.programmes.operations.judging import awaiting

router = Router(tags=["judging"])
REVIEW = Text(ko="심사", en="review")


class ReviewerIn(In):
    step: Step
    email: Email


class MarksIn(In):
    """Points from 0 to 100 for every criterion of the rubric."""

    marks: dict[Line, Number] = Field(max_length=100)
    comment: Prose = ""


class ConflictIn(In):
    why: Annotated[str, Field(max_length=200)] = ""


class SayIn(In):
    """``reason`` in Korean, ``reason_en`` in English; where one is given only, everybody reads that."""

    step: Step
    yes: bool
    reason: Prose = ""
    reason_en: Prose = ""


class ReviewOut(Out):
    """A seat at a panel. ``evidence`` is the hand-in to be judged, ``rubric`` the weight of each criterion; the case's
    title is empty where it could tell whose it is and the panel is blind."""

    id: UUID
    programme: str
    turn: UUID
    stage: str
    step: int
    case: CaseRef
    reviewer: PersonRef
    role: str
    state: str
    rubric: dict[str, float]
    evidence: dict[str, Any]
    marks: dict[str, float]
    mark: Decimal | None
    comment: str
    conflict: str
    assigned_at: Moment
    done_at: Moment | None

    @classmethod
    def of(cls, review: Review) -> Self:
        turn = review.turn
        blind = panel.is_blind(blueprint_of(turn.programme).stage(turn.stage))
        return cls(
            id=review.pk,
            programme=turn.programme.slug,
            turn=turn.pk,
            stage=turn.stage,
            step=review.step,
            case=CaseRef(id=turn.case_id, number=turn.case.number, title=panel.title_told(turn, blind=blind)),
            reviewer=PersonRef.of(review.reviewer),
            role=review.role,
            state=review.state,
            rubric=dict(step_of(turn.programme, turn.stage, review.step, PanelStep).rubric),
            evidence=review.evidence.values,
            marks=review.marks,
            mark=review.mark,
            comment=review.comment,
            conflict=review.conflict,
            assigned_at=review.assigned_at,
            done_at=review.done_at,
        )


class Reviews(Out):
    items: list[ReviewOut]

    @classmethod
    def of(cls, reviews: Sequence[Review]) -> Self:
        found = _reviews().in_bulk([review.pk for review in reviews])
        return cls(items=[ReviewOut.of(found[review.pk]) for review in reviews])


class SayOut(Out):
    turn: UUID
    step: int
    by: PersonRef
    yes: bool
    reason: str
    reason_en: str
    at: Moment

    @classmethod
    def of(cls, say: Say) -> Self:
        by = PersonRef.of(say.by)
        return cls(
            turn=say.turn_id,
            step=say.step,
            by=by,
            yes=say.yes,
            reason=say.reason,
            reason_en=say.reason_en,
            at=say.at,
        )


class Awaiting(Out):
    """Turns in the order in which the step hears them."""

    items: list[TurnOut]


@router.get("/programmes/{slug:slug}/stages/{slug:stage}/steps/{int:step}/turns", response=Awaiting)
def queue(request: Asked, slug: str, stage: str, step: Step) -> Awaiting:
    """The handed-in turns that have come as far as a step of the gate, those that one sees."""
    programme = staffed(request.auth, slug)
    waiting = awaiting(programme, stage_of(programme, stage).id, step)
    seen = Turn.objects.filter(rules.seen_at(request.auth, programme, stage), programme=programme, stage=stage)
    known = set(seen.values_list("pk", flat=True))
    return Awaiting(items=turns_shaped([turn for turn in waiting if turn.pk in known]))


# --- panels


def _reviews() -> QuerySet[Review]:
    return Review.objects.select_related("turn__programme", "turn__case", "reviewer", "evidence")


def _shaped(reviews: Iterable[Review]) -> list[ReviewOut]:
    return [ReviewOut.of(review) for review in reviews]


@writes(
    router.post,
    "/programmes/{slug:slug}/stages/{slug:stage}/steps/{int:step}/assign",
    Reviews,
    status=201,
)
def assign_all(request: Asked, slug: str, stage: str, step: Step) -> list[Review]:
    """Fill every panel of the stage evenly, free of conflicts; or nobody is seated and it says which turns lack."""
    programme = operated_programme(request.auth, slug)
    return panel.assign_all(programme, stage_of(programme, stage).id, step, by=request.auth)


@router.get("/programmes/{slug:slug}/stages/{slug:stage}/reviews", response=Page[ReviewOut])
def listed(
    request: Asked, slug: str, stage: str, paging: Query[Paging], state: ReviewState | None = None
) -> Page[ReviewOut]:
    """All reviews of a stage, for those who operate the programme."""
    programme = operated_programme(request.auth, slug)
    rows = _reviews().filter(turn__programme=programme, turn__stage=stage_of(programme, stage).id)
    return paged(rows.filter(state=state) if state else rows, paging, _shaped)


@writes(router.post, "/turns/{uuid:turn_id}/reviews", ReviewOut, status=201)
def assign(request: Asked, turn_id: UUID, body: ReviewerIn) -> Review:
    """Seat one reviewer."""
    turn = operated_turn(request.auth, turn_id)
    return panel.assign(turn, body.step, reviewer=person_by(body.email), by=request.auth)


@router.get("/me/reviews", response=Page[ReviewOut])
def mine(request: Asked, paging: Query[Paging], state: ReviewState | None = None) -> Page[ReviewOut]:
    """What one was asked to review."""
    rows = _reviews().filter(reviewer=request.auth)
    return paged(rows.filter(state=state) if state else rows, paging, _shaped)


@writes(router.post, "/reviews/{uuid:review_id}/marks", ReviewOut)
def mark(request: Asked, review_id: UUID, body: MarksIn) -> Review:
    """Mark every criterion; the last reviewer's marks let the turn be judged."""
    review = _review_of(request, review_id)
    return panel.give_marks(review, marks=body.marks, by=request.auth, comment=body.comment)


@writes(router.post, "/reviews/{uuid:review_id}/take-back", ReviewOut)
def take_back(request: Asked, review_id: UUID) -> Review:
    """Take one's marks back to change them, as long as the turn was not judged by them."""
    return panel.take_back(_review_of(request, review_id), by=request.auth)


@writes(router.post, "/reviews/{uuid:review_id}/conflict", ReviewOut)
def declare_conflict(request: Asked, review_id: UUID, body: ConflictIn) -> Review:
    """Step back; the seat is free for another."""
    return panel.declare_conflict(_review_of(request, review_id), by=request.auth, why=body.why)


def _review_of(request: Asked, review_id: UUID) -> Review:
    """One's own review; to those who operate its programme it is there, but not theirs to mark."""
    review = one(_reviews(), "review.missing", REVIEW, pk=review_id)
    if review.reviewer_id != request.auth.pk and not rules.operates(request.auth, review.turn.programme):
        return one(_reviews().none(), "review.missing", REVIEW)
    return review


# --- decisions


@writes(router.post, "/turns/{uuid:turn_id}/says", SayOut, status=201)
def say(request: Asked, turn_id: UUID, body: SayIn) -> Say:
    """Say yes or no; a no always has a reason, which the applicant will see."""
    turn = seen_turn(request.auth, turn_id)
    return decide.decide(turn, body.step, by=request.auth, **body.model_dump(exclude={"step"}))
