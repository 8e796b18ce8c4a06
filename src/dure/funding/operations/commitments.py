"""Setting money aside for a purpose, once, all or nothing; and giving back what is not needed."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import F

from dure.audit.operations import Part, record, record_many
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.funding import books
from dure.funding.events import CommitmentMade, CommitmentReleased
from dure.funding.models import (
    COMMITMENT_MOVES,
    UNPAID,
    Commitment,
    CommitmentState,
    Fund,
    FundLine,
    FundState,
    Payment,
    PaymentState,
)
from dure.funding.operations.locks import line_of, locked_commitment, locked_fund, refuse_closed
from dure.funding.promises import Due, Promise
from dure.funding.queries import preview
from dure.ledger.models import Journal
from dure.ledger.operations import post
from dure.people.models import Organisation, Person
from dure.store.models import move


def commit(fund: Fund, promise: Promise, *, by: Person | None = None) -> Commitment:
    """Set money aside for one purpose; see ``commit_all``."""
    return commit_all(fund, [promise], by=by)[0]


@transaction.atomic
def commit_all(fund: Fund, promises: Sequence[Promise], *, by: Person | None = None) -> list[Commitment]:
    """Set money aside for all ``promises`` by one journal, or for none of them; their dues become proposed payments.

    A purpose that is committed already keeps its commitment, so that a repeated call gives the same answer.
    Refused as ``funding.short`` (needed, available) when the fund, or a line, lacks the money for what is new.
    ``by`` proposes the payments; left out: a programme's verdict does.
    """
    for promise in promises:
        _check(promise)
    fund = locked_fund(fund)
    standing = _standing(fund, promises)
    fresh = {promise.purpose: promise for promise in promises if promise.purpose not in standing}
    if fresh:
        refuse_closed(fund)
        standing |= _committed(fund, list(fresh.values()), by)
    return [standing[promise.purpose] for promise in promises]


def _check(promise: Promise) -> None:
    for due in promise.dues:
        books.checked(due.amount)
    if len({(due.payee, due.number) for due in promise.dues}) < len(promise.dues):
        raise instalment_twice(promise.purpose)
    planned = sum(due.amount for due in promise.dues)
    if planned > books.checked(promise.amount):
        raise overplanned(planned, promise.amount)


def instalment_twice(purpose: str) -> Refused:
    sentence = Text(
        ko="같은 수령자에게 같은 회차의 지급이 이미 있습니다. 다른 회차로 적으세요.",
        en="This payee has this instalment already. Give it another number.",
    )
    return Refused("funding.instalment", sentence, purpose=purpose)


def overplanned(planned: int, amount: int) -> Refused:
    sentence = Text(
        ko=f"지급 계획 {planned:,}이 배정액 {amount:,}보다 많습니다. 지급액을 줄이세요.",
        en=f"The payments come to {planned:,}, more than the {amount:,} committed. Plan less.",
    )
    return Refused("funding.overplanned", sentence, planned=planned, amount=amount)


def _standing(fund: Fund, promises: Sequence[Promise]) -> dict[str, Commitment]:
    wanted: dict[str, tuple[object, ...]] = {}
    for promise in promises:
        asked = (fund.pk, promise.amount, promise.line)
        if wanted.setdefault(promise.purpose, asked) != asked:
            raise _other(promise.purpose)
    standing = Commitment.objects.select_related("line").in_bulk(list(wanted), field_name="purpose")
    for purpose, commitment in standing.items():
        if wanted[purpose] != (commitment.fund_id, commitment.amount, commitment.line and commitment.line.name):
            raise _other(purpose)
    return standing


def _other(purpose: str) -> Refused:
    sentence = Text(
        ko="같은 용도로 내용이 다른 배정이 이미 있습니다. 기존 배정을 확인하세요.",
        en="Money is committed for this purpose already, on other terms. Look at that commitment first.",
    )
    return Refused("funding.purpose", sentence, purpose=purpose)


def _committed(fund: Fund, promises: list[Promise], by: Person | None) -> dict[str, Commitment]:
    seen = preview(fund, [promise.amount for promise in promises])
    if seen.short:
        raise books.short(fund, needed=seen.due, available=seen.available)
    lines = _use_lines(fund, promises)
    made = [_commitment(fund, promise, lines) for promise in promises]
    journal = _set_aside(fund, seen.due, made)
    for commitment in made:
        commitment.journal = journal
    _save(made)
    pairs = list(zip(made, promises, strict=True))
    Payment.objects.bulk_create(payment_of(one, due, by) for one, promise in pairs for due in promise.dues)
    record_many("funding.committed", fund, parts=[Part(one, after=_told(promise)) for one, promise in pairs], actor=by)
    for one in made:
        publish(CommitmentMade(one.pk, one.purpose, one.amount, fund.currency))
    return {one.purpose: one for one in made}


def _save(made: list[Commitment]) -> None:
    try:
        with transaction.atomic():
            Commitment.objects.bulk_create(made)
    except IntegrityError as clash:  # another fund was faster: this one's lock does not bind it
        taken = Commitment.objects.in_bulk([one.purpose for one in made], field_name="purpose")
        raise _other(", ".join(taken)) from clash


def _use_lines(fund: Fund, promises: Iterable[Promise]) -> dict[str, FundLine]:
    needed: Counter[str] = Counter()
    for promise in promises:
        if promise.line is not None:
            needed[promise.line] += promise.amount
    lines = {name: line_of(fund, name) for name in needed}
    for name, line in sorted(lines.items()):
        within = FundLine.objects.filter(pk=line.pk, used__lte=F("amount") - needed[name])
        if not within.update(used=F("used") + needed[name]):
            raise books.short(fund, needed=needed[name], available=line.amount - line.used)
    return lines


def _commitment(fund: Fund, promise: Promise, lines: dict[str, FundLine]) -> Commitment:
    return Commitment(
        fund=fund,
        line=lines[promise.line] if promise.line is not None else None,
        purpose=promise.purpose,
        what=promise.what,
        amount=promise.amount,
        planned=sum(due.amount for due in promise.dues),
    )


def _set_aside(fund: Fund, amount: int, made: Sequence[Commitment]) -> Journal:
    moved = [(books.free(fund), -amount), (books.committed(fund), amount)]
    return post(moved, what="funding.committed", key=f"funding.committed:{made[0].pk}", reference=made[0].purpose)


def payment_of(commitment: Commitment, due: Due, by: Person | None) -> Payment:
    """The payment that ``due`` asks for, not saved."""
    payee = {"organisation": due.payee} if isinstance(due.payee, Organisation) else {"person": due.payee}
    return Payment(
        commitment=commitment,
        amount=due.amount,
        number=due.number,
        of=due.of,
        due=due.on,
        proposed_by=by,
        **payee,
    )


def _told(promise: Promise) -> dict[str, object]:
    dues = [[str(due.payee.pk), due.amount, due.on] for due in promise.dues]
    return {"purpose": promise.purpose, "amount": promise.amount, "line": promise.line, "dues": dues}


@transaction.atomic
def release(commitment: Commitment, *, reason: str, by: Person | None = None) -> Commitment:
    """Give back to the fund what was not paid; payments still to come are cancelled for the same ``reason``."""
    commitment = locked_commitment(commitment)
    if Fund.objects.filter(source=commitment, state=FundState.OPEN).exists():
        sentence = Text(
            ko="이 배정으로 연 예산이 아직 열려 있습니다. 그 예산을 먼저 닫으세요.",
            en="The budget opened on this commitment is still open. Close it first.",
        )
        raise Refused("funding.budget-open", sentence)
    rest = commitment.amount - commitment.paid
    move(commitment, CommitmentState.RELEASED, by=COMMITMENT_MOVES, planned=commitment.paid, reason=reason)
    commitment.payments.filter(state__in=UNPAID).update(state=PaymentState.CANCELLED, reason=reason)
    if commitment.line_id:
        FundLine.objects.filter(pk=commitment.line_id).update(used=F("used") - rest)
    fund = commitment.fund
    moved = [(books.committed(fund), -rest), (books.free(fund), rest)]
    post(moved, what="funding.released", key=f"funding.released:{commitment.pk}", reference=commitment.purpose)
    record("funding.released", commitment, after={"returned": rest, "reason": reason}, actor=by)
    publish(CommitmentReleased(commitment.pk, commitment.purpose, rest, fund.currency))
    return commitment
