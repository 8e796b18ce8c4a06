"""Somebody at their own machine, for the commands of those who take part."""

from tests.client.conftest import desk, home

__all__ = ["desk", "home"]
