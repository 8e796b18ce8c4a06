"""What many ask for at once is worked out once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from dure.core.once import once

MANY = 6


def test_many_who_ask_at_once_wait_for_the_one_who_came_first():
    begun, go_on, worked, all_there = Event(), Event(), [], Barrier(MANY + 1)

    @once(most=8)
    def slow(key: str) -> str:
        worked.append(key)
        begun.set()
        go_on.wait(10)
        return key.upper()

    def ask() -> str:
        all_there.wait(10)
        return slow("a")

    with ThreadPoolExecutor(MANY) as hands:
        asked = [hands.submit(ask) for _ in range(MANY)]
        all_there.wait(10)
        begun.wait(10)
        go_on.set()

        assert ([one.result(10) for one in asked], worked) == (["A"] * MANY, ["a"])


def test_other_arguments_are_other_values_and_the_oldest_is_forgotten_first():
    worked = []

    @once(most=2)
    def square(n: int) -> int:
        worked.append(n)
        return n * n

    assert [square(n) for n in (1, 2, 1, 3, 1, 2)] == [1, 4, 1, 9, 1, 4]
    assert worked == [1, 2, 3, 2]


def test_what_failed_is_tried_again():
    tries = iter([ValueError("not yet"), "there"])

    @once(most=1)
    def moody() -> str:
        found = next(tries)
        if isinstance(found, Exception):
            raise found
        return found

    with pytest.raises(ValueError, match="not yet"):
        moody()
    assert (moody(), moody()) == ("there", "there")
