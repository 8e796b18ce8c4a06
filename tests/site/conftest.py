"""Clients of everybody in a small programme that has come as far as each test wants."""

import pytest
from django.core.cache import cache
from django.test import Client

from dure.people.models import Person
from tests.site.world import World, made_world


@pytest.fixture
def world(db) -> World:
    """A programme that takes entries, with everybody in their seats and nobody in it yet."""
    cache.clear()
    return made_world()


def client_of(person: Person | None, language: str = "ko") -> Client:
    """A browser in which ``person`` (nobody: None) is signed in, reading ``language``."""
    client = Client(headers={"Accept-Language": language})
    if person is not None:
        client.force_login(person)
    return client
