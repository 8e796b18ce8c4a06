"""Posting: whole or not at all, once for each key, never below a floor, whatever happens at the same time."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dure.core.errors import Refused
from dure.ledger.models import Account, Entry, Journal
from dure.ledger.operations import open_account, post
from dure.ledger.queries import balance, drifted, unbalanced

LAB, OUTSIDE = ("organisation", "lab"), ("world", "outside")


@pytest.fixture
def lab(db):
    return open_account(LAB, code="free", unit="KRW", floor=0)


@pytest.fixture
def outside(db):
    return open_account(OUTSIDE, code="granted", unit="KRW")


def test_opening_an_account_twice_gives_the_same_one(lab):
    assert open_account(LAB, code="free", unit="KRW", floor=0) == lab
    assert Account.objects.count() == 1


def test_an_owner_has_one_account_of_each_code_and_unit(lab):
    others = [open_account(LAB, code="spent", unit="KRW"), open_account(LAB, code="free", unit="gpu-second")]

    assert len({lab.pk, *(other.pk for other in others)}) == 3


def test_what_one_account_gains_another_gives(lab, outside):
    journal = post([(outside, -700), (lab, 700)], what="fund.opened", key="open", reference="contract 7")

    assert (balance(LAB, code="free", unit="KRW"), balance(OUTSIDE, code="granted", unit="KRW")) == (700, -700)
    assert (journal.what, journal.reference, journal.entries.count()) == ("fund.opened", "contract 7", 2)


def test_each_entry_keeps_the_balance_that_it_left(lab, outside):
    for number, amount in enumerate([5, 7, -2]):
        post([(outside, -amount), (lab, amount)], what="moved", key=str(number))

    assert list(lab.entries.order_by("pk").values_list("amount", "balance")) == [(5, 5), (7, 12), (-2, 10)]


def test_several_lines_of_one_account_are_one_entry(lab, outside):
    post([(outside, -4), (lab, 5), (lab, -1)], what="moved", key="k")

    assert dict(Entry.objects.values_list("account__code", "amount")) == {"free": 4, "granted": -4}


def test_the_same_key_moves_nothing_again(lab, outside):
    first, second = (post([(outside, -5), (lab, 5)], what="moved", key="k") for _ in range(2))

    assert (first, balance(LAB, code="free", unit="KRW")) == (second, 5)


@pytest.mark.parametrize(("what", "amount"), [("moved", 6), ("other", 5)])
def test_a_key_of_another_journal_is_refused(lab, outside, what, amount):
    post([(outside, -5), (lab, 5)], what="moved", key="k")

    with pytest.raises(Refused) as refusal:
        post([(outside, -amount), (lab, amount)], what=what, key="k")

    assert refusal.value.code == "ledger.key"
    assert balance(LAB, code="free", unit="KRW") == 5


def test_going_below_the_floor_is_refused_whole(lab, outside):
    post([(outside, -5), (lab, 5)], what="moved", key="in")

    with pytest.raises(Refused) as refusal:
        post([(outside, 6), (lab, -6)], what="moved", key="out")

    assert (refusal.value.code, refusal.value.facts) == ("ledger.short", {"needed": 6, "available": 5, "unit": "KRW"})
    assert (balance(LAB, code="free", unit="KRW"), balance(OUTSIDE, code="granted", unit="KRW")) == (5, -5)
    assert list(Journal.objects.values_list("key", flat=True)) == ["in"]


def test_lines_that_do_not_sum_to_zero_in_each_unit_are_a_bug(lab, outside):
    seconds = open_account(LAB, code="free", unit="gpu-second")

    with pytest.raises(ValueError, match="sum to zero"):
        post([(lab, 5), (seconds, -5)], what="moved", key="k")


def test_a_journal_that_moves_nothing_is_a_bug(lab):
    with pytest.raises(ValueError, match="moves something"):
        post([(lab, 5), (lab, -5)], what="moved", key="k")


def test_the_database_itself_keeps_an_account_above_its_floor(lab):
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=lab.pk).update(balance=-1)


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_spend_the_last_unit_exactly_one_wins():
    lab, outside = open_account(LAB, code="free", unit="KRW", floor=0), open_account(OUTSIDE, code="out", unit="KRW")
    post([(outside, -1), (lab, 1)], what="moved", key="in")
    outcomes = _at_once(8, lambda n: post([(lab, -1), (outside, 1)], what="moved", key=f"out-{n}"))

    assert sorted(outcomes) == ["done", *["ledger.short"] * 7]
    assert (balance(LAB, code="free", unit="KRW"), Journal.objects.count()) == (0, 2)


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_post_the_same_key_all_get_the_one_journal():
    lab, outside = open_account(LAB, code="free", unit="KRW", floor=0), open_account(OUTSIDE, code="out", unit="KRW")
    outcomes = _at_once(8, lambda _: post([(outside, -3), (lab, 3)], what="moved", key="same"))

    assert outcomes == ["done"] * 8
    assert (balance(LAB, code="free", unit="KRW"), Journal.objects.count()) == (3, 1)


@pytest.mark.django_db(transaction=True)
def test_posts_that_cross_each_other_never_lock_each_other_out():
    one, other = (open_account(("organisation", name), code="free", unit="token") for name in ["one", "other"])

    def cross(n):
        for step in range(10):
            amount = 1 if n % 2 else -1
            post([(one, amount), (other, -amount)], what="moved", key=f"{n}-{step}")

    assert _at_once(4, cross) == ["done"] * 4
    assert (list(drifted()), list(unbalanced())) == ([], [])


def _at_once(threads, work):
    outcomes = []
    start = threading.Barrier(threads)

    def run(n):
        start.wait()
        try:
            work(n)
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    running = [threading.Thread(target=run, args=(n,)) for n in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return outcomes


moves = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(-20, 20))


class AnySequenceOfPosts(TestCase):
    @settings(deadline=None)  # the database sets the pace
    @given(st.lists(st.tuples(st.lists(moves, min_size=1, max_size=3), st.integers(0, 8)), max_size=12))
    def test_keeps_every_journal_at_zero_and_every_balance_at_its_sum(self, posts):
        accounts = [
            open_account(("owner", n), code="free", unit="KRW", floor=[0, -10, None, None][n]) for n in range(4)
        ]
        expected, taken = [0, 0, 0, 0], set()
        for listed, key in posts:
            change = [0, 0, 0, 0]
            for source, target, amount in listed:
                change[source] -= amount
                change[target] += amount
            fits = expected[0] + change[0] >= 0 and expected[1] + change[1] >= -10
            try:
                post(list(zip(accounts, change, strict=True)), what="moved", key=str(key))
            except (Refused, ValueError):
                assert key in taken or not fits or not any(change)
            else:
                assert key in taken or fits
                if key not in taken:
                    taken.add(key)
                    expected = [had + gained for had, gained in zip(expected, change, strict=True)]

        balances = dict(Account.objects.values_list("owner_id", "balance"))
        assert [balances[str(n)] for n in range(4)] == expected
        assert (list(drifted()), list(unbalanced())) == ([], [])
        assert Journal.objects.count() == len(taken)
