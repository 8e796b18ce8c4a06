"""The metrics that the platform knows: scikit-learn's, by name, with what a submission for each must look like."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from dure.core.errors import Missing
from dure.core.text import Text

Values = npt.NDArray[Any]
Compute = Callable[[Values, Values, Sequence[str]], float]
OWN = "own"  # the organiser's own scorer


class Sort(StrEnum):
    """What stands in a prediction file.

    LABELS: one column with the name of a class. PROBABILITIES: the second of two classes in one column, or a column
    for each class. NUMBERS: as many columns as the test set has labels. TEXT: whatever an own scorer reads.
    """

    LABELS = "labels"
    PROBABILITIES = "probabilities"
    NUMBERS = "numbers"
    TEXT = "text"


@dataclass(frozen=True)
class Metric:
    """``compute(truth, predicted, classes)`` over arrays of shape (rows, columns).

    ``needs_classes``: the task must list its classes, in order; of two the second is the positive one.
    ``least`` and ``most`` bound each number of a submission; ``sums_to_one``: the columns of each row do.
    """

    name: str
    title: Text
    sort: Sort
    greater_is_better: bool
    compute: Compute
    needs_classes: bool = False
    two_classes: bool = False
    least: float = -1e15
    most: float = 1e15
    sums_to_one: bool = False

    def score(self, truth: Values, predicted: Values, classes: Sequence[str] = ()) -> float:
        """The score of one part; NaN where it is not defined there (AUC of a single class)."""
        with warnings.catch_warnings(action="ignore"):  # undefined cases come back as NaN or as the worst score
            return float(self.compute(truth, predicted, classes))


def metric(name: str) -> Metric:
    """The metric of that name. Raises Missing with the list of all names."""
    try:
        return METRICS[name]
    except KeyError:
        known = ", ".join([*METRICS, OWN])
        sentence = Text(
            ko="‘{name}’ 지표가 없습니다. 다음 중에서 고르세요: {known}",
            en="There is no metric {name}. Choose one of: {known}",
        )
        raise Missing("challenges.metric", sentence.format(name=name, known=known), name=name) from None


def _of(name: str) -> Callable[..., Any]:
    """scikit-learn's function. Its import is half of a process's start, so only what scores something pays for it."""
    from sklearn import metrics  # noqa: PLC0415 -- slow import

    found: Callable[..., Any] = getattr(metrics, name)
    return found


def _labels(function: str, **options: Any) -> Compute:
    return lambda truth, predicted, _: _of(function)(*_coded(truth[:, 0], predicted[:, 0]), **options)


def _coded(truth: Values, predicted: Values) -> tuple[Values, Values]:
    """Labels by their places in the order of their names: to the metrics the same, and numbers are quick to sort."""
    code = {name: place for place, name in enumerate(sorted({*truth, *predicted}))}
    first, second = (np.fromiter(map(code.__getitem__, column), dtype=int) for column in (truth, predicted))
    return first, second


def _numbers(function: str, **options: Any) -> Compute:
    return lambda truth, predicted, _: _of(function)(truth, predicted, **options)


def _f1(truth: Values, predicted: Values, classes: Sequence[str]) -> float:
    positive = classes[1]
    return float(_of("f1_score")(truth[:, 0] == positive, predicted[:, 0] == positive, zero_division=0.0))


def _quadratic_kappa(truth: Values, predicted: Values, classes: Sequence[str]) -> float:
    """Classes stand in the task's order: as text "10" would come before "2"."""
    labels = list(classes)
    return float(_of("cohen_kappa_score")(truth[:, 0], predicted[:, 0], labels=labels, weights="quadratic"))


def _auc(truth: Values, predicted: Values, classes: Sequence[str]) -> float:
    """Of more than two classes: each against the rest, unweighted mean."""
    return float(_of("roc_auc_score")(_indicators(truth, classes), _squeezed(predicted), average="macro"))


def _average_precision(truth: Values, predicted: Values, classes: Sequence[str]) -> float:
    """Of more than two classes: the mean over classes, each against the rest."""
    indicators = _indicators(truth, classes)
    return float(_of("average_precision_score")(indicators, _squeezed(predicted), average="macro"))


def _log_loss(truth: Values, predicted: Values, classes: Sequence[str]) -> float:
    """Columns that add up to one but for rounding are brought to one exactly."""
    chances = predicted / predicted.sum(axis=1, keepdims=True) if predicted.shape[1] > 1 else predicted[:, 0]
    return float(_of("log_loss")(_indices(truth, classes), chances, labels=list(range(len(classes)))))


