"""What organisers decide for a round: what is seen, how many attempts count, who is verified, how many are judged."""

from dataclasses import asdict
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import allow, one
from dure.api.shapes import In, Out
from dure.api.writing import writes
from dure.challenges.models import MOST_AT_ONCE, MOST_SELECTED, Round
from dure.challenges.operations.ruling import MOST_VERIFIED, Rules, set_rules
from dure.challenges.rules import organises
from dure.core.text import Text
from dure.joints.stages.rejudged import let_organise

router = Router(tags=["rounds"])
ROUND = Text(ko="라운드", en="round")


class RulesIn(In):
    """``at_once``: how many attempts of an entrant are judged at the same time."""

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

    @classmethod
    def of(cls, round_: Round) -> Self:
        return cls(**asdict(Rules.of(round_)))


@router.get("/rounds/{uuid:round_id}/rules", response=RulesOut)
def rules(request: Asked, round_id: UUID) -> RulesOut:
    """As they are now, for those who run the round."""
    return RulesOut.of(_organised(request, round_id))


@writes(router.put, "/rounds/{uuid:round_id}/rules", RulesOut)
def decide(request: Asked, round_id: UUID, body: RulesIn) -> Round:
    """Decide them from now on; boards follow at once."""
    return set_rules(_organised(request, round_id), Rules(**body.model_dump()))


def _organised(request: Asked, round_id: UUID) -> Round:
    round_ = one(Round.objects.all(), "round.missing", ROUND, pk=round_id)
    let_organise(request.auth, round_)
    allow(organises(request.auth, round_))
    return round_
