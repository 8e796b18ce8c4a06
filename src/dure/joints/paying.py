"""A programme's money: the funds it is paid from and how each stands, and the payments that its gives come to."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from dure.funding.models import Commitment, CommitmentState, Fund, FundLine, Payment, PaymentState
from dure.funding.queries import available, awaiting_payment, paid_out
from dure.joints.gives.money import PURPOSE, WHAT
from dure.joints.models import ProgrammeFund
from dure.people.models import Organisation, Person
from dure.people.rules import is_operator, looked_after_by
from dure.programmes.models import Given, Programme


@dataclass(frozen=True)
class Standing:
    """One type of the programme's money (``money``) and its fund: not committed yet, committed and not paid, paid."""

    money: str
    fund: Fund
    left: int
    committed: int
    paid: int
    lines: list["LineStanding"]

    @property
    def whole(self) -> int:
        return self.left + self.committed + self.paid


@dataclass(frozen=True)
class LineStanding:
    """A budget line; ``paid`` is what has left of what was committed under it."""

    line: FundLine
    paid: int

    @property
    def committed(self) -> int:
        return self.line.used - self.paid

    @property
    def left(self) -> int:
        return self.line.amount - self.line.used


def funds_of(programme: Programme) -> list[Standing]:
    """The funds that the programme binds, by the type of its money."""
    bound = ProgrammeFund.objects.filter(programme=programme).select_related("fund__organisation").order_by("money")
    return [_standing(row) for row in bound]


def _standing(row: ProgrammeFund) -> Standing:
    fund = row.fund
    return Standing(row.money, fund, available(fund), awaiting_payment(fund), paid_out(fund), lines_of(fund))


def lines_of(fund: Fund) -> list[LineStanding]:
    """The fund's budget lines as they stand."""
    paid = Sum("commitments__paid", filter=~Q(commitments__state=CommitmentState.RELEASED), default=0)
    return [LineStanding(line, line.gone) for line in fund.lines.annotate(gone=paid).order_by("pk")]


def programmes_paid_from(fund: Fund) -> "QuerySet[ProgrammeFund]":
    """Which programmes have which type of their money paid from a fund."""
    return ProgrammeFund.objects.filter(fund=fund).select_related("programme").order_by("-pk")


def payments_in(programme: Programme, *, state: str = "") -> "QuerySet[Payment]":
    """What the programme's verdicts made payable, by due date: from the funds it binds and those of its parties."""
    bound = Q(commitment__fund__in=ProgrammeFund.objects.filter(programme=programme).values("fund"))
    of_parties = Q(commitment__fund__organisation__in=programme.parties.values("organisation"))
    rows = Payment.objects.filter(bound | of_parties, commitment__what__startswith=WHAT.format(slug=programme.slug))
    if state in PaymentState.values:
        rows = rows.filter(state=state)
    return rows.select_related("commitment__fund__organisation", "person", "organisation", "proposed_by").order_by(
        "due", "pk"
    )


def gives_paid_by(commitments: Iterable[Commitment]) -> dict[UUID, Given]:
    """By commitment, the give that its money is for, with the programme; none for money set aside by hand."""
    asked = {one.purpose.removeprefix(PURPOSE): one.pk for one in commitments if one.purpose.startswith(PURPOSE)}
    found = Given.objects.filter(pk__in=asked).select_related("programme")
    return {asked[str(given.pk)]: given for given in found}


def funds_to_bind(person: Person, programme: Programme) -> "QuerySet[Fund]":
    """Open funds from which somebody may have the programme paid: those of its parties; every one for a platform
    operator."""
    funds = Fund.objects.filter(state="open", source__isnull=True).select_related("organisation")
    if not is_operator(person):
        funds = funds.filter(organisation__in=programme.parties.values("organisation"))
    return funds.order_by("organisation__name_ko", "name")


def places_to_open_funds(person: Person, programme: Programme) -> "QuerySet[Organisation]":
    """The programme's parties whose funds somebody may open: those they look after; all for a platform operator."""
    return looked_after_by(person).filter(pk__in=programme.parties.values("organisation"))
