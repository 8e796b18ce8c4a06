"""What the joints do with what is given: recorded, paid from a fund, seated, or grown into another programme."""

import pytest

from dure.blueprint.library import Library
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.funding.models import Commitment, Payment
from dure.funding.operations import open_fund
from dure.joints.gives.money import bind_fund
from dure.joints.gives.recorded import confirm, revoke
from dure.people.models import Invitation
from dure.programmes.models import Given, Programme, Seat
from tests.factories import make_organisation, make_person
from tests.programmes.build import HEAD, at, exam, holder, live

pytestmark = pytest.mark.django_db
BADGE = ", gives: [{credential: {name: Badge, type: badge}}]"


def prize(**fields):
    written = ", ".join(f"{key}: {value}" for key, value in fields.items())
    return f", gives: [{{money: {{type: prize, from: host, {written}}}}}]"


# --- recorded ----------------------------------------------------------------------------------------------------


def test_what_is_due_is_confirmed_by_an_operator_with_a_note():
    found = live(exam(more=BADGE))
    found.scored(1)
    given = Given.objects.get()
    due = given.state, given.via

    done = confirm(given, by=found.seats["clerk"], note="printed and sent")

    assert due == ("due", "recorded")
    assert (done.state, done.done_by, done.details["note"]) == ("done", found.seats["clerk"], "printed and sent")


def test_only_operators_confirm_and_revoke_and_each_once():
    found = live(exam(more=BADGE))
    turn = found.scored(1)[0]
    given = Given.objects.get()

    for act in (confirm, lambda given, by: revoke(given, by=by, reason="no")):
        with pytest.raises(Forbidden):
            act(given, by=holder(turn))
    revoked = revoke(given, by=found.operator, reason="a mistake")
    assert (revoked.state, revoked.details["revoked"]) == ("revoked", "a mistake")
    with pytest.raises(Refused) as refused:
        confirm(given, by=found.operator)
    assert refused.value.code == "state.move"


# --- money -------------------------------------------------------------------------------------------------------


def test_money_without_a_fund_is_recorded_and_paid_outside():
    found = live(exam(more=prize(amount=100)))

    found.scored(1)

    assert (Given.objects.get().via, Commitment.objects.count()) == ("recorded", 0)


def test_money_of_a_fund_is_committed_for_its_one_purpose():
    found = live(exam(more=prize(amount=100)))
    fund = found.fund("prize", 250)

    found.scored(1, 1)

    amounts = Commitment.objects.order_by("pk").values_list("fund", "amount", "purpose")
    assert list(amounts) == [(fund.pk, 100, f"given:{given.pk}") for given in Given.objects.order_by("pk")]
    assert set(Given.objects.values_list("via", flat=True)) == {"fund"}


def test_money_that_a_fund_pays_is_neither_confirmed_nor_revoked_by_hand():
    found = live(exam(more=prize(amount=100)))
    found.fund("prize", 100)
    found.scored(1)
    given = Given.objects.get()

    for act in (confirm, lambda given, by: revoke(given, by=by, reason="no")):
        with pytest.raises(Refused) as refused:
            act(given, by=found.operator)
        assert refused.value.code == "give.of-a-fund"
    assert (given.state, Payment.objects.get().state) == ("due", "proposed")


def test_instalments_are_due_on_their_days():
    clock.set_clock(at("2027-01-31T12:00:00+09:00"))
    found = live(exam(more=prize(amount=100, months=3)))
    found.fund("prize", 300)

    turn = found.scored(1)[0]

    due = [(p.person, p.amount, str(p.due), p.number, p.of) for p in Payment.objects.order_by("number")]
    assert due == [
        (holder(turn), 100, "2027-01-31", 1, 3),
        (holder(turn), 100, "2027-02-28", 2, 3),
        (holder(turn), 100, "2027-03-31", 3, 3),
    ]


def test_a_short_fund_refuses_the_verdict_and_the_job_tries_again():
    found = live(exam(more=prize(amount=100)))
    fund = found.fund("prize", 99)

    turn = found.scored(1)[0]

    assert (turn.state, Given.objects.count(), fund.commitments.count()) == ("handed-in", 0, 0)


def test_a_fund_is_bound_by_an_operator_and_in_the_currency_of_the_money():
    found = live(exam("{rank: {by: score, take: 1}}", prize(amount=100, currency="USD")))
    fund = open_fund(found.parties["host"], name="Prizes", amount=500)
    with pytest.raises(Forbidden):
        bind_fund(found.programme, "prize", fund=fund, by=found.seats["head"])
    with pytest.raises(Flawed, match=r"gives no such money: bonus\. It gives: prize"):
        bind_fund(found.programme, "bonus", fund=fund, by=found.seats["clerk"])
    bind_fund(found.programme, "prize", fund=fund, by=found.seats["clerk"])
    found.scored(1)

    with pytest.raises(Refused) as refused:
        found.settle()

    assert refused.value.code == "fund.currency"


# --- roles -------------------------------------------------------------------------------------------------------


def test_a_role_that_is_given_is_a_seat_and_a_seat_that_is_there_is_kept():
    found = live(exam(more=", gives: [{role: {role: judge}}]"))
    new, sitting = make_person(), found.seats["judge"]

    for person in (new, sitting):
        found.enter_and_hand_in("exam", by=person, score=1)

    seats = Seat.objects.filter(role="judge").order_by("pk").values_list("person", "organisation")
    assert list(seats) == [(person.pk, found.parties["host"].pk) for person in (sitting, new)]
    assert list(Given.objects.values_list("state", "via")) == [("done", "seat")] * 2


# --- programmes that grow out of others --------------------------------------------------------------------------


def test_a_spawned_programme_is_a_draft_with_its_persons_invited_and_parties_bound():
    found = live(exam(more=", gives: [{spawn: {blueprint: reskilling-path, as: next}}]"))
    person = make_person()

    found.enter_and_hand_in("exam", by=person, score=1)

    given = Given.objects.get()
    draft = Programme.objects.get(slug=given.details["programme"])
    source = Library.around(()).source("blueprint", "reskilling-path")
    assert (given.state, draft.state, draft.made_by) == ("done", "draft", found.operator)
    assert draft.source == (source or b"").decode()
    assert [(i.email, i.purpose, i.subject) for i in Invitation.objects.all()] == [
        (person.email, "programme", str(draft.pk))
    ]


def test_a_spawned_programme_takes_over_the_parties_of_the_same_name():
    head = HEAD.replace("host:", "provider:").replace("at: host", "at: provider")
    stage = exam(more=", gives: [{spawn: {blueprint: reskilling-path}}]")
    organisation = make_organisation()
    found = live(stage, head=head, parties={"provider": organisation})

    found.scored(1)

    draft = Programme.objects.get(slug=Given.objects.get().details["programme"])
    assert [(party.key, party.organisation) for party in draft.parties.all()] == [("provider", organisation)]
