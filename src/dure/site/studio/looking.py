"""What the studio shows beside a text as it is written: its faults, and the picture where it can be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from django.utils.safestring import SafeString, mark_safe

from dure.blueprint.document import Flaw, Flaws
from dure.blueprint.flow import Passing, as_svg, flow_of
from dure.blueprint.library import Library
from dure.blueprint.lint import lint_text
from dure.blueprint.model import Blueprint
from dure.blueprint.read import read
from dure.blueprint.sheet import SMALL
from dure.blueprint.yaml import read_document
from dure.site import words


@cache
def library() -> Library:
    """The starter library, looked through once a process: its files change with the product only."""
    return Library.around(())


@dataclass(frozen=True)
class Look:
    """``blueprint`` and ``picture`` are there as soon as the text has the shape of a blueprint."""

    flaws: list[Flaw]
    blueprint: Blueprint | None
    picture: SafeString

    @property
    def is_sound(self) -> bool:
        return not self.flaws


def look_at(text: str) -> Look:
    """What a text says, as far as it can be read, in the visitor's language."""
    return _looked_once(text, words.language()) if len(text) < SMALL else _look(text, words.language())


def _look(text: str, _language: str) -> Look:
    """What is drawn is said in the visitor's language, which is therefore part of what is remembered."""
    source = text.encode()
    flaws = lint_text(source, "", library())
    try:
        document = read_document(source, "")
        blueprint, _ = read(document)
    except Flaws:
        return Look(flaws, None, SafeString(""))
    if not isinstance(blueprint, Blueprint):
        return Look(flaws, None, SafeString(""))
    lines = {stage.id: document.place(("stages", at)).line for at, stage in enumerate(blueprint.stages)}
    return Look(flaws, blueprint, picture_of(blueprint, lines=lines))


_looked_once = lru_cache(maxsize=64)(_look)


def picture_of(
    blueprint: Blueprint, passing: Mapping[str, Passing] | None = None, *, lines: Mapping[str, int] | None = None
) -> SafeString:
    """The flow in the visitor's language. With ``lines``, a box leads to its stage in the form, or to its line."""

    def link(stage: str) -> dict[str, str]:
        return {"href": f"?view=form&at={stage}", "data-line": str((lines or {}).get(stage, 1))}

    drawn = as_svg(flow_of(blueprint, passing), (words.language(),), link if lines else None)
    return mark_safe(drawn)  # noqa: S308 -- every text in it is escaped where it is drawn
