"""A file's text or place in, a model out: for whoever needs a blueprint and not a list of flaws."""

from pathlib import Path
from typing import TypeVar

from dure.blueprint.document import Flaws, in_order
from dure.blueprint.model import Agreement, Blueprint, Programme
from dure.blueprint.read import Model, read
from dure.blueprint.yaml import read_document
from dure.core.errors import Refused
from dure.core.text import Text

M = TypeVar("M", Blueprint, Programme, Agreement)
_KO = {"blueprint": "블루프린트", "programme": "프로그램", "agreement": "협약"}


def load_blueprint(source: Path | bytes, file: str = "") -> Blueprint:
    """The blueprint that stands in a file or its bytes; raises ``Flaws`` unless it reads without a flaw.

    Whether it hangs together is ``lint``'s word, not this one's.
    """
    return _load(source, file, Blueprint)


def load_programme(source: Path | bytes, file: str = "") -> Programme:
    return _load(source, file, Programme)


def load_agreement(source: Path | bytes, file: str = "") -> Agreement:
    return _load(source, file, Agreement)


def load(source: Path | bytes, file: str = "") -> Model:
    """Whichever of the three the file is."""
    text = source.read_bytes() if isinstance(source, Path) else source
    model, report = read(read_document(text, file or (str(source) if isinstance(source, Path) else "-")))
    if report.flaws:
        raise Flaws(in_order(report.flaws))
    return model


def _load(source: Path | bytes, file: str, sort: type[M]) -> M:
    model = load(source, file)
    if isinstance(model, sort):
        return model
    name = sort.__name__.lower()
    found = type(model).__name__.lower()
    ko = f"{_KO[name]} 파일이 아닙니다({_KO[found]}입니다). 알맞은 파일을 올리세요."
    raise Refused(
        "blueprint.sort", Text(ko=ko, en=f"This file is not a {name} (it is a {found}): choose another file.")
    )
