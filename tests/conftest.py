"""What every test may lean on."""

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from dure.core import clock
from tests.emptying import but_for_rows_of_models
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
def django_db_setup(
    _each_model_alone: ExitStack, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The test database comes from every migration there is, as always, and sooner; so it is emptied."""
    _each_model_alone.close()  # a test that migrates does so as Django does
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(but_for_rows_of_models())
        yield


@pytest.fixture(autouse=True, scope="session")
def _quick_house() -> Iterator[None]:
    """What nothing here is tested by: a password's million rounds, and every client's own search for static files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PBKDF2PasswordHasher, "iterations", 1_000)
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", _found_once({}))
        yield


def _found_once(found: dict[str, dict[str, StaticFile]]) -> Callable[[WhiteNoiseMiddleware], None]:
    """The static files under a prefix are looked for once, and known to every client from then on."""
    find = WhiteNoiseMiddleware.add_files_from_finders

    def known(middleware: WhiteNoiseMiddleware) -> None:
        if middleware.static_prefix not in found:
            find(middleware)
            found[middleware.static_prefix] = dict(middleware.files)
        middleware.files.update(found[middleware.static_prefix])

    return known


@pytest.fixture(autouse=True)
def _running_clock() -> Iterator[None]:
    """A test that stands the clock leaves it running for the next one."""
    yield
    clock.set_clock(None)


@pytest.fixture
def library() -> Path:
    """The starter library's folder."""
    return ROOT
