"""What every test may lean on."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from dure.core import clock

ROOT = Path(__file__).resolve().parents[1]

# How long an example takes says how busy the machine is, and decides nothing.
settings.register_profile("dure", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dure")


def pytest_collection_finish() -> None:
    """What is imported and collected stays to the end: walking it again and again was a fifth of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True)
def _running_clock() -> Iterator[None]:
    """A test that stands the clock leaves it running for the next one."""
    yield
    clock.set_clock(None)


@pytest.fixture
def library() -> Path:
    """The starter library's folder."""
    return ROOT
