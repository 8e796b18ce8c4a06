"""What counts as a model's answer: the cells of its prediction file, of probabilities the class that is most likely."""

from collections.abc import Sequence
from decimal import Decimal

from dure.challenges.field.requests import Cells
from dure.challenges.field.tally import Measure
from dure.challenges.metrics import Sort
from dure.challenges.models import FieldTrial, Task
from dure.challenges.predictions import Format
from dure.challenges.scoring import format_of
from dure.challenges.tables import number, read_table

_HALF = 0.5


def answer_columns(task: Task) -> Sequence[str]:
    """What an answer has a cell for: of probabilities one, the class."""
    form = format_of(task)
    return ["class"] if form.sort is Sort.PROBABILITIES else list(form.columns)


def measure_of(trial: FieldTrial) -> Measure:
    """How the trial's answers are compared."""
    form = format_of(trial.submission.entrant.task)
    return Measure(form.sort is Sort.NUMBERS, Decimal(trial.tolerance))


def answers_in(data: bytes, form: Format) -> dict[str, Cells]:
    """By id the answers of a prediction file; those that cannot be scored, or stand there twice, are left out.

    Raises Flawed where it is no such file at all.
    """
    table = read_table(data, expected=form.header)
    ids, columns = table.cells(form.id_column), [table.cells(name) for name in form.columns]
    doubled = {one for one in ids if ids.count(one) > 1} if len(set(ids)) < len(ids) else set()
    found = {one: cells for one, *cells in zip(ids, *columns, strict=True) if one not in doubled}
    return {one: answer for one, cells in found.items() if (answer := _answer(cells, form)) is not None}


def _answer(cells: Sequence[str], form: Format) -> Cells | None:
    if form.numeric:
        numbers = [number(cell) for cell in cells]
        if any(value is None or not form.least <= value <= form.most for value in numbers):
            return None
        likely = [value for value in numbers if value is not None]
        return (_likeliest(likely, form.classes),) if form.sort is Sort.PROBABILITIES else tuple(cells)
    known = set(form.classes)
    if any(not cell.strip() or "\0" in cell or (known and cell not in known) for cell in cells):
        return None
    return tuple(cells)


def _likeliest(chances: Sequence[float], classes: Sequence[str]) -> str:
    """Of two classes the second from one half up; of more the first among the most likely."""
    if len(chances) == 1:
        return classes[1] if chances[0] >= _HALF else classes[0]
    return classes[max(range(len(chances)), key=chances.__getitem__)]
