"""Payments are approved, noted as paid and taken along as a file, by Tab and Enter alone."""

import pytest

from dure.funding.models import Payment
from dure.funding.operations import open_fund
from dure.joints.gives.money import bind_fund
from dure.people.models import Role
from dure.people.operations import join_organisation
from tests.site.world import World

pytestmark = [pytest.mark.browser]
WAYS = [
    ("ko", 1280, ("승인", "은행 거래 번호", "금액 (KRW)", "증액", "CSV")),
    ("en", 390, ("Approve", "The bank's reference", "Amount (KRW)", "Add money", "CSV")),
]


@pytest.fixture
def paying(world) -> World:
    join_organisation(world.host, person=world.clerk, role=Role.ADMIN)
    fund = open_fund(world.host, name="상금", amount=30_000_000, lines={"상금": 30_000_000})
    bind_fund(world.programme, "prize", fund=fund, by=world.clerk)
    world.ranked()
    return world


@pytest.mark.parametrize(("language", "width", "says"), WAYS)
def test_two_payments_leave(paying, visit, language, width, says) -> None:
    approve, reference, amount, add, file = says
    clerk = visit(paying.clerk, language=language, width=width).go("/desk/field-ai-2026/money/")
    page = clerk.page

    clerk.enter(approve)
    page.keyboard.press("Tab")  # the field that now stands where the button stood
    assert page.evaluate("document.activeElement.name") == "reference"
    page.keyboard.type("0042")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    clerk.enter(approve)
    clerk.tab_to(reference).page.keyboard.type("0043")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    clerk.tab_to(add).page.keyboard.press("Enter")
    clerk.tab_to(amount).page.keyboard.type("a lot")
    page.keyboard.press("Enter")
    page.locator("form [data-refused] [role=alert]").wait_for()
    assert page.evaluate("document.activeElement.value") == "a lot"

    clerk.go("/desk/field-ai-2026/money/")
    with page.expect_download() as taken:
        clerk.tab_to(file).page.keyboard.press("Enter")

    assert set(Payment.objects.values_list("state", "reference")) == {("paid", "0042"), ("paid", "0043")}
    assert taken.value.suggested_filename.endswith(".csv")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
