"""What a check of the installation found, and what to do about it: told by `dure doctor` and on pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from dure.core.text import Text


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One line of a check: how it stands, and ``remedy``, what to do where that is not well."""

    name: str
    state: State
    text: Text
    remedy: Text | None = None

    def as_dict(self) -> dict[str, object]:
        remedy = self.remedy.as_dict() if self.remedy else None
        return {"name": self.name, "state": self.state, "text": self.text.as_dict(), "remedy": remedy}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """From what ``as_dict`` made."""
        remedy = Text.of(told["remedy"]) if told["remedy"] else None
        return cls(told["name"], State(told["state"]), Text.of(told["text"]), remedy)
