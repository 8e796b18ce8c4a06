"""The sheets that are only read: who is in the programme, and what is paid to whom."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from dure.blueprint.reasons import fact_text
from dure.funding.models import Payment
from dure.joints.sheets.cells import Cell
from dure.joints.sheets.sheet import PIECE, Column, Line, Sheet, column, free, not_yours
from dure.programmes.models import Given, Member, Turn
from dure.programmes.queries.members import turns_by_member
from dure.store.chunks import chunked


class CohortSheet(Sheet[Member]):
    """A line for each member of each case, with how they stand at every stage."""

    FIXED = tuple(map(column, ("case", "title", "organisation", "name", "email", "state", "entered-at")))

    def columns(self) -> Sequence[Column]:
        return [*self.FIXED, *(Column(name, fact_text(self.blueprint, s)) for s, name in self._stages().items())]

    def _stages(self) -> dict[str, str]:
        return {stage.id: free(stage, stage.id, self.FIXED) for stage in self.blueprint.stages}

    def lines(self) -> Iterator[Line[Member]]:
        if not self.operates:
            raise not_yours()
        rows = Member.objects.filter(case__programme=self.programme)
        pieces = chunked(rows.order_by("case__number", "pk").values_list("pk", flat=True), PIECE)
        return (line for ids in pieces for line in self._lines_of(rows.filter(pk__in=ids)))

    def _lines_of(self, rows: "QuerySet[Member]") -> list[Line[Member]]:
        known = rows.select_related("person", "case__organisation", "case__entered_by")
        members = list(known.order_by("case__number", "pk"))
        taken = turns_by_member(members, set(self._stages()))
        return [Line(member, self._shown(member, taken[member.pk])) for member in members]

    def _shown(self, member: Member, taken: dict[str, Turn]) -> dict[str, Cell]:
        case, person = member.case, member.person or member.case.entered_by
        states = {name: taken[s].state if s in taken else "" for s, name in self._stages().items()}
        entered = case.entered_at.astimezone(ZoneInfo(self.programme.zone)).isoformat(timespec="seconds")
        return {
            "case": case.number, "title": case.title, "organisation": str(case.organisation or ""),
            "name": person.name, "email": person.email, "state": case.state, "entered-at": entered, **states,
        }  # fmt: skip


class PaymentSheet(Sheet[Payment]):
    """Every payment that a programme's gives (or those of one stage) come to."""

    def columns(self) -> Sequence[Column]:
        shown = (
            "payment",
            "name",
            "payee",
            "amount",
            "currency",
            "number",
            "of",
            "due",
            "state",
            "paid-at",
            "reference",
        )
        return [column(name) for name in shown]

    def lines(self) -> Sequence[Line[Payment]]:
        if not self.operates:
            raise not_yours()
        gives = Given.objects.filter(programme=self.programme, kind="money", via="fund")
        here = gives.filter(stage=self.stage.id) if self.stage_id else gives
        names = {f"given:{pk}": name for pk, name in here.order_by("pk").values_list("pk", "name")}
        return [
            Line(payment, _of_payment(payment, names[payment.commitment.purpose]))
            for piece in chunked(names)
            for payment in Payment.objects.filter(commitment__purpose__in=piece)
            .select_related("commitment__fund", "person", "organisation")
            .order_by("due", "pk")
        ]


def _of_payment(payment: Payment, name: str) -> dict[str, Cell]:
    return {
        "payment": str(payment.pk), "name": name, "payee": str(payment.payee), "amount": payment.amount,
        "currency": payment.commitment.fund.currency, "number": payment.number, "of": payment.of, "due": payment.due,
        "state": payment.state, "paid-at": payment.paid_at, "reference": payment.reference,
    }  # fmt: skip
