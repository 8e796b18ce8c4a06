"""Setting money aside: once for each purpose, whole or not at all, never more than there is."""

import threading
import time

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dure.audit.operations import seal
from dure.audit.queries import history, proof, verify
from dure.core.errors import Missing, Refused
from dure.core.events import on
from dure.funding.events import CommitmentMade, CommitmentReleased
from dure.funding.models import Commitment, CommitmentState, FundLine, Payment, PaymentState
from dure.funding.operations import approve, cancel, close_fund, commit, commit_all, open_fund, pay, propose, release
from dure.funding.promises import Due, Promise
from dure.funding.queries import available, awaiting_payment, paid_out, preview
from dure.ledger.models import Journal
from dure.ledger.queries import drifted, unbalanced
from tests.factories import make_organisation, make_person
from tests.funding.conftest import DAY


def _promises(count, amount=1):
    return [Promise(f"turn/{n}/prize", "prize", amount) for n in range(count)]


def test_money_set_aside_is_no_longer_available(fund, prize, winner):
    commitment = commit(fund, prize())

    payment = commitment.payments.get()
    assert (available(fund), awaiting_payment(fund)) == (700, 300)
    assert (payment.payee, payment.amount, payment.due, payment.state) == (winner, 300, DAY, PaymentState.PROPOSED)
    assert [row.action for row in history(commitment)] == ["funding.committed"]


def test_the_same_purpose_is_committed_once(fund, prize):
    first, second = commit(fund, prize()), commit(fund, prize())

    assert first == second
    assert (available(fund), Payment.objects.count()) == (700, 1)


def test_the_same_purpose_on_other_terms_is_refused(fund, prize):
    commit(fund, prize())

    with pytest.raises(Refused) as refusal:
        commit(fund, prize(amount=301))
    assert (refusal.value.code, refusal.value.facts) == ("funding.purpose", {"purpose": "final/prize"})

    with pytest.raises(Refused, match="on other terms"):
        commit_all(fund, [prize(1, "twice"), prize(2, "twice")])


def test_a_batch_that_is_repeated_adds_only_what_is_new(fund):
    first = commit_all(fund, _promises(3))

    second = commit_all(fund, _promises(5))

    assert second[:3] == first
    assert (available(fund), Journal.objects.filter(what="funding.committed").count()) == (995, 2)


def test_a_batch_is_refused_whole_when_the_money_is_short(fund):
    with pytest.raises(Refused) as refusal:
        commit_all(fund, _promises(6, amount=200))

    facts = {"needed": 1200, "available": 1000, "currency": "KRW"}
    assert (refusal.value.code, refusal.value.facts) == ("funding.short", facts)
    assert "1,200 KRW" in refusal.value.text.ko
    assert (Commitment.objects.count(), available(fund), awaiting_payment(fund)) == (0, 1000, 0)


def test_a_preview_tells_beforehand_what_is_short(fund):
    assert [preview(fund, amounts) for amounts in ([400, 600], [400, 700], [])] == [
        (1000, 1000, 0),
        (1100, 1000, 100),
        (0, 1000, 0),
    ]


def test_a_line_is_kept_to(lab):
    fund = open_fund(lab, name="Grant", amount=1000, lines={"staff": 600, "travel": 400})
    commit(fund, Promise("trip/1", "trip", 300, line="travel"))

    with pytest.raises(Refused) as refusal:
        commit_all(fund, [Promise("pay/1", "pay", 100, line="staff"), Promise("trip/2", "trip", 101, line="travel")])

    assert refusal.value.facts == {"needed": 101, "available": 100, "currency": "KRW"}
    assert dict(FundLine.objects.values_list("name", "used")) == {"staff": 0, "travel": 300}
    assert available(fund) == 700


def test_a_line_that_the_fund_does_not_have_is_missing(fund):
    with pytest.raises(Missing) as missing:
        commit(fund, Promise("trip/1", "trip", 300, line="travel"))

    assert (missing.value.code, available(fund)) == ("funding.line", 1000)


