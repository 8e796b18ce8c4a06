"""The code that proves to be in the room: six digits, another every half minute, none older than a minute."""

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

STEP = timedelta(seconds=30)
DIGITS = 6


def code_at(secret: str, moment: datetime) -> str:
    """The code of the step in which ``moment`` lies: an HMAC-SHA-256 of the session's secret and the step's number,
    under the installation's key, so that a stolen database tells none."""
    return _code(secret, _step(moment))


def holds(secret: str, typed: str, moment: datetime) -> bool:
    """Whether it is the code of this step or of the one before: a code lives a minute at most."""
    step, given = _step(moment), "".join(letter for letter in typed if letter in "0123456789")
    return given in {_code(secret, step), _code(secret, step - 1)}


def left_of(moment: datetime) -> int:
    """Seconds until the next code."""
    return int(STEP.total_seconds() - moment.timestamp() % STEP.total_seconds())


def _step(moment: datetime) -> int:
    return int(moment.timestamp() // STEP.total_seconds())


def _code(secret: str, step: int) -> str:
    digest = salted_hmac("dure.calendar.code", f"{secret}:{step}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}}"
