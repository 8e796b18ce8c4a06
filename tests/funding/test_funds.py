"""Opening funds and budgets, adding to them, closing them: every won comes from somewhere and goes somewhere."""

import pytest

from dure.audit.queries import history
from dure.core.errors import Missing, Refused
from dure.funding.models import Fund, FundState
from dure.funding.operations import add_money, close_fund, commit, open_budget, open_fund, release
from dure.funding.promises import Promise
from dure.funding.queries import available
from dure.ledger.models import Journal
from dure.ledger.queries import balance, drifted, unbalanced
from tests.factories import make_organisation

CALL = Promise("call/1/grant", "grant", 800)


@pytest.fixture
def university(db):
    return make_organisation("university", kind="university")


def test_a_fund_holds_what_its_organisation_gave(lab, fund, runner):
    assert (available(fund), balance(lab, code="given", unit="KRW")) == (1000, -1000)
    assert [row.action for row in history(fund)] == ["funding.opened"]


def test_two_funds_of_one_organisation_have_two_names(lab, fund):
    with pytest.raises(Refused) as refusal:
        open_fund(lab, name="Prizes", amount=1)

    assert refusal.value.code == "funding.name"
    assert Fund.objects.get() == fund


@pytest.mark.parametrize("amount", [0, -1, 10**15 + 1])
def test_a_fund_of_no_or_too_much_money_is_refused(lab, amount):
    with pytest.raises(Refused) as refusal:
        open_fund(lab, name="Prizes", amount=amount)

    assert refusal.value.code == "funding.amount"
    assert not Fund.objects.exists()


def test_a_currency_that_is_none_is_refused(lab):
    with pytest.raises(Refused, match="no ISO 4217 currency"):
        open_fund(lab, name="Prizes", amount=1, currency="WON")


@pytest.mark.parametrize("lines", [{"staff": 600, "travel": 399}, {"staff": 1100, "travel": -100}])
def test_lines_that_do_not_add_up_are_refused(lab, lines):
    with pytest.raises(Refused) as refusal:
        open_fund(lab, name="Grant", amount=1000, lines=lines)

    assert (refusal.value.code, Fund.objects.count()) == ("funding.lines", 0)


def test_money_added_can_be_committed(fund):
    add_money(fund, amount=500)

    assert available(fund) == 1500


def test_money_added_to_a_fund_with_lines_goes_under_one_of_them(lab):
    fund = open_fund(lab, name="Grant", amount=1000, lines={"staff": 600, "travel": 400})

    add_money(fund, amount=100, line="travel")

    assert dict(fund.lines.values_list("name", "amount")) == {"staff": 600, "travel": 500}
    with pytest.raises(Missing) as missing:
        add_money(fund, amount=100)
    assert missing.value.facts == {"line": "", "lines": ["staff", "travel"]}
    assert available(fund) == 1100


def test_closing_gives_back_what_is_left(lab, fund):
    release(commit(fund, CALL), reason="call withdrawn")

    close_fund(fund)

    fund.refresh_from_db()
    assert (fund.state, available(fund), balance(lab, code="given", unit="KRW")) == (FundState.CLOSED, 0, 0)


def test_a_fund_with_commitments_is_not_closed(fund):
    commit(fund, CALL)

    with pytest.raises(Refused) as refusal:
        close_fund(fund)

    assert refusal.value.code == "funding.commitments-open"


@pytest.mark.parametrize("what", [lambda f: commit(f, CALL), lambda f: add_money(f, amount=1), close_fund])
def test_a_closed_fund_takes_nothing_more(fund, what):
    close_fund(fund)
    before = Journal.objects.count()

    with pytest.raises(Refused) as refusal:
        what(fund)

    assert (refusal.value.code, Journal.objects.count()) == ("funding.closed", before)


def test_a_grant_received_is_a_budget_with_lines(fund, university):
    grant = commit(fund, CALL)

    budget = open_budget(grant, organisation=university, lines={"staff": 500, "travel": 300})

    commit(budget, Promise("call/1/travel", "travel", 300, line="travel"))
    assert (available(fund), available(budget), balance(grant, code="given", unit="KRW")) == (200, 500, -800)
    assert (list(drifted()), list(unbalanced())) == ([], [])


def test_a_budget_is_opened_once(fund, university):
    grant = commit(fund, CALL)

    budgets = {open_budget(grant, organisation=university).pk for _ in range(2)}

    assert len(budgets) == 1
    assert available(Fund.objects.get(pk=budgets.pop())) == 800


def test_a_released_grant_has_no_budget(fund, university):
    grant = release(commit(fund, CALL), reason="declined")

    with pytest.raises(Refused) as refusal:
        open_budget(grant, organisation=university)

    assert refusal.value.code == "funding.released"


def test_a_grant_is_not_released_under_its_open_budget(fund, university):
    grant = commit(fund, CALL)
    budget = open_budget(grant, organisation=university)

    with pytest.raises(Refused) as refusal:
        release(grant, reason="declined")
    assert refusal.value.code == "funding.budget-open"

    close_fund(budget)
    release(grant, reason="declined")
    assert available(fund) == 1000
