"""Facts reach those who asked for their very kind, in order, and nobody else."""

from dataclasses import dataclass

import pytest

from dure.core.events import Fact, on, publish


def test_listeners_hear_their_own_kind_in_order_and_once():
    @dataclass(frozen=True)
    class Rained(Fact):
        mm: int

    @dataclass(frozen=True)
    class Poured(Rained):
        """A kind of its own: who asked for Rained does not hear it."""

    heard = []

    def first(fact):
        heard.append(("first", fact.mm))

    @on(Rained)
    def second(fact):
        heard.append(("second", fact.mm))

    for _ in range(2):
        on(Rained)(first)
    for fact in (Rained(3), Poured(50)):
        publish(fact)

    assert heard == [("second", 3), ("first", 3)]


def test_a_listener_that_refuses_refuses_the_publisher():
    @dataclass(frozen=True)
    class Broke(Fact):
        pass

    @on(Broke)
    def refuse(fact):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        publish(Broke())
