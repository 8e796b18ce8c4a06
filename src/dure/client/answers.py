"""What the platform answers, typed. Whatever else an answer holds is passed over: the platform may be newer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from dure.core.text import Text


def moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


@dataclass(frozen=True)
class Allowance:
    """Attempts used up of those there are (``of`` None: no limit), and when there are new ones, if ever."""

    used: int
    of: int | None
    renews_at: datetime | None

    @classmethod
    def told(cls, answer: Mapping[str, Any]) -> Self:
        return cls(answer["used"], answer["of"], moment(answer["renews_at"]))

    @property
    def is_spent(self) -> bool:
        return self.of is not None and self.used >= self.of


@dataclass(frozen=True)
class Asked:
    """What a round asks with each submission. ``kind``: text, yes-no, choice or choices (of ``options``)."""

    key: str
    title: Text
    kind: str
    options: list[str]
    required: bool

    @classmethod
    def told(cls, answer: Mapping[str, Any]) -> Self:
        title = Text.of(answer["title"])
        return cls(answer["key"], title, answer["kind"], answer["options"], answer["required"])


@dataclass(frozen=True)
class Round:
    """A round that one takes part in. ``code``: none, allowed or required. ``file_types``: ends of names that are
    taken, none: all. ``sharing``: whether a submission can be public (none, chosen, open)."""

    id: str
    name: str
    title: Text
    metric: str
    greater_is_better: bool
    code: str
    opens_at: datetime | None
    deadline: datetime | None
    today: Allowance
    month: Allowance
    total: Allowance
    file_types: list[str]
    questions: list[Asked]
    sharing: str

    @classmethod
    def told(cls, answer: Mapping[str, Any]) -> Self:
        return cls(
            id=answer["id"],
            name=answer["name"],
            title=Text.of(answer["title"]),
            metric=answer["metric"],
            greater_is_better=answer["greater_is_better"],
            code=answer["code"],
            opens_at=moment(answer["opens_at"]),
            deadline=moment(answer["deadline"]),
            today=Allowance.told(answer["today"]),
            month=Allowance.told(answer["month"]),
            total=Allowance.told(answer["total"]),
            file_types=answer["file_types"],
            questions=[Asked.told(question) for question in answer["questions"]],
            sharing=answer["sharing"],
        )


@dataclass(frozen=True)
class Entry:
    """Where one has entered. ``state``: open (something is to be done there), handed-in or passed, or waiting.
    ``programme`` and ``stage`` are empty for a round outside programmes, whose entrant ``id`` names."""

    id: str
    programme: str
    stage: str
    state: str

    @classmethod
    def told(cls, answer: Mapping[str, Any]) -> Self:
        return cls(answer["id"], answer["programme"], answer["stage"], answer["state"])

    @classmethod
    def of_round(cls, answer: Mapping[str, Any]) -> Self:
        return cls(answer["id"], "", "", "open")


@dataclass(frozen=True)
class Receipt:
    """What was received: from before the deadline, it means that it will be judged."""

    id: str
    received_at: datetime
    deadline: datetime | None
    used: int
    of: int | None
    sha256: str

    @classmethod
    def told(cls, answer: Mapping[str, Any]) -> Self:
        return cls(
            id=answer["id"],
            received_at=datetime.fromisoformat(answer["received_at"]),
            deadline=moment(answer["deadline"]),
            used=answer["quota"]["used"],
            of=answer["quota"]["of"],
            sha256=answer["sha256"],
        )


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong in a file; rows are counted as a text editor counts lines."""

    code: str
    row: int | None
    column: str | None
    text: Text

    @classmethod
    def told(cls, answer: Mapping[str, Any]) -> Self:
        return cls(answer["code"], answer["row"], answer["column"], Text.of(answer))


@dataclass(frozen=True)
class Checked:
    """What the checker says of a file: ``flaws`` are the first of ``flaw_count``; without any it can be scored."""

    cause: Text | None = None
    flaws: list[Flaw] = field(default_factory=list)
    flaw_count: int = 0
    notes: list[Text] = field(default_factory=list)


@dataclass(frozen=True)
class Submission:
    """An attempt. ``state``: received, scoring, scored, refused (its own fault) or failed (the platform's)."""

    id: str
    number: int
    state: str
    received_at: datetime
    public_score: float | None
    final_score: float | None
    counts: bool
    checked: Checked
    log: str

    @property
    def judged(self) -> bool:
        return self.state not in {"received", "scoring"}

    @classmethod
    def told(cls, answer: Mapping[str, Any]) -> Self:
        checked = Checked(
            cause=Text.of(answer["cause"]) if answer["cause"] else None,
            flaws=[Flaw.told(flaw) for flaw in answer["flaws"]],
            flaw_count=answer["flaw_count"],
            notes=[Text.of(note) for note in answer["notes"]],
        )
        return cls(
            id=answer["id"],
            number=answer["number"],
            state=answer["state"],
            received_at=datetime.fromisoformat(answer["received_at"]),
            public_score=answer["public_score"],
            final_score=answer["final_score"],
            counts=answer["counts"],
            checked=checked,
            log=answer["log"],
        )


@dataclass(frozen=True)
class BoardRow:
    """One line of a board; places are 1, 2, 3 …"""

    place: int
    title: str
    score: float
    at: datetime
    attempts: int

    @classmethod
    def told(cls, answer: Mapping[str, Any]) -> Self:
        at = datetime.fromisoformat(answer["at"])
        return cls(answer["place"], answer["title"], answer["score"], at, answer["attempts"])
