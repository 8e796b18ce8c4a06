"""What every test may lean on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dure.core import clock

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _running_clock() -> Iterator[None]:
    """A test that stands the clock leaves it running for the next one."""
    yield
    clock.set_clock(None)


@pytest.fixture
def library() -> Path:
    """The starter library's folder."""
    return ROOT
