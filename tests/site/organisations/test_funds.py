"""An organisation's funds: opened, filled and closed by its administrators, seen by everybody who belongs there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dure.funding.models import Fund
from dure.funding.operations import commit, open_fund
from dure.funding.promises import Promise
from dure.funding.queries import available, standings
from dure.joints.gives.money import bind_fund
from tests.factories import make_admin, make_member
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
FUNDS = "/organisations/hanbit/funds/"


@pytest.fixture
def admin(world):
    return make_admin(world.host)


@pytest.fixture
def fund(world, admin) -> Fund:
    return open_fund(world.host, name="상금", amount=100, lines={"1등": 60, "2등": 40}, by=admin)


def test_a_fund_is_opened_with_budget_lines(world, admin) -> None:
    lines = "1등 상금: 1,500,000\r\n\r\n2등\t500000"
    sent = {"name": "상금", "amount": "2,000,000", "currency": "KRW", "lines": lines}

    answer = client_of(admin).post(f"{FUNDS}new/", sent)

    fund = Fund.objects.get()
    assert (answer.url, available(fund)) == (f"{FUNDS}{fund.pk}/", 2_000_000)
    assert list(fund.lines.order_by("pk").values_list("name", "amount")) == [("1등 상금", 1_500_000), ("2등", 500_000)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"lines": "1등 60"}, "lines"),
        ({"lines": "1등 much"}, "lines"),
        ({"lines": "1등 50\n1등 50"}, "lines"),
        ({"amount": "0"}, "amount"),
        ({"amount": "1.5"}, "amount"),
        ({"currency": "XXX"}, "currency"),
        ({"name": "상금"}, "name"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_written_stays(world, admin, fund, wrong, field) -> None:
    sent = {"name": "새 기금", "amount": "100", "currency": "KRW", "lines": "", **wrong}

    answer = client_of(admin).post(f"{FUNDS}new/", sent)

    assert (answer.status_code, set(answer.context["form"].errors)) == (200, {field})
    assert Fund.objects.count() == 1


def test_money_is_added_under_a_line(world, admin, fund) -> None:
    client = client_of(admin)

    client.post(f"{FUNDS}{fund.pk}/money/", {"amount": "1,000", "line": "2등"})
    unsaid = client.post(f"{FUNDS}{fund.pk}/money/", {"amount": "1,000", "line": "3등"})

    assert (available(fund), list(fund.lines.order_by("pk").values_list("amount", flat=True))) == (1_100, [60, 1_040])
    assert set(unsaid.context["form"].errors) == {"line"}


def test_a_fund_tells_what_it_is_committed_to_and_which_programmes_pay_from_it(world, admin, fund) -> None:
    bind_fund(world.programme, "prize", fund=fund, by=world.operator)
    commit(fund, Promise(purpose="x", what="field-ai-2026 · 상금", amount=60, line="1등"))

    seen = client_of(admin).get(f"{FUNDS}{fund.pk}/").context

    assert seen["standing"] == (40, 60, 0)
    assert [(one.what, one.amount, one.state) for one in seen["page"]] == [("field-ai-2026 · 상금", 60, "committed")]
    assert seen["programmes"] == [(world.programme, "상금")]


def test_a_fund_is_closed_once_nothing_waits_to_be_paid(world, admin, fund) -> None:
    client, empty = client_of(admin), open_fund(world.host, name="남은 돈", amount=5)
    commit(fund, Promise(purpose="x", what="x", amount=60, line="1등"))

    waits = client.get(f"{FUNDS}{fund.pk}/close/").context["unpaid"]
    refused = client.post(f"{FUNDS}{fund.pk}/close/")
    client.post(f"{FUNDS}{empty.pk}/close/")

    assert (waits, refused.status_code) == (1, 409)
    assert dict(Fund.objects.values_list("name", "state")) == {"상금": "open", "남은 돈": "closed"}


def test_money_is_given_back_with_a_reason_and_then_the_fund_is_closed(world, admin, fund) -> None:
    commitment = commit(fund, Promise(purpose="x", what="x", amount=60, line="1등"))
    client, page = client_of(admin), f"{FUNDS}{fund.pk}/commitments/{commitment.pk}/release/"

    unsaid = client.post(page, {"reason": ""})
    client.post(page, {"reason": "수상자가 포기함"})
    client.post(f"{FUNDS}{fund.pk}/close/")

    assert set(unsaid.context["form"].errors) == {"reason"}
    commitment.refresh_from_db()
    assert (commitment.state, commitment.reason) == ("released", "수상자가 포기함")
    assert Fund.objects.get(pk=fund.pk).state == "closed"


def test_who_belongs_there_reads_and_only_administrators_write(world, fund) -> None:
    make_member(world.host, world.ada)
    page = f"{FUNDS}{fund.pk}/"
    sent = {"amount": "5", "line": "1등"}

    member, stranger = client_of(world.ada), client_of(world.stranger)

    assert [member.get(at).status_code for at in (FUNDS, page, f"{FUNDS}new/", f"{page}close/")] == [200, 200, 404, 403]
    assert [stranger.get(at).status_code for at in (FUNDS, page, f"{FUNDS}new/")] == [404, 404, 404]
    assert [c.post(f"{page}money/", sent).status_code for c in (member, stranger)] == [403, 404]
    assert available(fund) == 100


def test_many_funds_are_listed_in_as_many_queries_as_one(world, admin) -> None:
    client = client_of(admin)
    open_fund(world.host, name="0", amount=1)
    counts = []
    for more in (0, 10):
        for n in range(more):
            open_fund(world.host, name=f"more {n}", amount=n + 1)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rows = client.get(FUNDS).context["rows"]
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 20
    assert {fund.name: standing.left for fund, standing in rows} == {"0": 1, **{f"more {n}": n + 1 for n in range(10)}}


def test_standings_agree_with_what_each_fund_says(world, fund) -> None:
    other = open_fund(world.host, name="다른 기금", amount=7)
    assert standings([fund, other]) == {fund.pk: (100, 0, 0), other.pk: (7, 0, 0)}


def test_the_desk_leads_to_a_new_fund_where_none_pays(world, admin) -> None:
    world.programme.seats.create(role="clerk", person=admin, organisation=world.host)
    page = text_of(client_of(admin).get("/desk/field-ai-2026/money/"))
    assert "한빛전자의 기금 열기" in page
