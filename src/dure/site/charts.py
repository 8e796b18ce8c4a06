"""Charts as inline SVG: with a title, a description and the same numbers as a table, in the colours of the theme."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from django.utils.safestring import SafeString

from dure.site.drawing import drawn as put
from dure.site.figures import number

WIDTH, HEIGHT = 640, 240
LEFT, FOOT, HEAD = 8, 30, 22
LABELS, SPARSE = 12, 5  # at most so many labels on the axis; in a narrow column, where letters are larger
WIDEST = 120  # of a bar: two or three of them are no walls
SIZE, LARGER = 17, 26  # of letters, in units of the drawing; in a narrow column
GAP = 0.2  # between labels, in sizes of their letters
_BOX = '<rect class="bar{}" x="{}" y="{}" width="{}" height="{}" rx="3" />'
_VALUE = '<text{} x="{}" y="{}" dy="-5" text-anchor="middle" font-size="17">{}</text>'
_LABEL = '<text{} x="{}" y="234" text-anchor="middle" font-size="17">{}</text>'
_LINE = '<tspan x="{}"{}>{}</tspan>'
_ROW = '<tr{}><th scope="row">{}</th><td class="right num">{}</td></tr>'
_DENSE, _OWN, _NEXT = (SafeString(told) for told in (' class="dense"', ' class="own"', ' dy="1.15em"'))


@dataclass(frozen=True)
class Bar:
    """One bar: its box in the drawing, what it says, and whether it is the visitor's own. ``is_sparse``: its label
    and its number are shown in a narrow column, too. ``room``: how wide the label may be, in sizes of its letters."""

    label: str
    value: float
    own: bool
    x: float
    y: float
    width: float
    height: float
    is_labelled: bool
    is_sparse: bool
    room: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def text(self) -> str:
        return number(self.value)

    @property
    def lines(self) -> list[str]:
        """The label as it stands under the bar: in one line or two, cut where it would reach into its neighbour's."""
        return _fitted(self.label, self.room)


def _fitted(label: str, room: float) -> list[str]:
    """``label`` in at most two lines, each as wide as ``room``; the table beside the drawing has all of it."""
    words = label.split()
    if _width(label) <= room or not words:
        return [label]
    first = [words.pop(0)]
    while words and _width(" ".join((*first, words[0]))) <= room:
        first.append(words.pop(0))
    return [_cut(line, room) for line in (" ".join(first), " ".join(words)) if line]


def _cut(line: str, room: float) -> str:
    if _width(line) <= room:
        return line
    while line and _width(line) + 1 > room:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _width(text: str) -> float:
    """About how many times its size a text is wide: a Korean syllable takes 0.9, a Latin letter 0.55."""
    return sum(0.55 if letter.isascii() else 0.9 for letter in text)


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
            room=(min(step * every / SIZE, step * sparse / LARGER) if at % sparse == 0 else step * every / SIZE) - GAP,
        )
        for at, (label, value) in enumerate(pairs)
    ]


def height(drawn: Sequence[Bar]) -> int:
    """Of the drawing, with a second line where a label needs one."""
    return HEIGHT + (LARGER if any(len(bar.lines) > 1 for bar in drawn if bar.is_labelled) else 0)


def shapes(drawn: Iterable[Bar]) -> SafeString:
    """The bars in the drawing, with what they say: a template takes ten times as long for each."""
    return SafeString("".join(map(_shape, drawn)))


def _shape(bar: Bar) -> str:
    dense, said = "" if bar.is_sparse else _DENSE, ""
    if bar.value:
        said = put(_VALUE, dense, bar.middle, bar.y, bar.text)
    if bar.is_labelled:
        lines = "".join(put(_LINE, bar.middle, _NEXT if at else "", line) for at, line in enumerate(bar.lines))
        said += put(_LABEL, dense, bar.middle, SafeString(lines))
    return put(_BOX, " own" if bar.own else "", bar.x, bar.y, bar.width, bar.height) + said


def rows(drawn: Iterable[Bar]) -> SafeString:
    """The same numbers as lines of a table."""
    return SafeString("".join(put(_ROW, _OWN if bar.own else "", bar.label, bar.text) for bar in drawn))


@dataclass(frozen=True)
class Spread:
    """How often values fall into the equal parts of their range."""

    low: float
    high: float
    counts: tuple[int, ...]

    @classmethod
    def of(cls, values: Sequence[float], *, bins: int = 10) -> Self:
        """Of one value at least."""
        spread = cls(min(values), max(values), (0,) * bins)
        counts = Counter(map(spread.part_of, values))
        return replace(spread, counts=tuple(counts[at] for at in range(bins)))

    @cached_property
    def width(self) -> float:
        return (self.high - self.low) / len(self.counts) or 1.0

    def part_of(self, value: float) -> int:
        return min(int((value - self.low) / self.width), len(self.counts) - 1)

    def bars(self, *, own: float | None = None) -> list[Bar]:
        """A bar for each part; the one that holds ``own`` is marked."""
        labels = _alike([self.low + self.width * at for at in range(len(self.counts))])
        mine = labels[self.part_of(own)] if own is not None and self.low <= own <= self.high else ""
        return bars(zip(labels, self.counts, strict=True), own=mine)


def _alike(values: Sequence[float]) -> list[str]:
    """Three digits of each, all with as many decimals as one of them has."""
    labels = [f"{value:.3g}" for value in values]
    if any("e" in label for label in labels):
        return labels
    decimals = max(len(label.partition(".")[2]) for label in labels)
    return [f"{value:.{decimals}f}" for value in values]


def histogram(values: Sequence[float], *, own: float | None = None, bins: int = 10) -> list[Bar]:
    """The :class:`Spread` of values as bars; none where there is no value."""
    return Spread.of(values, bins=bins).bars(own=own) if values else []
