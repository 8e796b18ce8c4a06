"""Keys and files of a story are its own."""

import pytest
from django.core.cache import cache

from dure.credentials import keys


@pytest.fixture(autouse=True)
def _own_house(settings, tmp_path):
    settings.KEYS, settings.MEDIA_ROOT = tmp_path / "keys", tmp_path / "files"
    settings.BASE_URL = "https://dure.example"
    keys.private.cache_clear()
    cache.clear()
