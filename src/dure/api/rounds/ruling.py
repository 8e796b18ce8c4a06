"""What organisers decide for a round: what is seen, how many attempts count, who is verified, how many are judged."""

from dataclasses import asdict
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import allow, one
from dure.api.shapes import In, Line, Out
from dure.api.writing import writes
from dure.challenges.models import MOST_AT_ONCE, MOST_SELECTED, Round
from dure.challenges.operations.ruling import MOST_TYPES, MOST_VERIFIED, Rules, set_rules
from dure.challenges.rules import organises
from dure.core.text import Text
from dure.joints.stages.rejudged import let_organise

router = Router(tags=["rounds"])
ROUND = Text(ko="라운드", en="round")


class RulesIn(In):
    """``at_once``: how many attempts of an entrant are judged at the same time. ``monthly`` null: any number a month;
    ``file_types`` empty: all. ``sharing``: whether attempts are public never, where their entrants make them so
    (chosen), or unless they do not (open). ``is_public``: people who take no part learn of the round. ``is_active``:
    submissions are taken. What is left out is as in a new round.
    """

    board: Literal["public", "entrants", "hidden"]
    boards: Literal["both", "public", "final"]
    own_scores: bool
    own_logs: bool
    scores_wait: bool
    at_once: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)] = 2
    select_most: Annotated[int, Field(ge=1, le=MOST_SELECTED)]
    verify_first: Annotated[int, Field(ge=0, le=MOST_VERIFIED)]
    tolerance: Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=12, allow_inf_nan=False)]
    ratio_to: Literal["none", "best", "baseline"]
    shows_seconds: bool
    monthly: Annotated[int, Field(ge=1, le=100_000)] | None = None
    file_types: Annotated[list[Line], Field(max_length=MOST_TYPES)] = []
    sharing: Literal["none", "chosen", "open"] = "none"
    is_public: bool = True
    is_active: bool = True


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
    return RulesOut.of(organised_round(request, round_id))


@writes(router.put, "/rounds/{uuid:round_id}/rules", RulesOut)
def decide(request: Asked, round_id: UUID, body: RulesIn) -> Round:
    """Decide them from now on; boards follow at once."""
    return set_rules(organised_round(request, round_id), Rules(**body.model_dump()))


def organised_round(request: Asked, round_id: UUID) -> Round:
    """The round, for those who run it. Raises Missing, Forbidden."""
    round_ = one(Round.objects.all(), "round.missing", ROUND, pk=round_id)
    let_organise(request.auth, round_)
    allow(organises(request.auth, round_))
    return round_
