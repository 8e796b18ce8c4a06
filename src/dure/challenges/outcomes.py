"""What becomes of a submission when it is scored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dure.challenges.models import Upload
from dure.core.text import Text


@dataclass(frozen=True)
class HowRun:
    """How code was run, so that it can be run the same way again: hashes, seed, and the seconds that it took."""

    code_sha256: str = ""
    inputs_sha256: str = ""
    environment_digest: str = ""
    seed: int | None = None
    seconds: Decimal | None = None


@dataclass(frozen=True)
class Measured:
    """``final`` is None where the test set has no final part; ``values`` are a program's, ``details`` its page.

    ``how`` does not count when two are compared.
    """

    public: float
    final: float | None
    notes: list[Text] = field(default_factory=list)
    log: str = ""
    values: Mapping[str, Decimal] = field(default_factory=dict)
    details: Upload | None = None
    how: HowRun = field(default=HowRun(), compare=False)


@dataclass(frozen=True)
class Broken:
    """The submission cannot be scored, and why: ``flaws`` are the first of ``total``. ``organiser_log``: what a scorer
    said of it that may tell of the answers."""

    cause: Text
    flaws: list[dict[str, Any]] = field(default_factory=list)
    total: int = 1
    log: str = ""
    organiser_log: str = ""


@dataclass(frozen=True)
class Faulty:
    """The organiser's scorer failed on a file that is in order."""

    cause: Text
    log: str = ""
    organiser_log: str = ""


Outcome = Measured | Broken | Faulty


def storable(log: str) -> str:
    """What a program printed, without what a database cannot keep: NUL and halves of surrogate pairs."""
    return log.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
