"""Drawing a paper: which questions stand on whose, in which order; the same seed gives the same paper. Pure.

Lines of a paper may overlap (any topic; any sort), so that questions are given to lines as a matching: what one line
could take and another one needs goes to the other. Order comes from SHA-256 of seed and id: no library's generator
can change it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Wanted:
    """``count`` questions; an empty ``topic`` or ``kind`` and no ``difficulty`` fit all."""

    count: int
    topic: str = ""
    difficulty: int | None = None
    kind: str = ""

    def fits(self, one: "Offered") -> bool:
        return (
            self.topic in {"", one.topic} and self.difficulty in {None, one.difficulty} and self.kind in {"", one.kind}
        )


@dataclass(frozen=True)
class Offered:
    """A question of the bank."""

    id: UUID
    topic: str
    difficulty: int
    kind: str


@dataclass(frozen=True)
class Drawn:
    """Questions in the order of their lines, as (line, question); ``lacks``: line to how many it lacks."""

    questions: list[tuple[int, UUID]]
    lacks: dict[int, int]


def draw(lines: Sequence[Wanted], offered: Sequence[Offered], *, seed: int) -> Drawn:
    """Give each line its questions, none of them twice; as many as can be given at all."""
    pool = shuffled(offered, seed=seed, of="questions")
    fitting = [[one.id for one in pool if line.fits(one)] for line in lines]
    slots = [at for at, line in enumerate(lines) for _ in range(line.count)]
    taken: dict[UUID, int] = {}
    lacks = Counter(slots[slot] for slot in range(len(slots)) if not _give(slot, slots, fitting, taken, set()))
    questions = [(slots[slot], question) for question, slot in sorted(taken.items(), key=lambda pair: pair[1])]
    return Drawn(questions, dict(lacks))


def _give(
    slot: int, slots: Sequence[int], fitting: Sequence[Sequence[UUID]], taken: dict[UUID, int], seen: set[UUID]
) -> bool:
    """Kuhn's augmenting path: a free question, else one whose owner can take another."""
    wanted = fitting[slots[slot]]
    free = next((one for one in wanted if one not in taken), None)
    if free is not None:
        taken[free] = slot
        return True
    for one in wanted:
        if one not in seen:
            seen.add(one)
            if slots[taken[one]] != slots[slot] and _give(taken[one], slots, fitting, taken, seen):
                taken[one] = slot
                return True
    return False


def shuffled(rows: Sequence[Any], *, seed: int, of: str) -> list[Any]:
    """``rows`` in the order that ``seed`` gives them; ``of`` keeps several shuffles of one seed apart.

    Rows are told by their ``id`` where they have one, else by their place.
    """
    keyed = [(_key(seed, of, getattr(row, "id", at)), row) for at, row in enumerate(rows)]
    return [row for _, row in sorted(keyed, key=lambda pair: pair[0])]


def _key(seed: int, of: str, name: object) -> bytes:
    return sha256(f"{seed}:{of}:{name}".encode()).digest()
