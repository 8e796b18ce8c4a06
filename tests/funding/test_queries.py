"""Reading funds: who sees which payments, and who is the second person of one."""

from datetime import timedelta

import pytest

from dure.funding.operations import approve, cancel, commit, pay
from dure.funding.promises import Due, Promise
from dure.funding.queries import payments_of
from dure.funding.rules import is_second, may_run_fund, may_see_fund, may_see_payment
from tests.factories import make_admin, make_member, make_operator, make_organisation, make_person
from tests.funding.conftest import DAY


@pytest.fixture
def payments(fund, winner, runner, second):
    """Four instalments: paid, cancelled, and two still proposed."""
    days = [DAY + timedelta(days=30 * n) for n in range(4)]
    dues = tuple(Due(winner, 10, day, n, 4) for n, day in enumerate(days, start=1))
    all_ = list(commit(fund, Promise("scholar/1", "scholarship", 40, dues), by=runner).payments.order_by("number"))
    pay(approve(all_[0], by=second), reference="bank-1")
    cancel(all_[1], reason="wrong", by=runner)
    return all_


def test_a_payee_sees_what_was_and_will_be_paid(payments, winner, second):
    assert list(payments_of(winner)) == [payments[0], *payments[2:]]
    assert list(payments_of(second)) == []


def test_an_organisation_sees_its_own_payments(fund, payments, lab):
    own = commit(fund, Promise("seed", "seed money", 5, (Due(lab, 5, DAY),))).payments.get()

    assert list(payments_of(lab)) == [own]


def test_a_list_of_payments_is_one_query(payments, winner, django_assert_num_queries):
    with django_assert_num_queries(1):
        [(payment.payee, payment.commitment.fund.currency) for payment in payments_of(winner)]


def test_who_may_do_what(payments, fund, runner, second, winner):
    member, stranger, operator = make_member(fund.organisation).person, make_person(), make_operator()
    other_admin = make_admin(make_organisation("elsewhere"))
    people = {
        "runner": runner,
        "second": second,
        "winner": winner,
        "member": member,
        "stranger": stranger,
        "operator": operator,
        "other": other_admin,
    }

    def allowed(rule, thing):
        return {name for name, person in people.items() if rule(person, thing)}

    assert allowed(may_see_fund, fund) == {"runner", "second", "member", "operator"}
    assert allowed(may_run_fund, fund) == {"runner", "second", "operator"}
    assert allowed(is_second, payments[2]) == set(people) - {"runner", "winner"}
    assert allowed(may_see_payment, payments[2]) == {"runner", "second", "winner", "operator"}


def test_somebody_who_was_shut_out_sees_nothing(payments, winner):
    winner.is_active = False

    assert not may_see_payment(winner, payments[2])


def test_those_who_look_after_a_paid_organisation_see_its_payment(fund, second):
    start_up = make_organisation("start-up", kind="startup")
    payment = commit(fund, Promise("seed", "seed money", 5, (Due(start_up, 5, DAY),))).payments.get()

    assert may_see_payment(make_admin(start_up), payment)
    assert not may_see_payment(make_member(start_up).person, payment)
