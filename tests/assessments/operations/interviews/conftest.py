"""The clock runs again after each test."""

from collections.abc import Iterator

import pytest

from dure.core import clock
from tests.assessments.interviews import HOUR, NINE


@pytest.fixture(autouse=True)
def two_days_before() -> Iterator[None]:
    clock.set_clock(NINE - 48 * HOUR)
    yield
    clock.set_clock(None)