def _brier(truth: Values, predicted: Values, classes: Sequence[str]) -> float:
    return float(_of("brier_score_loss")(_indices(truth, classes), predicted[:, 0], labels=[0, 1]))


def _indices(truth: Values, classes: Sequence[str]) -> Values:
    place = {name: index for index, name in enumerate(classes)}
    return np.array([place[name] for name in truth[:, 0]])


def _indicators(truth: Values, classes: Sequence[str]) -> Values:
    from sklearn.preprocessing import label_binarize  # noqa: PLC0415 -- as above

    indices = _indices(truth, classes)
    return indices if len(classes) == 2 else np.asarray(label_binarize(indices, classes=range(len(classes))))


def _squeezed(predicted: Values) -> Values:
    return predicted[:, 0] if predicted.shape[1] == 1 else predicted


def _metric(name: str, ko: str, en: str, sort: Sort, compute: Compute, **more: Any) -> Metric:
    return Metric(name, Text(ko=ko, en=en), sort, compute=compute, **{"greater_is_better": True, **more})


def _error(name: str, ko: str, en: str, function: str, **more: Any) -> Metric:
    return _metric(name, ko, en, Sort.NUMBERS, _numbers(function), greater_is_better=False, **more)


def _average(function: str, average: str) -> Compute:
    return _labels(function, average=average, zero_division=0.0)


_PROBABILITY: Mapping[str, Any] = {"needs_classes": True, "least": 0.0, "most": 1.0, "greater_is_better": False}

METRICS: Mapping[str, Metric] = {
    one.name: one
    for one in (
        _metric("accuracy", "정확도", "accuracy", Sort.LABELS, _labels("accuracy_score")),
        _metric(
            "balanced-accuracy",
            "균형 정확도",
            "balanced accuracy",
            Sort.LABELS,
            _labels("balanced_accuracy_score"),
        ),
        _metric("f1", "F1", "F1", Sort.LABELS, _f1, needs_classes=True, two_classes=True),
        _metric("f1-macro", "F1(매크로)", "F1 (macro)", Sort.LABELS, _average("f1_score", "macro")),
        _metric("f1-micro", "F1(마이크로)", "F1 (micro)", Sort.LABELS, _average("f1_score", "micro")),
        _metric("f1-weighted", "F1(가중)", "F1 (weighted)", Sort.LABELS, _average("f1_score", "weighted")),
        _metric(
            "precision-macro",
            "정밀도(매크로)",
            "precision (macro)",
            Sort.LABELS,
            _average("precision_score", "macro"),
        ),
        _metric("recall-macro", "재현율(매크로)", "recall (macro)", Sort.LABELS, _average("recall_score", "macro")),
        _metric("mcc", "매튜스 상관계수", "Matthews correlation", Sort.LABELS, _labels("matthews_corrcoef")),
        _metric("kappa", "카파", "Cohen's kappa", Sort.LABELS, _labels("cohen_kappa_score")),
        _metric(
            "quadratic-kappa",
            "카파(제곱 가중)",
            "kappa (quadratic)",
            Sort.LABELS,
            _quadratic_kappa,
            needs_classes=True,
        ),
        _metric("auc", "AUC", "AUC", Sort.PROBABILITIES, _auc, needs_classes=True),
        _metric(
            "average-precision",
            "평균 정밀도",
            "average precision",
            Sort.PROBABILITIES,
            _average_precision,
            needs_classes=True,
        ),
        _metric("log-loss", "로그 손실", "log loss", Sort.PROBABILITIES, _log_loss, sums_to_one=True, **_PROBABILITY),
        _metric("brier", "브라이어 점수", "Brier score", Sort.PROBABILITIES, _brier, two_classes=True, **_PROBABILITY),
        _metric(
            "mean-average-precision",
            "평균 정밀도의 평균(여러 라벨)",
            "mean average precision (several labels)",
            Sort.NUMBERS,
            _numbers("average_precision_score", average="macro"),
        ),
        _error("rmse", "평균 제곱근 오차", "root mean squared error", "root_mean_squared_error"),
        _error("mse", "평균 제곱 오차", "mean squared error", "mean_squared_error"),
        _error("mae", "평균 절대 오차", "mean absolute error", "mean_absolute_error"),
        _error("median-ae", "절대 오차의 중앙값", "median absolute error", "median_absolute_error"),
        _error("mape", "평균 절대 백분율 오차", "mean absolute percentage error", "mean_absolute_percentage_error"),
        _error(
            "rmsle",
            "평균 제곱근 로그 오차",
            "root mean squared log error",
            "root_mean_squared_log_error",
            least=0.0,
        ),
        _metric("r2", "결정계수", "R²", Sort.NUMBERS, _numbers("r2_score")),
    )
}
