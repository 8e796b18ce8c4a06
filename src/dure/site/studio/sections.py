"""The parts that the form of a blueprint is shown in: one at a time, each small enough for a phone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dure.blueprint.model import Path
from dure.blueprint.sheet import plain
from dure.core.text import Text
from dure.site.studio.fields import Builder, Field

BASICS, SUBJECTS = "basics", ("title", "subject", "item", "needs", "seed", "assumed")
_TABLES: dict[str, Promise] = {
    "parties": _("Parties"), "roles": _("Roles"), "measures": _("Measures"), "words": _("Words shown"),
    "rehearse": _("Rehearsal"),
}  # fmt: skip
STAGE = "stages"
_SHOWN = {
    "ko": Text(ko="표시할 이름(한국어)", en="Name shown, in Korean"),
    "en": Text(ko="표시할 이름(영어)", en="Name shown, in English"),
}


@dataclass(frozen=True)
class Section:
    """``at``: its address, a stage's id for a stage's; ``paths``: what it shows."""

    at: str
    title: str | Promise
    paths: Sequence[Path]
    words: Sequence[Path] = ()
    stage: int | None = None
    named: Sequence[Field] = ()
    fields: Sequence[Field] = ()

    @property
    def bare(self) -> bool:
        """Whether its one group needs no frame: the heading says what it is."""
        return self.stage is not None or self.at == "rehearse"


def sections_of(builder: Builder, language: str) -> list[Section]:
    """Every part of the document, in the order in which people think of it."""
    stages = [_stage(builder, at, language) for at in range(len(builder.names.stages))]
    tables = [Section(name, title, [(name,)]) for name, title in _TABLES.items()]
    basics = Section(BASICS, _("Basics"), [(name,) for name in SUBJECTS])
    return [basics, *tables[:2], *stages, *tables[2:]]


def _stage(builder: Builder, at: int, language: str) -> Section:
    id_ = str(builder.names.stages[at].get("id", at))
    node = builder.document.find(("words", id_, language))
    title = str(plain(node)) if node else id_
    named = [("words", id_, code) for code in ("ko", "en")]
    return Section(id_, title, [(STAGE, at)], words=named, stage=at)


def section_of(builder: Builder, sections: Sequence[Section], at: str) -> Section:
    """The section at that address with its fields; the first where there is none."""
    chosen = next((section for section in sections if section.at == at), sections[0])
    paths = [path for path in chosen.paths if not (path == ("item",) and builder.names.tree.get("subject") != "item")]
    named = [replace(builder.field(path), label=_SHOWN[str(path[-1])]) for path in chosen.words]
    return replace(chosen, named=named, fields=builder.fields_at(paths))
