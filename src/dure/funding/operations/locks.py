"""Rows kept from changing until the transaction ends. Writers ask here first, for the fund before its commitments."""

from dure.core.errors import Missing, Refused
from dure.core.text import Text
from dure.funding.models import Commitment, CommitmentState, Fund, FundLine, FundState


def locked_fund(fund: Fund) -> Fund:
    """The fund as it is; whoever commits out of it asks for it first."""
    return Fund.objects.select_for_update(of=("self",)).select_related("organisation", "source").get(pk=fund.pk)


def refuse_closed(fund: Fund) -> None:
    if fund.state == FundState.CLOSED:
        sentence = Text.said(
            ko=f"‘{fund.name}’은(는) 닫힌 기금입니다. 열려 있는 기금을 고르세요.",
            en=f"{fund.name} is closed. Choose a fund that is open.",
        )
        raise Refused("funding.closed", sentence, fund=str(fund.pk))


def line_of(fund: Fund, name: str) -> FundLine:
    """The fund's budget line of that name; Missing otherwise, with the names there are."""
    found = fund.lines.filter(name=name).first()
    if found is None:
        names = list(fund.lines.order_by("pk").values_list("name", flat=True))
        listed = ", ".join(names) or "–"
        sentence = Text.said(
            ko=f"예산 항목 ‘{name}’이(가) 없습니다. 이 기금의 항목에서 고르세요: {listed}",
            en=f"There is no budget line “{name}”. Choose one that this fund has: {listed}",
        )
        raise Missing("funding.line", sentence, line=name, lines=names)
    return found


def locked_commitment(commitment: Commitment) -> Commitment:
    """The commitment as it is; whoever touches its payments asks for it first."""
    return Commitment.objects.select_for_update(of=("self",)).select_related("fund").get(pk=commitment.pk)


def standing_commitment(commitment: Commitment) -> Commitment:
    """The same, and Refused once it was released."""
    commitment = locked_commitment(commitment)
    if commitment.state == CommitmentState.RELEASED:
        sentence = Text(
            ko="이미 해제된 배정입니다. 유효한 배정을 고르세요.",
            en="This commitment was released. Choose one that stands.",
        )
        raise Refused("funding.released", sentence)
    return commitment
