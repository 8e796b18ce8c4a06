"""Funds and payments through the API: a fund's own people run it, a second person approves."""

import pytest

from dure.funding.models import Fund
from dure.funding.operations import commit
from dure.funding.promises import Due, Promise
from dure.people.days import today
from tests.api.conftest import Caller
from tests.api.stories import Story
from tests.factories import make_admin, make_member, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db):
    """An organisation with two admins and a member."""
    organisation = make_organisation("acme")
    first, second = (Caller(make_admin(organisation)) for _ in range(2))
    return first, second, Caller(make_member(organisation).person)


def test_fund_is_opened_added_to_and_seen_by_its_organisation(house):
    first, _, member = house
    fund = first.post(
        "/funds", {"organisation": "acme", "name": "Prizes", "amount": 900, "lines": {"cash": 600, "travel": 300}}, 201
    )

    more = first.post(f"/funds/{fund['id']}/money", {"amount": 100, "line": "cash"}, 201)

    assert more["available"] == {"amount": 1000, "currency": "KRW"}
    assert more["lines"] == [
        {"name": "cash", "amount": 700, "used": 0},
        {"name": "travel", "amount": 300, "used": 0},
    ]
    assert member.get("/funds")["items"] == [more]
    assert member.post(f"/funds/{fund['id']}/money", {"amount": 1}, 403)["code"] == "fund.not-yours"
    assert Caller(make_person()).get(f"/funds/{fund['id']}", 404)["code"] == "fund.missing"


def test_closed_fund_takes_nothing(house):
    first, *_ = house
    fund = first.post("/funds", {"organisation": "acme", "name": "Prizes", "amount": 900}, 201)

    assert first.post(f"/funds/{fund['id']}/close")["state"] == "closed"
    assert first.post(f"/funds/{fund['id']}/money", {"amount": 1}, 409)["code"] == "funding.closed"


def test_what_was_committed_is_given_back_and_then_the_fund_is_closed(house):
    first, second, member = house
    fund = first.post("/funds", {"organisation": "acme", "name": "Prizes", "amount": 900}, 201)
    kept = Fund.objects.get(pk=fund["id"])
    payment = commit(kept, Promise("prize", "prize", 900, (Due(make_person(), 900, today()),))).payments.get()
    first.post(f"/payments/{payment.pk}/cancel", {"reason": "left"})
    (committed,) = member.get(f"/funds/{fund['id']}/commitments?state=committed")["items"]
    way = f"/commitments/{committed['id']}/release"

    codes = [
        first.post(f"/funds/{fund['id']}/close", status=409)["code"],
        member.post(way, {"reason": "left"}, 403)["code"],
        Caller(make_person()).post(way, {"reason": "left"}, 404)["code"],
    ]
    released = second.post(way, {"reason": "left"})

    assert codes == ["funding.commitments-open", "commitment.not-yours", "commitment.missing"]
    assert (released["state"], released["reason"]) == ("released", "left")
    assert first.post(f"/funds/{fund['id']}/close")["state"] == "closed"


def test_programme_pays_only_from_a_fund_that_the_operator_runs(house):
    first, *_ = house
    fund = first.post("/funds", {"organisation": "acme", "name": "Prizes", "amount": 900}, 201)
    story = Story.begin()
    bound = {"money": "prize", "fund": fund["id"]}

    assert story.clerk.post(f"{story.at}/funds", bound, 403)["code"] == "fund.not-yours"
    assert first.post(f"{story.at}/funds", bound, 404)["code"] == "programme.missing"
    assert story.root.post(f"{story.at}/funds", bound, 201) == {"programme": "small", **bound}


def test_prize_is_committed_approved_by_a_second_person_and_paid(house):
    first, second, member = house
    fund = first.post("/funds", {"organisation": "acme", "name": "Prizes", "amount": 500_000}, 201)
    place = f"/funds/{fund['id']}"
    story = Story.opened()
    story.root.post(f"{story.at}/funds", {"money": "prize", "fund": fund["id"]}, 201)
    story.judged()
    settled = story.clerk.post(f"{story.at}/stages/task/settlement", status=201)
    story.clerk.post(f"/settlements/{settled['id']}/release")
    [payment] = first.get(f"{place}/payments?state=proposed")["items"]
    one = f"/payments/{payment['id']}"

    outcomes = [
        member.call("post", f"{one}/approve").status_code,
        story.ada.call("post", f"{one}/approve").status_code,
        story.bo.call("post", f"{one}/approve").status_code,
        first.call("post", f"{one}/pay", {"reference": "B-1"}).status_code,
        second.call("post", f"{one}/approve").status_code,
        first.call("post", f"{one}/pay", {"reference": "B-1"}).status_code,
        first.call("post", f"{one}/cancel", {"reason": "late"}).status_code,
    ]

    assert outcomes == [404, 403, 404, 409, 200, 200, 409]
    assert (payment["money"], payment["person"]["name"]) == ({"amount": 500_000, "currency": "KRW"}, "Ada")
    [mine] = story.ada.get("/me/payments")["items"]
    assert (mine["state"], mine["reference"]) == ("paid", "B-1")
    assert first.get(place)["paid"] == {"amount": 500_000, "currency": "KRW"}


def test_settling_is_refused_while_the_fund_is_short(house):
    first, *_ = house
    fund = first.post("/funds", {"organisation": "acme", "name": "Prizes", "amount": 1}, 201)
    story = Story.opened()
    story.root.post(f"{story.at}/funds", {"money": "prize", "fund": fund["id"]}, 201)
    story.judged()

    problem = story.clerk.post(f"{story.at}/stages/task/settlement", status=409)

    assert (problem["code"], problem["facts"]) == ("funding.short", {"needed": 500_000, "available": 1})
