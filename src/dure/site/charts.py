"""Charts as inline SVG: with a title, a description and the same numbers as a table, in the colours of the theme."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dure.site.figures import number

WIDTH, HEIGHT = 640, 240
LEFT, FOOT, HEAD = 8, 30, 22
LABELS, SPARSE = 12, 5  # at most so many labels on the axis; in a narrow column, where letters are larger
WIDEST = 120  # of a bar: two or three of them are no walls


@dataclass(frozen=True)
class Bar:
    """One bar: its box in the drawing, what it says, and whether it is the visitor's own. ``is_sparse``: its label
    and its number are shown in a narrow column, too."""

    label: str
    value: float
    own: bool
    x: float
    y: float
    width: float
    height: float
    is_labelled: bool
    is_sparse: bool

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def text(self) -> str:
        return number(self.value)


def bars(values: Iterable[tuple[str, float]], *, own: str = "") -> list[Bar]:
    """Bars for (label, value) pairs, none of them negative; ``own``: the label of the visitor's."""
    pairs = list(values)
    largest = max((value for _, value in pairs), default=0) or 1
    step = (WIDTH - 2 * LEFT) / max(len(pairs), 1)
    every = max(1, -(-len(pairs) // LABELS))
    sparse = every * -(-len(pairs) // (every * SPARSE))  # a multiple, so that what is shown there is labelled at all
    room, width = HEIGHT - FOOT - HEAD, min(step * 0.84, WIDEST)
    return [
        Bar(
            label=label,
            value=value,
            own=bool(own) and label == own,
            x=round(LEFT + step * at + (step - width) / 2, 1),
            y=round(HEAD + room * (1 - value / largest), 1),
            width=round(width, 1),
            height=round(room * value / largest, 1),
            is_labelled=at % every == 0,
            is_sparse=at % sparse == 0,
        )
        for at, (label, value) in enumerate(pairs)
    ]


def histogram(values: Sequence[float], *, own: float | None = None, bins: int = 10) -> list[Bar]:
    """How often values fall into ``bins`` equal parts of their range; the part that holds ``own`` is marked."""
    if not values:
        return []
    low, high = min(values), max(values)
    width = (high - low) / bins or 1.0
    counts = [0] * bins
    for value in values:
        counts[_bin(value, low, width, bins)] += 1
    labels = [f"{low + width * at:.3g}" for at in range(bins)]
    mine = labels[_bin(own, low, width, bins)] if own is not None and low <= own <= high else ""
    return bars(zip(labels, counts, strict=True), own=mine)


def _bin(value: float, low: float, width: float, bins: int) -> int:
    return min(int((value - low) / width), bins - 1)
