"""How a task is scored, as its organiser says it, and whether that can be done with the labels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import isfinite
from typing import IO

import numpy as np

from dure.challenges.labels import Labels, Part, Split
from dure.challenges.metrics import OWN, Metric, Sort, Values, metric
from dure.compute.box import Limits
from dure.core.errors import Flawed, Refused
from dure.core.text import Text

_STRANGE = Text(
    ko="정답에 분류 이름에 없는 값이 있습니다: {names}. 분류 이름에 더하거나 정답 파일을 고치세요.",
    en="Labels that are no class: {names}. Name them among the classes, or correct the file.",
)


@dataclass(frozen=True)
class Measure:
    """How a task is scored. ``metric`` a name of ``metrics.METRICS``, or ``own`` with ``scorer``, a Python file.

    ``label_columns`` are those of the labels' file, ``columns`` those of a prediction file (left out: the same; of
    probabilities of more than two classes one for each class). ``classes`` in order; of two the second is positive.
    """

    metric: str
    label_columns: Sequence[str] = ("label",)
    id_column: str = "id"
    columns: Sequence[str] = ()
    classes: Sequence[str] = ()
    greater_is_better: bool = True
    precision: int = 6
    split: Split = field(default_factory=Split)
    scorer: IO[bytes] | None = None

    @property
    def known(self) -> Metric | None:
        return None if self.metric == OWN else metric(self.metric)

    @property
    def sort(self) -> Sort:
        return self.known.sort if self.known else Sort.TEXT

    @property
    def more_is_better(self) -> bool:
        return self.known.greater_is_better if self.known else self.greater_is_better

    @property
    def predicted(self) -> list[str]:
        per_class = self.sort is Sort.PROBABILITIES and len(self.classes) > 2
        return list(self.columns or (self.classes if per_class else self.label_columns))


def check_measure(measure: Measure) -> None:
    """Raise Flawed where what the organiser says does not go together."""
    if wrong := list(_wrong(measure)):
        errors = [{"field": name, **text.as_dict()} for name, text in wrong]
        raise Flawed("challenges.measure", wrong[0][1], errors=errors)


def _wrong(measure: Measure) -> Iterator[tuple[str, Text]]:
    """Which part of it is wrong, and why."""
    known = measure.known
    if known is None and measure.scorer is None:
        yield (
            "scorer",
            Text(
                ko="자체 채점기로 채점하려면 그 Python 파일을 올리세요.", en="Send the Python file of your own scorer."
            ),
        )
    if known is not None and measure.scorer is not None:
        yield (
            "scorer",
            Text(
                ko="자체 채점기는 지표를 ‘자체 채점기’로 고를 때만 올리세요.",
                en="Send a scorer only where the metric is your own scorer.",
            ),
        )
    if known and known.needs_classes and len(measure.classes) < 2:
        yield (
            "classes",
            Text(ko="이 지표에는 분류 이름 목록이 필요합니다.", en="This metric needs the list of classes."),
        )
    if known and known.two_classes and len(measure.classes) != 2:
        yield "classes", Text(ko="이 지표에는 분류가 둘이어야 합니다.", en="This metric is for exactly two classes.")
    if known and known.sort is not Sort.NUMBERS and len(measure.label_columns) != 1:
        yield "label_columns", Text(ko="정답 열은 하나여야 합니다.", en="There must be one column of labels.")
    if len(set(measure.predicted)) != len(measure.predicted) or measure.id_column in measure.predicted:
        yield "label_columns", Text(ko="열 이름이 겹칩니다.", en="A column is named twice.")
    if not 0 <= measure.precision <= 12:
        yield "precision", Text(ko="소수점 자리는 0–12로 정하세요.", en="Precision is 0 to 12 decimals.")


def check_limits(limits: Mapping[str, int]) -> None:
    """Raise Flawed unless they are bounds of a box."""
    known = asdict(Limits())
    if any(name not in known or not isinstance(most, int) or most < 1 for name, most in limits.items()):
        names = ", ".join(known)
        sentence = Text(ko="실행 한도는 다음의 자연수입니다: {names}", en="Limits are whole numbers from 1 of: {names}")
        told = sentence.format(names=names)
        raise Flawed("challenges.limits", told, errors=[{"field": "limits", **told.as_dict()}])


def check_scorable(labels: Labels, measure: Measure) -> None:
    """Each part holds rows, labels are among the classes, and the metric is defined on it."""
    known = measure.known
    strange = {cells[0] for cells in labels.cells} - set(measure.classes) if measure.classes else set()
    if known and known.sort is not Sort.NUMBERS and strange:
        told = _STRANGE.format(names=", ".join(sorted(strange)[:10]))
        raise Flawed("challenges.classes", told, errors=[{"field": "classes", **told.as_dict()}])
    for part in [Part.PUBLIC, Part.FINAL] if labels.has_final else [Part.PUBLIC]:
        mask = labels.mask(part)
        if not mask.any() or (known and not _is_defined(known, labels, mask, measure.classes)):
            sentence = Text(
                ko="‘{part}’ 부분은 이 지표로 채점할 수 없습니다. 행을 늘리거나 나누는 방법을 바꾸세요.",
                en="The {part} part cannot be scored by this metric. Give it more rows or cut it otherwise.",
            )
            raise Refused("challenges.part", sentence.format(part=part), part=part)


def _is_defined(known: Metric, labels: Labels, mask: Values, classes: Sequence[str]) -> bool:
    truth = labels.values(numeric=known.sort is Sort.NUMBERS)[mask]
    try:
        return isfinite(known.score(truth, _perfect(truth, known.sort, classes), classes))
    except ValueError:
        return False


def _perfect(truth: Values, sort: Sort, classes: Sequence[str]) -> Values:
    """What somebody who knew the labels would send."""
    if sort is not Sort.PROBABILITIES:
        return truth
    chances = np.array([[float(label == name) for name in classes] for label in truth[:, 0]])
    return chances[:, 1:] if len(classes) == 2 else chances
