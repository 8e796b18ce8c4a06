"""Dates and durations as people write them (appendix D), read and checked."""

import re
from datetime import UTC, date, datetime

from dure.blueprint.model import Asked, Duration, Moment

DURATION = r"[1-9][0-9]{0,5}[hdwmy]"
DATE = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
ASKED = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
NO_MOMENT = Moment("")


def duration(text: str) -> Duration | None:
    """``16w`` and the like; None for what is no duration."""
    if not re.fullmatch(DURATION, text):
        return None
    return Duration(int(text[:-1]), text[-1])  # type: ignore[arg-type] # the pattern allows these letters only


def moment(text: str) -> Moment | None:
    """A date with the precision it is written in; None for what is no date (2024-02-30 is none)."""
    return Moment(text) if first_instant(text) else None


def moment_or_asked(text: str) -> Moment | Asked | None:
    """A date, or ``stage.field`` for a date that was asked before."""
    return asked(text) or moment(text)


def asked(text: str) -> Asked | None:
    return Asked(*text.split(".")) if re.fullmatch(ASKED, text) else None


def first_instant(text: str) -> datetime | None:
    """The first moment of a date as written: naive unless it names its offset."""
    if not re.fullmatch(DATE, text):
        return None
    filled = text if len(text) > 10 else (text + "-01-01"[len(text) - 4 :])
    try:
        instant = datetime.fromisoformat(filled)
        return instant.astimezone(UTC) if instant.tzinfo else instant
    except (ValueError, OverflowError):
        return None


def day(text: str) -> date | None:
    """A whole day ``YYYY-MM-DD``, as a form's date is answered; None for anything else."""
    instant = first_instant(text) if len(text) == 10 else None
    return instant.date() if instant else None
