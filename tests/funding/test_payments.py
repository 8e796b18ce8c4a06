"""A payment's way: two persons, one movement, whatever happens at the same time."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from dure.audit.operations import erase_texts, seal
from dure.audit.queries import history, verify
from dure.core.errors import Refused
from dure.core.events import on
from dure.funding.events import PaymentApproved, PaymentCancelled, PaymentPaid
from dure.funding.models import PAYMENT_MOVES, CommitmentState, Payment, PaymentState
from dure.funding.operations import approve, cancel, commit, open_fund, pay, propose
from dure.funding.promises import Due, Promise
from dure.funding.queries import awaiting_payment
from dure.ledger.models import Journal
from dure.ledger.queries import balance
from tests.factories import make_admin, make_organisation, make_person
from tests.funding.conftest import DAY


@pytest.fixture
def payment(fund, prize, runner):
    return commit(fund, prize(), by=runner).payments.get()


def test_a_payment_approved_and_paid_reaches_the_payee(payment, fund, second, winner):
    pay(approve(payment, by=second), reference="bank-7", by=second)

    payment.refresh_from_db()
    assert (payment.state, payment.approved_by, payment.reference) == (PaymentState.PAID, second, "bank-7")
    assert payment.approved_at <= payment.paid_at
    assert (balance(winner, code="received", unit="KRW"), awaiting_payment(fund)) == (300, 0)
    payment.commitment.refresh_from_db()
    assert payment.commitment.state == CommitmentState.PAID
    assert [row.action for row in history(payment)] == ["funding.payment.paid", "funding.payment.approved"]


def test_an_organisation_is_paid_like_a_person(fund, second):
    start_up = make_organisation("start-up", kind="startup")
    commitment = commit(fund, Promise("seed/1", "seed money", 500, (Due(start_up, 500, DAY),)))

    pay(approve(commitment.payments.get(), by=second), reference="bank-8")

    assert balance(start_up, code="received", unit="KRW") == 500


def test_whoever_proposed_does_not_approve(payment, runner):
    with pytest.raises(Refused) as refusal:
        approve(payment, by=runner)

    payment.refresh_from_db()
    assert (refusal.value.code, payment.state) == ("funding.second-person", PaymentState.PROPOSED)


def test_whoever_is_paid_does_not_approve(payment, winner):
    with pytest.raises(Refused) as refusal:
        approve(payment, by=winner)

    assert refusal.value.code == "funding.second-person"


@pytest.mark.parametrize("who", ["runner", "winner"])
def test_the_database_itself_wants_a_second_person(payment, request, who):
    somebody = request.getfixturevalue(who)

    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(state="approved", approved_by=somebody)


def test_the_database_itself_wants_an_approval(payment):
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(state="paid")


def test_what_is_not_approved_is_not_paid(payment, fund):
    with pytest.raises(Refused, match="proposed cannot become paid"):
        pay(payment, reference="bank-7")

    assert awaiting_payment(fund) == 300


def test_a_payment_is_paid_once(payment, second, winner):
    stale = Payment.objects.get(pk=pay(approve(payment, by=second), reference="bank-7").pk)
    stale.state = PaymentState.APPROVED

    with pytest.raises(Refused) as refusal:
        pay(stale, reference="bank-7")

    assert (refusal.value.code, balance(winner, code="received", unit="KRW")) == ("state.changed", 300)


def test_a_cancelled_payment_leaves_its_money_to_be_proposed_anew(payment, fund, runner, winner):
    cancel(payment, reason="wrong account", by=runner)

    again = propose(payment.commitment, Due(winner, 300, DAY), by=runner)

    payment.commitment.refresh_from_db()
    assert (payment.state, payment.reason, again.state) == ("cancelled", "wrong account", "proposed")
    assert (payment.commitment.planned, awaiting_payment(fund)) == (300, 300)


def test_more_than_is_left_to_plan_is_refused(payment, runner, winner):
    with pytest.raises(Refused) as refusal:
        propose(payment.commitment, Due(winner, 1, DAY, 2, 2), by=runner)

    assert refusal.value.facts == {"planned": 301, "amount": 300}


def test_an_instalment_of_a_payee_is_proposed_once(fund, runner, winner):
    commitment = commit(fund, Promise("scholar/1", "scholarship", 300))
    propose(commitment, Due(winner, 100, DAY, 1, 3), by=runner)

    with pytest.raises(Refused) as refusal:
        propose(commitment, Due(winner, 100, DAY, 1, 3), by=runner)

    commitment.refresh_from_db()
    assert (refusal.value.code, commitment.planned) == ("funding.instalment", 100)


@pytest.mark.parametrize("state", PaymentState)
@pytest.mark.parametrize("step", ["approve", "pay", "cancel"])
def test_only_the_steps_on_the_map_can_be_taken(payment, runner, second, state, step):
    states = {"approve": PaymentState.APPROVED, "pay": PaymentState.PAID, "cancel": PaymentState.CANCELLED}
    Payment.objects.filter(pk=payment.pk).update(
        state=state, approved_by=None if state == PaymentState.PROPOSED else second
    )
    payment.refresh_from_db()
    take = {
        "approve": lambda: approve(payment, by=second),
        "pay": lambda: pay(payment, reference="bank-7"),
        "cancel": lambda: cancel(payment, reason="wrong", by=runner),
    }[step]

    if states[step] in PAYMENT_MOVES.get(state, ()):
        assert take().state == states[step]
    else:
        with pytest.raises(Refused) as refusal:
            take()
        assert refusal.value.code == "state.move"


def test_facts_are_told(payment, fund, winner, runner, second):
    told = []
    for kind in (PaymentApproved, PaymentPaid, PaymentCancelled):
        on(kind)(told.append)
    other = commit(fund, Promise("other", "prize", 5, (Due(winner, 5, DAY),))).payments.get()

    pay(approve(payment, by=second), reference="bank-7")
    cancel(other, reason="wrong", by=runner)

    assert told == [
        PaymentApproved(payment.pk, payment.commitment_id),
        PaymentPaid(payment.pk, payment.commitment_id, 300, "KRW"),
        PaymentCancelled(other.pk, other.commitment_id, "wrong"),
    ]


def test_what_the_log_tells_about_a_payee_can_be_erased(payment, second, winner):
    pay(approve(payment, by=second), reference="bank-7")

    erase_texts(winner)
    assert {hasattr(row, "text") for row in history(payment)} == {False}
    while seal():
        pass
    assert verify().sound


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_and_two_who_pay_at_once_one_of_each_wins():
    lab = make_organisation("lab")
    fund, winner = open_fund(lab, name="Prizes", amount=1000), make_person()
    payment = commit(fund, Promise("final", "prize", 300, (Due(winner, 300, DAY),))).payments.get()
    approvers = [make_admin(lab) for _ in range(4)]

    approvals = _at_once(lambda n: approve(Payment.objects.get(pk=payment.pk), by=approvers[n]))
    payments = _at_once(lambda n: pay(Payment.objects.get(pk=payment.pk), reference=f"bank-{n}"))

    assert [sorted(outcome == "done" for outcome in outcomes) for outcomes in (approvals, payments)] == [
        [False, False, False, True],
        [False, False, False, True],
    ]
    assert balance(winner, code="received", unit="KRW") == 300
    assert Journal.objects.filter(what="funding.paid").count() == 1


def _at_once(work):
    outcomes = []
    start = threading.Barrier(4)

    def run(n):
        start.wait()
        try:
            work(n)
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
