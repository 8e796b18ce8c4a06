"""What was handed in as a page shows it: text line by line, with what is said of each, and files."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from dure.core.rubrics import Criterion
from dure.core.text import Text
from dure.learning.files import SHELF
from dure.learning.models import HandIn, MarginNote, Mark, WorkFile
from dure.learning.queries.assignments import notes_for
from dure.people.models import Person

MOST_BYTES, MOST_LINES = 200_000, 2_000


@dataclass(frozen=True)
class Line:
    number: int
    text: str
    notes: Sequence[MarginNote]


@dataclass(frozen=True)
class Sheet:
    """The text that was written (no ``file``), or a file: its lines where it is plain text of a size to be read, else
    what is said of its ``pages`` (none: of all of it)."""

    file: WorkFile | None
    lines: Sequence[Line]
    pages: Sequence[tuple[int | None, Sequence[MarginNote]]] = ()


@dataclass(frozen=True)
class Paper:
    sheets: Sequence[Sheet]
    notes: Sequence[MarginNote]  # of the whole


def paper_of(hand_in: HandIn, *, reader: Person, all_notes: bool) -> Paper:
    """``all_notes``: what everybody said of it, or the reader alone."""
    found = list(notes_for(hand_in, reader=reader, all_of_them=all_notes))
    by_line = defaultdict[tuple[UUID | None, int | None], list[MarginNote]](list)
    for note in found:
        by_line[note.file_id, note.line].append(note)
    sheets = [Sheet(None, _lines(hand_in.text, None, by_line))] if hand_in.text else []
    for file in hand_in.files.all():
        of_file = [note for note in found if note.file_id == file.pk and note.line is None]
        sheets.append(Sheet(file, _lines(read_text(file), file.pk, by_line), _pages(of_file)))
    return Paper(sheets, [note for note in found if note.file_id is None and note.line is None])


def _pages(notes: Sequence[MarginNote]) -> list[tuple[int | None, list[MarginNote]]]:
    by_page = defaultdict[int | None, list[MarginNote]](list)
    for note in notes:
        by_page[note.page].append(note)
    return sorted(by_page.items(), key=lambda told: told[0] or 0)


def _lines(text: str, file: UUID | None, notes: dict[tuple[UUID | None, int | None], list[MarginNote]]) -> list[Line]:
    rows = text.splitlines()[:MOST_LINES]
    return [Line(number, row, notes.get((file, number), ())) for number, row in enumerate(rows, start=1)]


def read_text(file: WorkFile) -> str:
    """Its text; "" where it is none, or too long to be read here."""
    if file.size > MOST_BYTES:
        return ""
    try:
        text = SHELF.path_of(file.sha256).read_bytes().decode()
    except UnicodeDecodeError:
        return ""
    return "" if "\0" in text else text


@dataclass(frozen=True)
class Row:
    """A criterion with the points that somebody gave."""

    criterion: Criterion
    points: Decimal | None

    @property
    def name(self) -> Text:
        return self.criterion.text


def rows_of(hand_in: HandIn, points: dict[str, Decimal]) -> list[Row]:
    return [Row(one, points.get(one.key)) for one in hand_in.rubric.read.criteria]


def points_of(mark: Mark) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in mark.by_criterion.items()}
