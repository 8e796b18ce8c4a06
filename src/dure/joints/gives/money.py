"""Money given by a verdict: committed from the fund that the programme binds, paid when a second person agrees."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from dure.audit.operations import record
from dure.blueprint.dates import duration
from dure.blueprint.model import Duration
from dure.blueprint.model import MoneyGive as Paying
from dure.blueprint.windows import add
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.events import on
from dure.core.text import Text
from dure.funding.events import CommitmentReleased, PaymentPaid
from dure.funding.models import Commitment, CommitmentState, Fund
from dure.funding.operations import commit_all
from dure.funding.promises import Due, Promise
from dure.funding.queries import preview
from dure.joints.models import ProgrammeFund
from dure.people.models import Organisation, Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import GIVEN_MOVES, Given, GivenState, Programme
from dure.store.models import move

_NO_MONEY = Text(
    ko="이 프로그램에 없는 지급 항목입니다: {given}. 있는 항목: {known}",
    en="The programme gives no such money: {given}. It gives: {known}",
)


class MoneyGive:
    """With a fund bound: refused whole when it is short, else committed. Without one: recorded, paid outside."""

    def check(self, programme: Programme, gives: Sequence[Given]) -> None:
        for fund, due in _by_fund(programme, gives).items():
            seen = preview(fund, [given.amount or 0 for given in due])
            if seen.short:
                sentence = Text(
                    ko="‘{fund}’ 기금이 모자랍니다: 필요 {due:,}, 잔액 {available:,}. 기금을 늘린 뒤 다시 확정하세요.",
                    en="The fund {fund} is short: {due:,} due, {available:,} available. Add money, then settle again.",
                )
                filled = sentence.format(fund=fund.name, due=seen.due, available=seen.available)
                raise Refused("funding.short", filled, needed=seen.due, available=seen.available)

    def give(self, programme: Programme, gives: Sequence[Given]) -> None:
        for fund, due in _by_fund(programme, gives).items():
            commit_all(fund, [_promise(programme, given) for given in due])
            Given.objects.filter(pk__in=[given.pk for given in due]).update(via="fund")


@transaction.atomic
def bind_fund(programme: Programme, money: str, *, fund: Fund, by: Person) -> ProgrammeFund:
    """Pay the programme's money of that type from ``fund`` from now on. Raises Flawed where it gives no such money."""
    if not rules.operates(by, programme):
        raise Forbidden("fund.not-yours", Text(ko="기금을 연결할 권한이 없습니다.", en="You may not bind funds here."))
    if money not in (known := money_of(programme)):
        raise Flawed("fund.money", _NO_MONEY.format(given=money[:80], known=", ".join(known) or "–"))
    before = ProgrammeFund.objects.filter(programme=programme, money=money).first()
    bound, _ = ProgrammeFund.objects.update_or_create(
        programme=programme, money=money, defaults={"fund": fund, "bound_by": by}
    )
    record("programme.fund", bound, before=_told(before) if before else None, after=_told(bound), actor=by)
    return bound


def money_of(programme: Programme) -> list[str]:
    """The types of money that a programme gives, in the order of its stages."""
    gives = (give for stage in blueprint_of(programme).stages for give in stage.gives if isinstance(give, Paying))
    return list(dict.fromkeys(give.type for give in gives))


def _told(bound: ProgrammeFund) -> dict[str, object]:
    return {"programme": bound.programme.slug, "money": bound.money, "fund": bound.fund_id}


PURPOSE = "given:"
WHAT = "{slug} · "  # how people read whose commitment it is; a programme's payments are found by it


@on(PaymentPaid)
def note_what_was_paid(fact: PaymentPaid) -> None:
    """A give of money is done when the last of its payments has left."""
    commitment = Commitment.objects.get(pk=fact.commitment)
    if commitment.state == CommitmentState.PAID and commitment.purpose.startswith(PURPOSE):
        given = Given.objects.filter(pk=commitment.purpose.removeprefix(PURPOSE), state=GivenState.DUE)
        given.update(state=GivenState.DONE, done_at=clock.now())


@on(CommitmentReleased)
def note_what_was_released(fact: CommitmentReleased) -> None:
    """A give whose money went back: revoked where none of it was paid, else done with what was."""
    commitment = Commitment.objects.get(pk=fact.commitment)
    if not commitment.purpose.startswith(PURPOSE):
        return
    given = Given.objects.get(pk=commitment.purpose.removeprefix(PURPOSE))
    details = {**given.details, "released": fact.amount, "reason": commitment.reason}
    state = GivenState.DONE if commitment.paid else GivenState.REVOKED
    done_at = clock.now() if commitment.paid else given.done_at
    if given.state == GivenState.DUE:
        move(given, state, by=GIVEN_MOVES, details=details, done_at=done_at)


def _by_fund(programme: Programme, gives: Sequence[Given]) -> dict[Fund, list[Given]]:
    bound = {row.money: row.fund for row in ProgrammeFund.objects.filter(programme=programme).select_related("fund")}
    found: dict[Fund, list[Given]] = {}
    for given in gives:
        fund = bound.get(given.name)
        if fund is not None and given.amount:
            if fund.currency != given.currency:
                sentence = Text(ko="기금의 통화가 다릅니다: {a} ≠ {b}", en="The fund is in {a}, the money in {b}.")
                raise Refused("fund.currency", sentence.format(a=fund.currency, b=given.currency))
            found.setdefault(fund, []).append(given)
    return found


def _promise(programme: Programme, given: Given) -> Promise:
    """The whole amount for one purpose, with every instalment's shares as dues."""
    return Promise(
        purpose=f"{PURPOSE}{given.pk}",
        what=f"{WHAT.format(slug=programme.slug)}{given.name}",
        amount=given.amount or 0,
        dues=tuple(_dues(programme, given)),
    )


def _dues(programme: Programme, given: Given) -> list[Due]:
    shares = [share for share in given.details["shares"] if share["amount"]]
    payees = _payees(shares)
    count = int(given.details["instalments"])
    days = _days(programme, count, given.details["every"])
    return [
        Due(payee, share["amount"], day, number, count)
        for number, day in enumerate(days, start=1)
        for payee, share in zip(payees, shares, strict=True)
    ]


def _payees(shares: Sequence[dict[str, str]]) -> list[Person | Organisation]:
    people = Person.objects.in_bulk([UUID(s["person"]) for s in shares if "person" in s])
    places = Organisation.objects.in_bulk([UUID(s["organisation"]) for s in shares if "organisation" in s])
    return [people[UUID(s["person"])] if "person" in s else places[UUID(s["organisation"])] for s in shares]


def _days(programme: Programme, count: int, every: str) -> list[date]:
    """The day of each instalment: today, then one ``every`` later; the 31st stays the 31st where a month has one."""
    zone, first = ZoneInfo(programme.zone), clock.now()
    length = duration(every)
    moments = [first]
    if length is not None:
        moments += [add(first, Duration(length.number * number, length.unit), zone) for number in range(1, count)]
    return [moment.astimezone(zone).date() for moment in moments]
