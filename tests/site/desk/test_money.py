"""The programme's money at the desk: funds, lines, payments approved by a second person."""

import pytest

from dure.funding.models import Payment
from dure.funding.operations import open_fund
from dure.funding.queries import available
from dure.joints.gives.money import bind_fund
from dure.people.models import Role
from dure.people.operations import join_organisation
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
MONEY = "/desk/field-ai-2026/money/"


@pytest.fixture
def paying(world):
    """The round's prizes are committed from a fund of the host's, which the clerk looks after."""
    join_organisation(world.host, person=world.clerk, role=Role.ADMIN)
    fund = open_fund(world.host, name="상금", amount=30_000_000, lines={"상금": 30_000_000})
    bind_fund(world.programme, "prize", fund=fund, by=world.clerk)
    world.ranked()
    return fund


def test_a_fund_tells_what_is_left_and_payments_wait(world, paying) -> None:
    seen = client_of(world.clerk).get(MONEY).context

    ((standing, runs),) = seen["funds"]
    assert (standing.whole, standing.committed, standing.paid, standing.left, runs) == (
        30_000_000, 30_000_000, 0, 0, True,
    )  # fmt: skip
    assert [(row.payment.person, row.payment.state, row.why_not) for row in seen["rows"]] == [
        (world.ada, "proposed", None), (world.bo, "proposed", None),
    ]  # fmt: skip


def test_what_a_payment_is_for_is_told_in_the_readers_language(world, paying) -> None:
    client = client_of(world.clerk)

    said = [client.get(MONEY, headers={"accept-language": language}).context["rows"] for language in ("ko", "en")]

    assert [{row.purpose.what for row in rows} for rows in said] == [{"상금 · 온라인 라운드"}, {"Prize · Online round"}]


def test_payments_are_approved_together_and_noted_as_paid(world, paying) -> None:
    client = client_of(world.clerk)
    first, second = Payment.objects.order_by("pk")

    client.post(f"{MONEY}payments/{first.pk}/approve/", {"each": [first.pk, second.pk]})
    client.post(f"{MONEY}payments/{first.pk}/pay/", {"reference": "0042"})

    assert list(Payment.objects.order_by("pk").values_list("state", "reference")) == [
        ("paid", "0042"),
        ("approved", ""),
    ]


def test_who_does_not_look_after_the_fund_is_told_why_they_cannot(world, paying) -> None:
    client = client_of(world.operator)
    payment = Payment.objects.filter(person=world.ada).get()
    join_organisation(world.host, person=world.ada, role=Role.ADMIN)
    world.programme.seats.create(role="clerk", person=world.ada, organisation=world.host)

    own = text_of(client_of(world.ada).get(MONEY))
    refused = client_of(world.ada).post(f"{MONEY}payments/{payment.pk}/approve/")
    client.post(f"{MONEY}payments/{payment.pk}/approve/")

    payment.refresh_from_db()
    assert "본인이 제안했거나 본인이 받을 지급입니다." in own
    assert (refused.status_code, payment.state, payment.approved_by) == (302, "approved", world.operator)


def test_money_is_added_under_a_line(world, paying) -> None:
    client_of(world.clerk).post(f"{MONEY}funds/{paying.pk}/", {"amount": "5,000,000", "line": "상금"})
    assert available(paying) == 5_000_000


def test_a_fund_is_bound_at_the_desk(world) -> None:
    fund = open_fund(world.host, name="상금", amount=30_000_000)

    client_of(world.clerk).post(f"{MONEY}bind/", {"money": "prize", "fund": fund.pk})

    assert [(row.money, row.fund) for row in world.programme.funds.all()] == [("prize", fund)]


def test_the_settlement_says_what_the_fund_lacks(world) -> None:
    bind_fund(world.programme, "prize", fund=open_fund(world.host, name="상금", amount=1_000_000), by=world.clerk)
    world.competing()
    for person, score in ((world.ada, 0.91), (world.bo, 0.85)):
        turn = world.turn(person, "task")
        values = {"score": score, "public-score": score, "attempts": "3", "code": "no"}
        client_of(world.clerk).post(f"/desk/turns/{turn.pk}/", values)

    seen = client_of(world.clerk).get("/desk/field-ai-2026/stages/task/settle/").context

    assert [(due.name, due.amount, due.short) for due in seen["money"]] == [("prize", 30_000_000, 29_000_000)]
    assert seen["preview"].refusal.code == "funding.short"


def test_a_payment_is_cancelled_for_a_reason_before_it_is_paid(world, paying) -> None:
    client, payment = client_of(world.clerk), Payment.objects.get(person=world.ada)
    page = f"{MONEY}payments/{payment.pk}/cancel/"

    unsaid = client.post(page, {"reason": " "})
    client.post(page, {"reason": "잘못된 계좌입니다."})
    again = client.get(page)

    payment.refresh_from_db()
    assert (unsaid.status_code, payment.state, payment.reason) == (200, "cancelled", "잘못된 계좌입니다.")
    assert (again.context["can"], "잘못된 계좌입니다." in text_of(client.get(MONEY))) == (False, True)


def test_only_who_looks_after_the_fund_cancels(world, paying) -> None:
    payment = Payment.objects.get(person=world.ada)
    world.programme.seats.create(role="clerk", person=world.bo, organisation=world.host)

    refused = client_of(world.bo).post(f"{MONEY}payments/{payment.pk}/cancel/", {"reason": "x"})

    payment.refresh_from_db()
    assert (refused.status_code, payment.state) == (403, "proposed")
