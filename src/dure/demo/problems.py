"""The tasks of the demo: two for the first round, eight for the second, all cut from the same real data."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from dure.core.text import Text
from dure.demo.data import Array, Comments, Digits

Cells = Sequence[Sequence[str]]
_SIDE = 8


@dataclass(frozen=True)
class Problem:
    """A task: ``cells`` describe each row; even rows are for training, odd rows are asked. ``title`` says how."""

    option: str
    title: Text
    header: tuple[str, ...]
    cells: Cells
    labels: list[str]

    @property
    def is_text(self) -> bool:
        return self.header == ("text",)

    @property
    def classes(self) -> list[str]:
        return sorted(set(self.labels))

    @property
    def ids(self) -> list[str]:
        """Of the rows that are asked."""
        return [f"{self.option}-{number}" for number in range(1, len(self.labels), 2)]

    @property
    def truth(self) -> list[str]:
        return self.labels[1::2]

    @property
    def known(self) -> list[str]:
        """The labels of the training rows."""
        return self.labels[0::2]

    @cached_property
    def features(self) -> tuple[Any, Any]:
        """What models learn from, and what they are asked: an array of pixels, or a sparse one of short strings."""
        if not self.is_text:
            table = np.array([[float(cell) for cell in row] for row in self.cells])
            return table[0::2], table[1::2]
        texts = [row[0] for row in self.cells]
        counter = CountVectorizer(analyzer="char_wb", ngram_range=(2, 4), max_features=3000)
        return counter.fit_transform(texts[0::2]), counter.transform(texts[1::2])

    def labels_file(self) -> bytes:
        return sheet(["id", "label"], zip(self.ids, self.truth, strict=True))

    def predictions_file(self, predicted: Iterable[str]) -> bytes:
        return sheet(["id", "label"], zip(self.ids, predicted, strict=True))

    def archive(self) -> bytes:
        """What entrants download and programs read: the training part with labels, the asked part without."""
        trained = [[*row, label] for row, label in zip(self.cells[0::2], self.known, strict=True)]
        asked = [[name, *row] for name, row in zip(self.ids, self.cells[1::2], strict=True)]
        parts = {
            "train.csv": sheet([*self.header, "label"], trained),
            "test.csv": sheet(["id", *self.header], asked),
            "sample_submission.csv": self.predictions_file([self.classes[0]] * len(self.ids)),
            "README.md": self._readme().encode(),
        }
        return zipped(parts)

    def _readme(self) -> str:
        classes = ", ".join(self.classes)
        return (
            f"# {self.title.ko} / {self.title.en}\n\n"
            "train.csv의 label을 배워 test.csv의 id마다 label을 예측하고 sample_submission.csv와 같은 모양으로 "
            f"제출하세요.\n\nLearn `label` from train.csv, predict it for every id of test.csv, and hand in a "
            f"file of the shape of sample_submission.csv.\n\nlabel: {classes}\n"
        )


def sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def zipped(parts: dict[str, bytes]) -> bytes:
    """An archive of small files, the same bytes every time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 7, 13, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def first_round(digits: Digits, comments: Comments) -> list[Problem]:
    whole = Text(ko="손글씨 숫자 맞히기", en="Which digit an image shows")
    rating = Text(ko="댓글의 평점 맞히기", en="Whether a comment is favourable")
    return [
        _images("image-classification", whole, digits.images, digits.labels),
        _texts("comment-classification", rating, comments.texts, comments.labels),
    ]


def second_round(digits: Digits, comments: Comments) -> list[Problem]:
    """Eight topics. NAVER's service data are not public: these are variants of the data of the first round."""
    long, short = _by_length(comments)
    turned: list[tuple[str, Text, Callable[[Array], Array]]] = [
        ("clova", Text(ko="90도 돌린 숫자", en="Digits turned by 90 degrees"), _turned),
        ("shopping", Text(ko="위쪽 절반만 보이는 숫자", en="The upper half of digits"), lambda image: image[:4]),
        ("place", Text(ko="왼쪽 절반만 보이는 숫자", en="The left half of digits"), lambda image: image[:, :4]),
        ("topic-7", Text(ko="해상도를 절반으로 줄인 숫자", en="Digits at half the resolution"), _halved),
        ("topic-8", Text(ko="흑백으로만 나눈 숫자", en="Digits in black and white"), _inked),
    ]
    reversed_ = Text(ko="첫 40자만 보이는 댓글", en="The first 40 characters of comments")
    return [
        *(_images(option, title, _each(digits.images, change), digits.labels) for option, title, change in turned),
        _texts("blog", Text(ko="긴 댓글", en="Long comments"), *long),
        _texts("cafe", Text(ko="짧은 댓글", en="Short comments"), *short),
        _texts("comments", reversed_, [text[:40] for text in comments.texts], comments.labels),
    ]


def _images(option: str, title: Text, images: Array, labels: list[str]) -> Problem:
    header = tuple(f"p{number}" for number in range(images.shape[1]))
    return Problem(option, title, header, [[f"{value:g}" for value in row] for row in images], labels)


def _texts(option: str, title: Text, texts: Sequence[str], labels: list[str]) -> Problem:
    return Problem(option, title, ("text",), [[text] for text in texts], labels)


def _each(images: Array, change: Callable[[Array], Array]) -> Array:
    return np.array([np.asarray(change(image.reshape(_SIDE, _SIDE)), dtype=float).ravel() for image in images])


def _turned(image: Array) -> Array:
    return np.asarray(np.rot90(image), dtype=np.float64)


def _inked(image: Array) -> Array:
    return (image > 7).astype(np.float64)


def _halved(image: Array) -> Array:
    return np.asarray(image.reshape(4, 2, 4, 2).mean(axis=(1, 3)), dtype=np.float64)


def _by_length(comments: Comments) -> tuple[tuple[list[str], list[str]], tuple[list[str], list[str]]]:
    """The longer and the shorter half, each with its labels, in their old order."""
    middle = sorted(len(text) for text in comments.texts)[len(comments.texts) // 2]
    pairs = list(zip(comments.texts, comments.labels, strict=True))
    long = [pair for pair in pairs if len(pair[0]) > middle]
    short = [pair for pair in pairs if len(pair[0]) <= middle]
    return ([t for t, _ in long], [label for _, label in long]), ([t for t, _ in short], [label for _, label in short])
