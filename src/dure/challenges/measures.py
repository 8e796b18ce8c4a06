"""How a task is scored, as its organiser says it, and whether that can be done with the labels."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import isfinite
from typing import IO

import numpy as np

from dure.challenges.labels import Labels, Part, Split
from dure.challenges.metrics import OWN, Metric, Sort, Values, metric
from dure.compute.box import Limits
from dure.core.errors import Flawed, Refused
from dure.core.text import Text


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
    known = measure.known
    wrong: list[Text] = []
    if (known is None) != (measure.scorer is not None):
        wrong.append(Text(ko="자체 채점기는 지표가 own일 때만 올리세요.", en="A scorer goes with the metric own."))
    if known and known.needs_classes and len(measure.classes) < 2:
        wrong.append(Text(ko="이 지표에는 분류 이름 목록이 필요합니다.", en="This metric needs the list of classes."))
    if known and known.two_classes and len(measure.classes) != 2:
        wrong.append(Text(ko="이 지표에는 분류가 둘이어야 합니다.", en="This metric is for exactly two classes."))
    if known and known.sort is not Sort.NUMBERS and len(measure.label_columns) != 1:
        wrong.append(Text(ko="정답 열은 하나여야 합니다.", en="There must be one column of labels."))
    if len(set(measure.predicted)) != len(measure.predicted) or measure.id_column in measure.predicted:
        wrong.append(Text(ko="열 이름이 겹칩니다.", en="A column is named twice."))
    if not 0 <= measure.precision <= 12:
        wrong.append(Text(ko="소수점 자리는 0–12로 정하세요.", en="Precision is 0 to 12 decimals."))
    if wrong:
        raise Flawed("challenges.measure", wrong[0], errors=[text.as_dict() for text in wrong])


def check_limits(limits: Mapping[str, int]) -> None:
    """Raise Flawed unless they are bounds of a box."""
    known = asdict(Limits())
    if any(name not in known or not isinstance(most, int) or most < 1 for name, most in limits.items()):
        names = ", ".join(known)
        sentence = Text(ko="실행 한도는 다음의 자연수입니다: {names}", en="Limits are whole numbers from 1 of: {names}")
        raise Flawed("challenges.limits", sentence.format(names=names), errors=sorted(limits))


def check_scorable(labels: Labels, measure: Measure) -> None:
    """Each part holds rows, labels are among the classes, and the metric is defined on it."""
    known = measure.known
    strange = {cells[0] for cells in labels.cells} - set(measure.classes) if measure.classes else set()
    if known and known.sort is not Sort.NUMBERS and strange:
        sentence = Text(ko="정답에 목록에 없는 분류가 있습니다: {names}", en="Labels that are no class: {names}")
        names = ", ".join(sorted(strange)[:10])
        raise Flawed("challenges.classes", sentence.format(names=names), errors=sorted(strange)[:10])
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
