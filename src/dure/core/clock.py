"""The clock of deadlines and of what people see. Leases never use it: they use the database's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_standing: list[datetime] = []


def now() -> datetime:
    """The aware moment (UTC) at which deadlines are judged."""
    return _standing[-1] if _standing else datetime.now(UTC)


def minute() -> int:
    """Which minute it is, counted from 1970: what is kept for no longer than one goes by it."""
    return int(now().timestamp() // 60)


def set_clock(moment: datetime | None) -> None:
    """Stand the process's clock at ``moment`` (``None``: let it run). Tests, ``act``, scratch databases only."""
    if moment is not None and moment.tzinfo is None:
        raise ValueError("the clock takes aware datetimes only")
    _standing[:] = [] if moment is None else [moment.astimezone(UTC)]


def pass_time(by: timedelta) -> datetime:
    """Move a standing clock forward and return where it stands."""
    set_clock(now() + by)
    return now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stand the clock at ``moment`` inside the block."""
    before = _standing[-1] if _standing else None
    set_clock(moment)
    try:
        yield
    finally:
        set_clock(before)
