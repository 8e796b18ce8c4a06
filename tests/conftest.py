"""What every test may lean on."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from dure.core import clock
from tests.migrating import each_model_alone

ROOT = Path(__file__).resolve().parents[1]

# How long an example takes says how busy the machine is, and decides nothing.
settings.register_profile("dure", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dure")


def pytest_collection_finish() -> None:
    """What is imported and collected stays to the end: walking it again and again was a fifth of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def _each_model_alone() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        stack.enter_context(each_model_alone())
        yield stack


@pytest.fixture(scope="session")
def django_db_setup(_each_model_alone: ExitStack, django_db_setup: None) -> None:
    """The test database comes from every migration there is, as always, and sooner."""
    _each_model_alone.close()  # a test that migrates does so as Django does


@pytest.fixture(autouse=True)
def _running_clock() -> Iterator[None]:
    """A test that stands the clock leaves it running for the next one."""
    yield
    clock.set_clock(None)


@pytest.fixture
def library() -> Path:
    """The starter library's folder."""
    return ROOT
