"""Reading accounts, and finding books that somebody wrote past the operations."""

import pytest

from dure.ledger.models import Account, Entry
from dure.ledger.operations import open_account, post
from dure.ledger.queries import accounts_of, balance, drifted, statement, unbalanced

pytestmark = pytest.mark.django_db
LAB = ("organisation", "lab")


@pytest.fixture
def lab():
    lab, outside = open_account(LAB, code="free", unit="KRW"), open_account(("world", 1), code="out", unit="KRW")
    post([(outside, -9), (lab, 9)], what="opened", key="1")
    post([(outside, 2), (lab, -2)], what="paid", key="2")
    lab.refresh_from_db()
    return lab


def test_a_statement_tells_what_happened_newest_first(lab):
    told = [(entry.journal.what, entry.amount, entry.balance) for entry in statement(lab)]

    assert told == [("paid", -2, 7), ("opened", 9, 9)]


def test_a_statement_is_one_query(lab, django_assert_num_queries):
    with django_assert_num_queries(1):
        [entry.journal.what for entry in statement(lab)]


def test_an_owner_sees_the_own_accounts_and_no_others(lab):
    assert list(accounts_of(LAB)) == [lab]


def test_an_account_that_was_never_opened_holds_nothing(lab):
    assert [balance(LAB, code=code, unit="KRW") for code in ["free", "spent"]] == [7, 0]


def test_sound_books_have_nothing_to_find(lab):
    assert (list(drifted()), list(unbalanced())) == ([], [])


def test_a_balance_changed_by_hand_is_found(lab):
    Account.objects.filter(pk=lab.pk).update(balance=700)

    assert list(drifted()) == [lab]


def test_an_entry_changed_by_hand_is_found_on_both_sides(lab):
    entry = statement(lab)[0]
    Entry.objects.filter(pk=entry.pk).update(amount=-200)

    assert (list(drifted()), list(unbalanced())) == ([lab], [entry.journal])
