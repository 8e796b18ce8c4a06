"""Transactions whose commit survives a power cut, for receipts, credentials and payments."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def durable() -> Iterator[None]:
    """A transaction that is on disk before it returns.

    On SQLite ``synchronous`` goes to FULL before BEGIN, on the outermost transaction only (it cannot change
    inside one); an inner ``durable`` joins the outer transaction. PostgreSQL's default is durable already.
    """
    if connection.in_atomic_block or connection.vendor != "sqlite":
        with transaction.atomic():
            yield
        return
    _synchronous("FULL")
    try:
        with transaction.atomic():
            yield
    finally:
        _synchronous("NORMAL")


def _synchronous(level: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous = {level}")