@pytest.mark.parametrize("amount", [0, -5])
def test_no_and_negative_amounts_are_refused(fund, prize, amount):
    with pytest.raises(Refused) as refusal:
        commit(fund, prize(amount=amount))

    assert refusal.value.code == "funding.amount"


def test_payments_beyond_the_commitment_are_refused(fund, winner):
    with pytest.raises(Refused) as refusal:
        commit(fund, Promise("final/prize", "prize", 10, (Due(winner, 6, DAY, 1, 2), Due(winner, 5, DAY, 2, 2))))

    assert (refusal.value.code, refusal.value.facts) == ("funding.overplanned", {"planned": 11, "amount": 10})


def test_a_payee_has_each_instalment_once(fund, winner):
    with pytest.raises(Refused) as refusal:
        commit(fund, Promise("final/prize", "prize", 10, (Due(winner, 5, DAY), Due(winner, 5, DAY))))

    assert (refusal.value.code, available(fund)) == ("funding.instalment", 1000)


def test_a_purpose_of_another_fund_is_refused(lab, fund, prize):
    commit(fund, prize())

    with pytest.raises(Refused) as refusal:
        commit(open_fund(lab, name="Other", amount=1000), prize())
    assert refusal.value.code == "funding.purpose"


def test_release_gives_back_what_was_not_paid_and_cancels_the_rest(fund, winner, runner, second):
    dues = tuple(Due(winner, 100, DAY, n, 3) for n in (1, 2, 3))
    commitment = commit(fund, Promise("scholar/1", "scholarship", 300, dues))
    pay(approve(commitment.payments.get(number=1), by=second), reference="bank-1")

    release(commitment, reason="left the programme", by=runner)

    commitment.refresh_from_db()
    told = (commitment.state, commitment.planned, commitment.paid, commitment.reason)
    assert told == (CommitmentState.RELEASED, 100, 100, "left the programme")
    assert (available(fund), awaiting_payment(fund), paid_out(fund)) == (900, 0, 100)
    states = list(commitment.payments.order_by("number").values_list("state", flat=True))
    assert states == ["paid", "cancelled", "cancelled"]


def test_a_line_gets_back_what_was_released(lab):
    fund = open_fund(lab, name="Grant", amount=1000, lines={"staff": 600, "travel": 400})

    release(commit(fund, Promise("trip/1", "trip", 300, line="travel")), reason="cancelled")

    assert (available(fund), fund.lines.get(name="travel").used) == (1000, 0)


def test_a_commitment_is_released_once_and_takes_no_payment_after(fund, prize, runner, winner):
    commitment = release(commit(fund, prize()), reason="withdrawn")

    with pytest.raises(Refused, match="released cannot become released"):
        release(commitment, reason="again")
    with pytest.raises(Refused) as refusal:
        propose(commitment, Due(winner, 1, DAY), by=runner)
    assert (refusal.value.code, available(fund)) == ("funding.released", 1000)


def test_facts_are_told(fund, prize):
    told = []
    on(CommitmentMade)(told.append)
    on(CommitmentReleased)(told.append)

    commitment = release(commit(fund, prize()), reason="withdrawn")

    assert told == [
        CommitmentMade(commitment.pk, "final/prize", 300, "KRW"),
        CommitmentReleased(commitment.pk, "final/prize", 300, "KRW"),
    ]


def test_each_commitment_of_a_batch_is_proven_under_one_seal(fund):
    made = commit_all(fund, _promises(20))
    while seal():
        pass

    rows = [history(commitment).get() for commitment in made]
    assert all(step.holds() for row in rows for step in proof(row))
    assert len({row.head_id for row in rows}) == 1
    assert verify().sound


