"""What organisers decide for a round: what is seen, how many attempts count, who is verified, how many are judged."""

from dataclasses import asdict
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from ninja import Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.rounds.found import organised_round
from dure.api.shapes import In, Line, Out
from dure.api.writing import writes
from dure.challenges.models import MOST_AT_ONCE, MOST_SELECTED, Round
from dure.challenges.operations.ruling import MOST_TYPES, MOST_VERIFIED, Rules, change_rules, set_rules

router = Router(tags=["rounds"])


Board = Literal["public", "entrants", "hidden"]
Boards = Literal["both", "public", "final"]
AtOnce = Annotated[int, Field(ge=1, le=MOST_AT_ONCE)]
SelectMost = Annotated[int, Field(ge=1, le=MOST_SELECTED)]
VerifyFirst = Annotated[int, Field(ge=0, le=MOST_VERIFIED)]
Tolerance = Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=12, allow_inf_nan=False)]
RatioTo = Literal["none", "best", "baseline"]
Monthly = Annotated[int, Field(ge=1, le=100_000)] | None
FileTypes = Annotated[list[Line], Field(max_length=MOST_TYPES)]
Sharing = Literal["none", "chosen", "open"]


class RulesIn(In):
    """All of them. ``at_once``: how many attempts of an entrant are judged at the same time. ``monthly`` null: any
    number a month; ``file_types`` empty: all. ``sharing``: whether attempts are public never, where their entrants make
    them so (chosen), or unless they do not (open). ``is_public``: people who take no part learn of the round.
    ``is_active``: submissions are taken.
    """

    board: Board
    boards: Boards
    own_scores: bool
    own_logs: bool
    scores_wait: bool
    at_once: AtOnce
    select_most: SelectMost
    verify_first: VerifyFirst
    tolerance: Tolerance
    ratio_to: RatioTo
    shows_seconds: bool
    monthly: Monthly
    file_types: FileTypes
    sharing: Sharing
    is_public: bool
    is_active: bool


class RulesPatch(In):
    """Those that change, as in the whole; what is left out, or null where that says nothing, stays."""

    board: Board | None = None
    boards: Boards | None = None
    own_scores: bool | None = None
    own_logs: bool | None = None
    scores_wait: bool | None = None
    at_once: AtOnce | None = None
    select_most: SelectMost | None = None
    verify_first: VerifyFirst | None = None
    tolerance: Tolerance | None = None
    ratio_to: RatioTo | None = None
    shows_seconds: bool | None = None
    monthly: Monthly = None
    file_types: FileTypes | None = None
    sharing: Sharing | None = None
    is_public: bool | None = None
    is_active: bool | None = None

    def said(self) -> dict[str, Any]:
        told = self.model_dump(exclude_unset=True)
        return {name: value for name, value in told.items() if value is not None or name == "monthly"}


class RulesOut(Out):
    board: str
    boards: str
    own_scores: bool
    own_logs: bool
    scores_wait: bool
    at_once: int
    select_most: int
    verify_first: int
    tolerance: Decimal
    ratio_to: str
    shows_seconds: bool
    monthly: int | None
    file_types: list[str]
    sharing: str
    is_public: bool
    is_active: bool

    @classmethod
    def of(cls, round_: Round) -> Self:
        return cls(**asdict(Rules.of(round_)))


@router.get("/rounds/{uuid:round_id}/rules", response=RulesOut)
def rules(request: Asked, round_id: UUID) -> RulesOut:
    """As they are now, for those who run the round."""
    return RulesOut.of(organised_round(request.auth, round_id))


@writes(router.put, "/rounds/{uuid:round_id}/rules", RulesOut)
def decide(request: Asked, round_id: UUID, body: RulesIn) -> Round:
    """Decide all of them from now on; boards follow at once."""
    return set_rules(organised_round(request.auth, round_id), Rules(**body.model_dump()))


@writes(router.patch, "/rounds/{uuid:round_id}/rules", RulesOut)
def change(request: Asked, round_id: UUID, body: RulesPatch) -> Round:
    """Decide some of them from now on; the others stay."""
    return change_rules(organised_round(request.auth, round_id), **body.said())
