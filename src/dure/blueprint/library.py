"""Files as models: one by its place or text, and those that a file may speak of by their names."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from dure.blueprint.document import Flaws, in_order
from dure.blueprint.model import Blueprint, Programme
from dure.blueprint.read import SHAPES, Model, read
from dure.blueprint.yaml import read_document
from dure.core.errors import Refused
from dure.core.text import Text

STARTER = Path(__file__).resolve().parents[3]
FOLDERS = ("blueprints", "programmes", "agreements")
Sort = Literal["blueprint", "programme", "agreement"]
_HEAD = 64 * 1024
_NAMING = re.compile(r"^(blueprint|programme|agreement):[ ]*['\"]?([a-z0-9-]+)", re.MULTILINE)
_KO = {"programme": "프로그램", "agreement": "협약"}
_NOT_ONE = Text(
    ko="블루프린트 파일이 아닙니다({found}입니다). 알맞은 파일을 올리세요.",
    en="This file is not a blueprint (it is a {found}): choose another file.",
)


def load_blueprint(source: Path | bytes, file: str = "") -> Blueprint:
    """The blueprint that stands in a file or its bytes; raises ``Flaws`` unless it reads without a flaw.

    Whether it hangs together is ``lint``'s word, not this one's.
    """
    model = load(source, file)
    if isinstance(model, Blueprint):
        return model
    found = type(model).__name__.lower()
    raise Refused("blueprint.sort", _NOT_ONE.format(found=Text(ko=_KO[found], en=found)))


def load(source: Path | bytes, file: str = "") -> Model:
    """Whichever of the three the file is."""
    text = source.read_bytes() if isinstance(source, Path) else source
    model, report = read(read_document(text, file or (str(source) if isinstance(source, Path) else "-")))
    if report.flaws:
        raise Flaws(in_order(report.flaws))
    return model


class Library:
    """Blueprints, programmes and agreements by name: what one file may say about another.

    Folders are looked through in order, the first file of a name wins; each file is read at most once, and only
    when somebody asks. A file that cannot be read stands by its name alone.
    """

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self._paths: dict[tuple[str, str], Path] = {}
        self._models: dict[tuple[str, str], Model | None] = {}
        self._unindexed = list(paths)

    @classmethod
    def around(cls, paths: Iterable[Path]) -> "Library":
        """The files themselves, then those beside them, then the starter library."""
        files = list(paths)
        own = [path.absolute().parent for path in files]
        homes = [*own, *(folder.parent for folder in own), STARTER]
        beside = [*own, *(home / name for home in homes for name in FOLDERS)]
        found = [file for folder in dict.fromkeys(beside) if folder.is_dir() for file in sorted(folder.glob("*.yaml"))]
        return cls([*files, *found])

    def including(self, model: Model) -> "Library":
        """The same, where ``model`` stands before any file of its name."""
        other = Library()
        other._paths, other._models = self._index(), {**self._models, _key(model): model}
        return other

    def has(self, sort: Sort, name: str) -> bool:
        return (sort, name) in self._models or (sort, name) in self._index()

    def blueprint(self, name: str) -> Blueprint | None:
        """None where there is none, or none that can be read."""
        model = self._model("blueprint", name)
        return model if isinstance(model, Blueprint) else None

    def source(self, sort: Sort, name: str) -> bytes | None:
        """The text of the file that says it is ``name``; None where there is none."""
        path = self._index().get((sort, name))
        return path.read_bytes() if path else None

    def programme(self, name: str) -> Programme | None:
        model = self._model("programme", name)
        return model if isinstance(model, Programme) else None

    def blueprints(self) -> Iterator[Blueprint]:
        """All that can be read."""
        names = {name for sort, name in [*self._models, *self._index()] if sort == "blueprint"}
        return filter(None, map(self.blueprint, sorted(names)))

    def names(self, sort: Sort) -> tuple[str, ...]:
        return tuple(sorted({name for known, name in [*self._models, *self._index()] if known == sort}))

    def _model(self, sort: Sort, name: str) -> Model | None:
        key = (sort, name)
        if key not in self._models and key in self._index():
            self._models[key] = _readable(self._paths[key])
        return self._models.get(key)

    def _index(self) -> dict[tuple[str, str], Path]:
        for path in self._unindexed:
            if key := _named(path):
                self._paths.setdefault(key, path)
        self._unindexed = []
        return self._paths


def _key(model: Model) -> tuple[str, str]:
    return type(model).__name__.lower(), model.name


def _readable(path: Path) -> Model | None:
    try:
        return read(read_document(path.read_bytes(), str(path)))[0]
    except (Flaws, OSError):
        return None


def _named(path: Path) -> tuple[str, str] | None:
    """What a file says it is, by its first lines alone: reading thirty files whole would be felt."""
    try:
        with path.open("rb") as file:
            found = dict(_NAMING.findall(file.read(_HEAD).decode("utf-8", "replace")))
    except OSError:
        return None
    return next(((sort, found[sort]) for sort in SHAPES if sort in found), None)