def test_ten_thousand_are_committed_by_one_journal(lab, winner):
    fund = open_fund(lab, name="Settlement", amount=10_000_000)
    promises = [Promise(f"turn/{n}", "prize", 1000, (Due(winner, 1000, DAY),)) for n in range(10_000)]

    started = time.monotonic()
    commit_all(fund, promises)
    seconds = time.monotonic() - started

    assert (available(fund), awaiting_payment(fund)) == (0, 10_000_000)
    assert (Commitment.objects.count(), Payment.objects.count()) == (10_000, 10_000)
    assert Journal.objects.filter(what="funding.committed").count() == 1
    assert seconds < 30


@pytest.mark.django_db(transaction=True)
def test_of_eight_batches_at_once_only_those_that_fit_are_made():
    fund = open_fund(make_organisation("lab"), name="Prizes", amount=1000)
    outcomes = []

    def settle(n):
        try:
            commit_all(fund, [Promise(f"{n}/{part}", "prize", 150) for part in range(2)])
            outcomes.append("made")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    _together(settle, range(8))

    assert sorted(outcomes) == ["funding.short"] * 5 + ["made"] * 3
    assert (available(fund), awaiting_payment(fund), Commitment.objects.count()) == (100, 900, 6)


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_settle_the_same_turn_all_get_the_one_commitment():
    fund = open_fund(make_organisation("lab"), name="Prizes", amount=1000)
    got = []

    def settle(_):
        try:
            got.append(commit(fund, Promise("final/prize", "prize", 300)).pk)
        finally:
            connection.close()

    _together(settle, range(8))

    assert (len(got), len(set(got)), available(fund)) == (8, 1, 700)


@pytest.mark.django_db(transaction=True)
def test_of_two_funds_that_settle_the_same_turn_at_once_one_wins():
    lab, outcomes = make_organisation("lab"), []
    funds = [open_fund(lab, name=f"Fund {n}", amount=1000) for n in range(4)]

    def settle(fund):
        try:
            commit(fund, Promise("final/prize", "prize", 300))
            outcomes.append("made")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    _together(settle, funds)

    assert sorted(outcomes) == ["funding.purpose"] * 3 + ["made"]
    assert sorted(available(fund) for fund in funds) == [700, 1000, 1000, 1000]


def _together(work, cases):
    threads = [threading.Thread(target=work, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


steps = st.lists(
    st.tuples(st.sampled_from(["commit", "pay", "cancel", "release"]), st.integers(0, 5), st.integers(1, 400)),
    max_size=15,
)


class WhateverIsDone(TestCase):
    @settings(deadline=None)  # the database sets the pace
    @given(steps)
    def test_what_is_free_committed_and_paid_always_comes_to_the_whole(self, done):
        fund = open_fund(make_organisation(), name="Prizes", amount=1000)
        payee, somebody = make_person(), make_person()
        for step, n, amount in done:
            commitment = Commitment.objects.filter(fund=fund, purpose=f"{n}").first()
            try:
                if step == "commit":
                    commit(fund, Promise(f"{n}", "prize", amount, (Due(payee, amount, DAY),)))
                elif commitment and step == "pay":
                    pay(approve(commitment.payments.get(), by=somebody), reference="bank")
                elif commitment and step == "cancel":
                    cancel(commitment.payments.get(), reason="why not", by=somebody)
                elif commitment:
                    release(commitment, reason="why not")
            except Refused as refusal:
                assert refusal.code in {"funding.short", "funding.purpose", "state.move"}  # noqa: PT017 -- any other is a bug

        paid = sum(Payment.objects.filter(state=PaymentState.PAID).values_list("amount", flat=True))
        assert available(fund) + awaiting_payment(fund) + paid == 1000
        assert (paid_out(fund), list(drifted()), list(unbalanced())) == (paid, [], [])

        for commitment in Commitment.objects.filter(fund=fund, state=CommitmentState.COMMITTED):
            release(commitment, reason="the end")
        close_fund(fund)

        assert (available(fund), awaiting_payment(fund), paid_out(fund)) == (0, 0, paid)
        assert (list(drifted()), list(unbalanced())) == ([], [])
