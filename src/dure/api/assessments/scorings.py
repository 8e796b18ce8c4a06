"""Points of interviews over HTTP: given by interviewers, blind to each other, decided and released by examiners."""

from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from django.db.models import QuerySet
from ninja import Query, Router
from pydantic import Field

from dure.api.assessments.interviews import INTERVIEWEE, IntervieweeOut, InterviewerIn
from dure.api.base import Asked
from dure.api.find import one, person_by
from dure.api.shapes import In, Line, Out, Page, Paging, PersonRef, Prose, Words, paged
from dure.api.writing import writes
from dure.assessments import rules
from dure.assessments.models import Interviewee, Scoring, ScoringState
from dure.assessments.operations import interviews as operations
from dure.core.text import Text

router = Router(tags=["assessments"])
SCORING = Text(ko="면접 평가", en="scoring")
Given = Annotated[dict[Line, Decimal | None], Field(max_length=20)]


class InterviewCriterionOut(Out):
    key: str
    text: Words
    most: Decimal


class ScoringOut(Out):
    """Points by criterion; ``saves`` is what the next change names. ``criteria`` are the interview's."""

    id: UUID
    interviewee: UUID
    person: PersonRef
    interview: Words
    criteria: list[InterviewCriterionOut]
    points: dict[str, Decimal]
    reason: str
    notes: str
    saves: int
    state: str

    @classmethod
    def of(cls, row: Scoring) -> Self:
        interview = row.interviewee.interview
        criteria = [
            InterviewCriterionOut(key=one.key, text=Words.of(one.text), most=one.most)
            for one in interview.read.criteria
        ]
        names = ("id", "reason", "notes", "saves", "state")
        return cls(
            **{name: getattr(row, name) for name in names}, interviewee=row.interviewee_id, criteria=criteria,
            person=PersonRef.of(row.interviewee.person), interview=Words.of(interview.title), points=row.read,
        )  # fmt: skip


class ScoresIn(In):
    """All that stands; ``saves``: how often it had been saved when it was changed."""

    points: Given
    reason: Prose = ""
    notes: Prose = ""
    saves: Annotated[int, Field(ge=0, le=10**9)]


class InterviewWhyIn(In):
    why: Prose


class SettleIn(In):
    points: Given
    reason: Prose


class SeenScoringOut(Out):
    interviewer: PersonRef
    state: str
    points: dict[str, Decimal]
    reason: str


class PanelOut(IntervieweeOut):
    """``scorings``: points and reasons once all interviewers have sent theirs; before, only who has."""

    scorings: list[SeenScoringOut]

    @classmethod
    def of(cls, row: Interviewee, *, own: bool = False) -> Self:
        found = row.scorings.select_related("interviewer").order_by("pk")
        scorings = [
            SeenScoringOut(
                interviewer=PersonRef.of(one.interviewer), state=one.state,
                points=one.read if row.is_all_sent else {}, reason=one.reason if row.is_all_sent else "",
            )
            for one in found
        ]  # fmt: skip
        return cls(**dict(IntervieweeOut.of(row, own=own)), scorings=scorings)


# --- interviewers


@router.get("/me/scorings", response=Page[ScoringOut])
def own(request: Asked, paging: Query[Paging]) -> Page[ScoringOut]:
    """Whom one scores."""
    rows = _scorings().filter(interviewer=request.auth).exclude(state=ScoringState.EXCUSED)
    return paged(rows, paging, lambda found: [ScoringOut.of(row) for row in found])


@router.get("/scorings/{uuid:scoring_id}", response=ScoringOut)
def scoring(request: Asked, scoring_id: UUID) -> ScoringOut:
    """One's own points for somebody."""
    return ScoringOut.of(_own(request, scoring_id))


@writes(router.put, "/scorings/{uuid:scoring_id}", ScoringOut)
def keep(request: Asked, scoring_id: UUID, body: ScoresIn) -> Scoring:
    """Keep points as they stand; refused where another device has changed them."""
    return operations.keep_scores(_own(request, scoring_id), **body.model_dump())


@writes(router.post, "/scorings/{uuid:scoring_id}/send", ScoringOut)
def send(request: Asked, scoring_id: UUID) -> Scoring:
    """Send what was kept; once all interviewers have, it is counted."""
    return operations.send_scores(_own(request, scoring_id))


