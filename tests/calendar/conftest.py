"""The clock runs again after each test; facts are heard."""

from collections.abc import Iterator

import pytest

from dure.calendar import events
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import Fact, _listeners


@pytest.fixture(autouse=True)
def running_clock() -> Iterator[None]:
    yield
    clock.set_clock(None)


@pytest.fixture
def told(monkeypatch) -> list[Fact]:
    """Every fact of the room, in order."""
    heard: list[Fact] = []
    for kind in (events.SessionClosed, events.AttendanceMarked, events.SlotBooked, events.SlotReleased):
        monkeypatch.setitem(_listeners, kind, [heard.append])
    return heard


def refusal_of(call) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.code
