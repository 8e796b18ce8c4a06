"""The metrics as somebody chooses one: in groups, which way is better, and what each says in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dure.challenges.metrics import METRICS, OWN, Sort
from dure.site import words

GROUPS: Mapping[Sort, Promise] = {
    Sort.LABELS: _("Names of classes are predicted"),
    Sort.PROBABILITIES: _("Probabilities are predicted"),
    Sort.NUMBERS: _("Numbers are predicted"),
}
ABOUT: Mapping[str, Promise] = {
    "accuracy": _("The part of all rows that is right. Simple; misleading where one class is rare."),
    "balanced-accuracy": _("The part that is right of each class, averaged: rare classes count as much as others."),
    "f1": _("How well the second of two classes is found: precision and recall in one number."),
    "f1-macro": _("F1 of each class, averaged: rare classes count as much as others."),
    "f1-micro": _("F1 over all rows together: frequent classes count more."),
    "f1-weighted": _("F1 of each class, weighted by how often it occurs."),
    "precision-macro": _("Of what was given a class, the part that is right, averaged over classes."),
    "recall-macro": _("Of what belongs to a class, the part that was found, averaged over classes."),
    "mcc": _("Agreement from −1 to 1 that stays fair where classes are of very different size."),
    "kappa": _("Agreement beyond chance, for classes without order."),
    "quadratic-kappa": _("Agreement for classes in order, such as grades: far off costs more than near."),
    "auc": _("How often a positive row stands before a negative one; needs no threshold."),
    "average-precision": _("The area under precision and recall; for a positive class that is rare."),
    "log-loss": _("How far the probabilities are from the truth; sure and wrong costs most."),
    "brier": _("The squared distance of a probability from the truth, for two classes."),
    "mean-average-precision": _("For rows with several labels: average precision of each label, averaged."),
    "rmse": _("The usual distance in the unit of the numbers; large errors count more."),
    "mse": _("The squared distance, averaged; large errors count much more."),
    "mae": _("The distance, averaged; every error counts by its size."),
    "median-ae": _("The distance in the middle: a few large errors do not matter."),
    "mape": _("The distance in per cent of the truth; not for numbers near zero."),
    "rmsle": _("The distance of orders of magnitude, for amounts and counts from zero."),
    "r2": _("The part of the variance that is explained: 1 is perfect, 0 as good as the mean."),
}


@dataclass(frozen=True)
class Described:
    """A metric in the list that explains them."""

    title: str
    about: str
    more_is_better: bool


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """For a field: the groups with their metrics, each saying which way is better; one's own last."""
    grouped = [(str(title), [(name, _labelled(name)) for name in METRICS if METRICS[name].sort is sort])
               for sort, title in GROUPS.items()]  # fmt: skip
    return [*grouped, (gettext("Something else"), [(OWN, gettext("the organiser's own scorer"))])]


def described() -> list[tuple[str, list[Described]]]:
    """The same with their explanations."""
    return [
        (str(title), [Described(words.say(one.title), str(ABOUT[one.name]), one.greater_is_better)
                      for one in METRICS.values() if one.sort is sort])
        for sort, title in GROUPS.items()
    ]  # fmt: skip


def _labelled(name: str) -> str:
    metric = METRICS[name]
    way = gettext("more is better") if metric.greater_is_better else gettext("less is better")
    return f"{words.say(metric.title)} – {way}"
