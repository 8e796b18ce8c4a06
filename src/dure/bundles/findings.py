"""What is wrong with a bundle, and where: a finding that knows its file, line and column."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from dure.bundles.texts import FINDINGS
from dure.core.findings import Finding, State
from dure.core.text import Text


@dataclass(frozen=True, order=True)
class Place:
    """Where in the bundle: ``file`` is relative to its root; line and column count from 1, and 0 is the whole file."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


NOWHERE = Place()


@dataclass(frozen=True)
class Defect(Finding):
    """One thing that is wrong with a bundle. ``code`` is for programs; FAIL stops an import, WARN does not."""

    code: str = ""
    place: Place = field(default=NOWHERE)

    @property
    def stops(self) -> bool:
        return self.state == State.FAIL

    def say(self, language: str) -> str:
        """One line: where, what, and what to do."""
        said = self.text[language]
        if self.remedy:
            said = f"{said}{'' if said.endswith('.') else '.'} {self.remedy[language]}"
        return ": ".join(filter(None, [self.name, self.code, said]))

    def as_dict(self) -> dict[str, object]:
        place = {"file": self.place.file, "line": self.place.line, "column": self.place.column}
        return {**super().as_dict(), "code": self.code, **place}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """From what ``as_dict`` made."""
        plain, place = Finding.of(told), Place(told["file"], told["line"], told["column"])
        return cls(plain.name, plain.state, plain.text, plain.remedy, told["code"], place)


def defect(code: str, place: Place, **facts: object) -> Defect:
    """The finding of that code (``texts.FINDINGS``) there."""
    state, text, remedy = FINDINGS[code]
    filled = {name: fact if isinstance(fact, Text) else shown(fact) for name, fact in facts.items()}
    return Defect(str(place), state, text.format(**filled), remedy.format(**filled), code, place)


def shown(fact: object) -> str:
    """A word of the bundle as it may stand in a sentence: printable, on one line, not endless."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(fact))
    return text if len(text) <= 200 else f"{text[:200]}…"


class Findings:
    """Collects what is found while a bundle is read."""

    def __init__(self) -> None:
        self._found: dict[tuple[Place, str, str], Defect] = {}

    def add(self, code: str, place: Place, **facts: object) -> None:
        self.take([defect(code, place, **facts)])

    def take(self, defects: Iterable[Defect]) -> None:
        """The same thing said twice is said once."""
        for one in defects:
            self._found.setdefault((one.place, one.code, one.text.en), one)

    def __iter__(self) -> Iterator[Defect]:
        return iter(sorted(self._found.values(), key=lambda one: (one.place, one.code, one.text.en)))
