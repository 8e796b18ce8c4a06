"""Rows by the thousand."""

from collections.abc import Iterable
from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)
AT_ONCE = 5_000


def write_rows(rows: Iterable[M]) -> list[M]:
    found = list(rows)
    return type(found[0])._default_manager.bulk_create(found, batch_size=AT_ONCE)
