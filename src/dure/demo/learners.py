"""Who takes part: honest models of different strength, programs, broken files, and one that looks for labels."""

from collections.abc import Callable, Sequence
from textwrap import dedent

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from dure.demo.problems import Problem, sheet, zipped

LEAST = 40  # training rows of the weakest
IMAGES: Sequence[Callable[[], object]] = (
    GaussianNB, lambda: KNeighborsClassifier(1), lambda: DecisionTreeClassifier(random_state=7),
    lambda: KNeighborsClassifier(3), MultinomialNB, lambda: LogisticRegression(max_iter=60, C=0.01, tol=0.05),
)  # fmt: skip
TEXTS: Sequence[Callable[[], object]] = (
    MultinomialNB, BernoulliNB, ComplementNB, lambda: KNeighborsClassifier(15), lambda: RidgeClassifier(alpha=300.0),
)  # fmt: skip


def predict(problem: Problem, *, learner: int, diligence: float) -> list[str]:
    """What model ``learner`` says after it has seen the part ``diligence`` (0 to 1) of the training rows and features.

    The rows are drawn for each learner, so that two who use the same model do not predict the same.
    """
    models = TEXTS if problem.is_text else IMAGES
    model = models[learner % len(models)]()
    trained, asked = problem.features
    draw = np.random.default_rng(learner)
    rows = _some(draw, trained.shape[0], diligence, least=LEAST)
    columns = _some(draw, trained.shape[1], 0.4 + 0.6 * diligence, least=1)
    model.fit(trained[rows][:, columns], np.array(problem.known)[rows])  # type: ignore[attr-defined]  # sklearn's
    return [str(label) for label in model.predict(asked[:, columns])]  # type: ignore[attr-defined]  # sklearn's


def _some(draw: np.random.Generator, count: int, share: float, *, least: int) -> NDArray[np.int64]:
    size = min(count, max(least, round(count * share)))
    return np.sort(draw.permutation(count)[:size])


def program(problem: Problem, *, learner: int) -> bytes:
    """A program that learns and predicts by itself, as an archive."""
    return zipped({"main.py": (_TEXT_PROGRAM if problem.is_text else _IMAGE_PROGRAM).format(k=1 + learner).encode()})


def broken_files(problem: Problem) -> dict[str, bytes]:
    """Files that cannot be scored, by what is wrong with them."""
    predicted = [problem.classes[0]] * len(problem.ids)
    rows = list(zip(problem.ids, predicted, strict=True))
    return {
        "missing-ids": sheet(["id", "label"], rows[:-3]),
        "doubled-ids": sheet(["id", "label"], [*rows[:-1], rows[0]]),
        "not-a-number": sheet(["id", "label"], [(rows[0][0], "NaN"), *rows[1:]]),
        "wrong-header": sheet(["row", "prediction"], rows),
    }


def label_hunter() -> bytes:
    """A program that looks for the labels everywhere instead of learning."""
    return zipped({"main.py": _HUNTER.encode()})


_IMAGE_PROGRAM = dedent(
    """
    import csv, os
    import numpy as np
    from sklearn.neighbors import KNeighborsClassifier

    box = os.environ["BOX"]
    def read(name):
        with open(f"{{box}}/data/{{name}}") as file:
            return list(csv.reader(file))[1:]
    train, test = read("train.csv"), read("test.csv")
    model = KNeighborsClassifier({k}).fit(np.array([row[:-1] for row in train], float), [row[-1] for row in train])
    predicted = model.predict(np.array([row[1:] for row in test], float))
    with open(f"{{box}}/output/predictions.csv", "w") as file:
        csv.writer(file).writerows([["id", "label"], *zip((row[0] for row in test), predicted)])
    print("trained on", len(train), "rows")
    """
)
_TEXT_PROGRAM = dedent(
    """
    import csv, os
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import ComplementNB

    box = os.environ["BOX"]
    def read(name):
        with open(f"{{box}}/data/{{name}}", encoding="utf-8") as file:
            return list(csv.reader(file))[1:]
    train, test = read("train.csv"), read("test.csv")
    counter = CountVectorizer(analyzer="char_wb", ngram_range=(2, 3 + {k} % 2))
    model = ComplementNB().fit(counter.fit_transform([row[0] for row in train]), [row[-1] for row in train])
    predicted = model.predict(counter.transform([row[1] for row in test]))
    with open(f"{{box}}/output/predictions.csv", "w") as file:
        csv.writer(file).writerows([["id", "label"], *zip((row[0] for row in test), predicted)])
    print("trained on", len(train), "rows")
    """
)
_HUNTER = dedent(
    """
    import os, sys

    known = ("/usr", "/lib", "/proc", "/sys", "/dev", "/opt", sys.base_prefix, os.environ["BOX"] + "/data")
    found = []
    for folder, below, names in os.walk("/"):
        below[:] = [name for name in below if not os.path.join(folder, name).startswith(known)]
        for name in names:
            try:
                with open(os.path.join(folder, name), "rb") as file:
                    if b"label" in file.read(200) and not name.endswith(".py"):
                        found.append(os.path.join(folder, name))
            except OSError:
                pass
    print("files with labels:", found)
    sys.exit(3 if not found else 0)
    """
)
