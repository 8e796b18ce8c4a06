"""Tables that somebody sent: their rows by column, and every flaw of them with its row and column."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from dure.core.errors import Flawed
from dure.core.text import Text

Rows = Sequence[tuple[int, Sequence[str]]]
_FLAWED = Text(
    ko="{n}곳을 고쳐야 합니다. 아무것도 들어가지 않았습니다. 고친 파일을 다시 올리세요.",
    en="{n} places must be corrected. Nothing was taken in: send the corrected file again.",
)
_UNKNOWN = Text(ko="모르는 열입니다: {name}", en="No such column: {name}")
_DOUBLED = Text(ko="같은 열이 두 번 있습니다: {name}", en="The column is there twice: {name}")
_LACKS = Text(ko="열이 없습니다: {name}", en="The column is missing: {name}")
_WIDE = Text(
    ko="머리글보다 칸이 많습니다. 쉼표나 따옴표를 확인하세요.",
    en="There are more cells than headings. Check its commas and quotation marks.",
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What cannot be taken in, at a cell; without ``column`` it is the row as a whole. The header is row 1."""

    row: int
    text: Text
    column: str = ""

    def as_dict(self) -> dict[str, object]:
        return {"row": self.row, "column": self.column, "text": self.text.as_dict()}


@dataclass(frozen=True)
class Sent:
    """A table as it was sent: each row's number and its cells by column, of which every heading has one.

    ``flaws`` are those of its shape; a table whose header is flawed has no rows, as nobody can say what they mean.
    """

    names: Sequence[str]
    rows: Sequence[tuple[int, dict[str, str]]]
    flaws: list[Flaw]


def read_rows(
    header: Sequence[str], rows: Rows, *, needed: Collection[str], known: Collection[str] | None = None,
    strip: bool = True,
) -> Sent:  # fmt: skip
    """Cells by the names in the header, without the blanks around them (``strip``); columns without a name are passed
    over. ``known``: the columns that there may be, any where it is left out."""
    names = [name.strip().lower() for name in header]
    flaws = list(_head_flaws(names, needed, names if known is None else known))
    told = [] if flaws else [(number, _cells(names, row, strip)) for number, row in rows]
    flaws += [Flaw(number, _WIDE) for number, row in rows if any(cell.strip() for cell in row[len(names) :])]
    return Sent(names, told, flaws)


def _head_flaws(names: Sequence[str], needed: Collection[str], known: Collection[str]) -> Iterator[Flaw]:
    for name in dict.fromkeys(filter(None, names)):
        if name not in known:
            yield Flaw(1, _UNKNOWN.format(name=name), name)
        elif names.count(name) > 1:
            yield Flaw(1, _DOUBLED.format(name=name), name)
    yield from (Flaw(1, _LACKS.format(name=name), name) for name in needed if name not in names)


def _cells(names: Sequence[str], row: Sequence[str], strip: bool) -> dict[str, str]:
    told = zip_longest(names, row[: len(names)], fillvalue="")
    return {name: cell.strip() if strip else cell for name, cell in told if name}


def written_in(row: Mapping[str, str], name: str) -> str:
    """The column of a text in two languages: the English one where only that is there, or only that is filled in."""
    korean, english = f"{name}_ko", f"{name}_en"
    alone = korean not in row or (row.get(english, "").strip() and not row[korean].strip())
    return english if english in row and alone else korean


def raise_flaws(flaws: Sequence[Flaw], *, code: str) -> None:
    """Raise Flawed(code) with every flaw, by row, where there is any: a table is taken in whole, or not at all."""
    if flaws:
        errors = [flaw.as_dict() for flaw in sorted(flaws, key=lambda flaw: flaw.row)]
        raise Flawed(code, _FLAWED.format(n=len(flaws)), errors=errors)