@writes(router.post, "/scorings/{uuid:scoring_id}/back", ScoringOut)
def take_back(request: Asked, scoring_id: UUID) -> Scoring:
    """Change sent points again, until an examiner has decided."""
    return operations.take_back_scores(_own(request, scoring_id))


@writes(router.post, "/interviewees/{uuid:interviewee_id}/excuse", ScoringOut)
def excuse(request: Asked, interviewee_id: UUID, body: InterviewWhyIn) -> Scoring:
    """Step aside, as an interviewer who is too close to an interviewee."""
    row = one(_interviewees(), "interviewee.missing", INTERVIEWEE, pk=interviewee_id)
    if not rules.may_interview(request.auth, row.interview):
        one(Interviewee.objects.none(), "interviewee.missing", INTERVIEWEE)
    made = operations.excuse(row, interviewer=request.auth, why=body.why)
    return _scorings().get(pk=made.pk)


# --- examiners


@router.get("/interviewees/{uuid:interviewee_id}", response=PanelOut)
def panel(request: Asked, interviewee_id: UUID) -> PanelOut:
    """Somebody who is interviewed, with who scores them; for the examiners."""
    return PanelOut.of(_held(request, interviewee_id))


@writes(router.post, "/interviewees/{uuid:interviewee_id}/absent", IntervieweeOut)
def absent(request: Asked, interviewee_id: UUID) -> Interviewee:
    """They did not come; also for whoever was to score them."""
    row = one(_interviewees(), "interviewee.missing", INTERVIEWEE, pk=interviewee_id)
    scores = row.scorings.filter(interviewer=request.auth).exclude(state=ScoringState.EXCUSED).exists()
    return operations.note_absence(row if scores else _held(request, interviewee_id))


@writes(router.post, "/interviewees/{uuid:interviewee_id}/expect", IntervieweeOut)
def expect(request: Asked, interviewee_id: UUID) -> Interviewee:
    """Let somebody who was absent choose another time."""
    return operations.expect_again(_held(request, interviewee_id))


@writes(router.post, "/interviewees/{uuid:interviewee_id}/interviewers", PanelOut)
def ask(request: Asked, interviewee_id: UUID, body: InterviewerIn) -> Interviewee:
    """Ask one more interviewer to score somebody."""
    row = _held(request, interviewee_id)
    operations.ask_interviewer(row, person=person_by(body.email))
    row.refresh_from_db()
    return row


@writes(router.post, "/interviewees/{uuid:interviewee_id}/settle", IntervieweeOut)
def settle(request: Asked, interviewee_id: UUID, body: SettleIn) -> Interviewee:
    """Give the points in the interviewers' stead, where they are too far apart."""
    return operations.settle(_held(request, interviewee_id), points=body.points, reason=body.reason, by=request.auth)


@writes(router.post, "/interviewees/{uuid:interviewee_id}/release", IntervieweeOut)
def release(request: Asked, interviewee_id: UUID) -> Interviewee:
    """Let one result count, and tell them."""
    return operations.release(_held(request, interviewee_id))


@writes(router.post, "/interviewees/{uuid:interviewee_id}/reopen", IntervieweeOut)
def reopen(request: Asked, interviewee_id: UUID, body: InterviewWhyIn) -> Interviewee:
    """Let a released result count no more, with the reason."""
    return operations.reopen(_held(request, interviewee_id), why=body.why)


def _scorings() -> "QuerySet[Scoring]":
    return Scoring.objects.select_related("interviewee__interview__series", "interviewee__person", "interviewer")


def _interviewees() -> "QuerySet[Interviewee]":
    return Interviewee.objects.select_related("interview__series", "interview__organisation", "person")


def _own(request: Asked, scoring_id: UUID) -> Scoring:
    """One's own scoring; others need not know that it is there."""
    return one(_scorings().filter(interviewer=request.auth), "scoring.missing", SCORING, pk=scoring_id)


def _held(request: Asked, interviewee_id: UUID) -> Interviewee:
    row = one(_interviewees(), "interviewee.missing", INTERVIEWEE, pk=interviewee_id)
    if not rules.may_hold(request.auth, row.interview):
        return one(Interviewee.objects.none(), "interviewee.missing", INTERVIEWEE)
    return row
