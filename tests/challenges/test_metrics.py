"""Each metric is scikit-learn's, and knows what is better."""

import numpy as np
import pytest
from sklearn import metrics as sk

from dure.challenges.metrics import METRICS, Sort, metric
from dure.core.errors import Missing

DRAW = np.random.default_rng(7)
ROWS = 200
NAMES = ("cat", "dog", "owl")
TRUTH = DRAW.choice(NAMES, ROWS)
GUESS = np.where(DRAW.random(ROWS) < 0.7, TRUTH, DRAW.choice(NAMES, ROWS))
RAW = DRAW.random((ROWS, 3))
CHANCES = RAW / RAW.sum(axis=1, keepdims=True)
YES = DRAW.choice(("no", "yes"), ROWS)
CHANCE = np.round(DRAW.random(ROWS), 2)
REAL = DRAW.random(ROWS) * 10
NEAR = REAL + DRAW.random(ROWS)
MANY = (DRAW.random((ROWS, 4)) < 0.3).astype(float)
SCORES = DRAW.random((ROWS, 4))


def column(values):
    return np.asarray(values, dtype=object if values.dtype.kind == "U" else float).reshape(-1, 1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", sk.accuracy_score(TRUTH, GUESS)),
        ("balanced-accuracy", sk.balanced_accuracy_score(TRUTH, GUESS)),
        ("f1-macro", sk.f1_score(TRUTH, GUESS, average="macro")),
        ("f1-micro", sk.f1_score(TRUTH, GUESS, average="micro")),
        ("f1-weighted", sk.f1_score(TRUTH, GUESS, average="weighted")),
        ("precision-macro", sk.precision_score(TRUTH, GUESS, average="macro")),
        ("recall-macro", sk.recall_score(TRUTH, GUESS, average="macro")),
        ("mcc", sk.matthews_corrcoef(TRUTH, GUESS)),
        ("kappa", sk.cohen_kappa_score(TRUTH, GUESS)),
        ("quadratic-kappa", sk.cohen_kappa_score(TRUTH, GUESS, weights="quadratic")),
    ],
)
def test_metrics_of_class_labels(name, expected):
    assert METRICS[name].score(column(TRUTH), column(GUESS), NAMES) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("auc", sk.roc_auc_score(YES == "yes", CHANCE)),
        ("average-precision", sk.average_precision_score(YES == "yes", CHANCE)),
        ("log-loss", sk.log_loss(YES, CHANCE, labels=["no", "yes"])),
        ("brier", sk.brier_score_loss(YES == "yes", CHANCE)),
    ],
)
def test_metrics_of_one_probability(name, expected):
    assert METRICS[name].score(column(YES), column(CHANCE), ("no", "yes")) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("auc", sk.roc_auc_score(TRUTH, CHANCES, multi_class="ovr", labels=NAMES)),
        ("log-loss", sk.log_loss(TRUTH, CHANCES, labels=NAMES)),
        (
            "average-precision",
            np.mean(
                [sk.average_precision_score((name == TRUTH).astype(int), CHANCES[:, i]) for i, name in enumerate(NAMES)]
            ),
        ),
    ],
)
def test_metrics_of_a_probability_for_each_class(name, expected):
    assert METRICS[name].score(column(TRUTH), CHANCES, NAMES) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rmse", sk.root_mean_squared_error(REAL, NEAR)),
        ("mse", sk.mean_squared_error(REAL, NEAR)),
        ("mae", sk.mean_absolute_error(REAL, NEAR)),
        ("median-ae", sk.median_absolute_error(REAL, NEAR)),
        ("mape", sk.mean_absolute_percentage_error(REAL, NEAR)),
        ("rmsle", sk.root_mean_squared_log_error(REAL, NEAR)),
        ("r2", sk.r2_score(REAL, NEAR)),
    ],
)
def test_metrics_of_numbers(name, expected):
    assert METRICS[name].score(column(REAL), column(NEAR)) == expected


def test_mean_average_precision_is_the_mean_over_labels():
    expected = np.mean([sk.average_precision_score(MANY[:, i], SCORES[:, i]) for i in range(4)])

    assert METRICS["mean-average-precision"].score(MANY, SCORES) == pytest.approx(expected, rel=1e-12)


def test_f1_takes_the_second_class_for_the_positive_one():
    guess = np.where(CHANCE > 0.5, "yes", "no")

    assert METRICS["f1"].score(column(YES), column(guess), ("no", "yes")) == sk.f1_score(YES, guess, pos_label="yes")


@pytest.mark.parametrize("known", METRICS.values(), ids=METRICS)
def test_knowing_the_truth_is_never_worse_than_being_wrong(known):
    classes = NAMES if not known.two_classes else ("no", "yes")
    truth, right, wrong = _best_and_worst(known, classes)

    best, worst = known.score(truth, right, classes), known.score(truth, wrong, classes)

    assert (best > worst) == known.greater_is_better


def _best_and_worst(known, classes):
    if known.name == "mean-average-precision":
        return MANY, MANY, 1 - MANY
    if known.sort is Sort.NUMBERS:
        return column(REAL), column(REAL), column(REAL + 5)
    labels = TRUTH if len(classes) == 3 else YES
    turned = np.array([classes[(classes.index(one) + 1) % len(classes)] for one in labels])
    if known.sort is Sort.LABELS:
        return column(labels), column(labels), column(turned)
    chances, others = ((one[:, None] == np.array(classes)) * 1.0 for one in (labels, turned))
    return column(labels), *((c[:, 1:] if len(classes) == 2 else c) for c in (chances, others))


def test_a_metric_that_is_not_defined_on_a_part_is_not_a_number():
    assert np.isnan(METRICS["auc"].score(column(np.array(["no", "no"])), column(CHANCE[:2]), ("no", "yes")))


def test_an_unknown_metric_is_answered_with_the_known_ones():
    with pytest.raises(Missing, match=r"accuracy, .*, own"):
        metric("given formula")
