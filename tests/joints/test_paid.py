"""Money given is done when the last of its payments has left."""

import pytest

from dure.funding.models import Commitment, Payment
from dure.funding.operations import approve, open_fund, pay, release
from dure.jobs.worker import drain
from dure.joints.gives.money import bind_fund
from dure.joints.stages.recorded import record_evidence
from dure.programmes.models import Given
from dure.programmes.operations.entering import enter
from dure.programmes.operations.publishing import make_programme, open_programme, publish
from tests.factories import make_operator, make_organisation, make_person

pytestmark = pytest.mark.django_db(transaction=True)

SOURCE = """
blueprint: paid
title: {en: Paid, ko: 지급}
subject: person
parties:
  host: {kind: company}
stages:
  - id: apply
    kind: form
    entry: open
    do: {ask: [motive]}
    gives: [{money: {type: stipend, amount: 1000, months: 2, from: host}}]
"""


def _with_a_stipend():
    host = make_organisation("host")
    programme = make_programme(SOURCE, slug="paid", by=make_operator())
    bind_fund(programme, "stipend", fund=open_fund(host, name="stipend", amount=2000), by=programme.made_by)
    publish(programme)
    open_programme(programme)
    person = make_person()
    record_evidence(enter(programme, "apply", person=person), {"motive": "x"}, by=person)
    drain()
    return programme


def test_give_is_done_when_its_last_instalment_is_paid():
    programme = _with_a_stipend()

    states = []
    for number, payment in enumerate(Payment.objects.order_by("due", "pk")):
        approve(payment, by=programme.made_by)
        pay(payment, reference=f"bank {number}")
        states.append(Given.objects.get().state)

    assert states == ["due", "done"]


def test_give_is_revoked_when_its_money_goes_back_unpaid():
    programme = _with_a_stipend()

    release(Commitment.objects.get(), reason="left the course", by=programme.made_by)

    given = Given.objects.get()
    assert (given.state, given.details["released"], given.details["reason"]) == ("revoked", 2000, "left the course")


def test_give_is_done_with_what_was_paid_when_the_rest_goes_back():
    programme = _with_a_stipend()
    first = Payment.objects.order_by("due", "pk")[0]
    pay(approve(first, by=programme.made_by), reference="bank")

    release(Commitment.objects.get(), reason="left the course", by=programme.made_by)

    given = Given.objects.get()
    assert (given.state, given.details["released"]) == ("done", 1000)
