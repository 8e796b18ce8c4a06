"""Clients of everybody in a small programme that has come as far as each test wants."""

import html
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.signals import setting_changed
from django.test import Client

from dure.people.models import Person
from tests.site.world import World, made_world

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True, scope="session")
def _catalogues() -> None:
    """What set-up does: without it, pages would be read in English only."""
    subprocess.run([sys.executable, ROOT / "tools" / "messages.py", "compile"], check=True)
    setting_changed.send(sender=None, setting="LOCALE_PATHS", value=None, enter=True)  # forget what was read before


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    """A programme that takes entries, with everybody in their seats and nobody in it yet."""
    settings.MEDIA_ROOT, settings.KEYS = tmp_path, tmp_path / "keys"
    cache.clear()
    return made_world()


def client_of(person: Person | None, language: str = "ko") -> Client:
    """A browser in which ``person`` (nobody: None) is signed in, reading ``language``."""
    client = Client(headers={"Accept-Language": language})
    if person is not None:
        client.force_login(person)
    return client


def text_of(response) -> str:
    """A page's text without its tags."""
    body = response.content.decode()
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))
