"""What every check looks at, and how it says what it found."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from dure.blueprint.document import Document, Flaw
from dure.blueprint.library import Library
from dure.blueprint.model import Blueprint, EventDo, Path, ProjectDo, Stage, WorkDo
from dure.blueprint.shapes import nearest
from dure.core.text import Text


@dataclass(slots=True)
class Findings:
    """The flaws of one file, found one check after the other."""

    document: Document
    library: Library
    flaws: list[Flaw] = field(default_factory=list)

    def flaw(self, path: Path, code: str, *, ko: str, en: str, key: bool = False) -> None:
        """At the value of ``path``, or at its key; what is missing, at the mapping that lacks it."""
        mark = self.document.key(path) if key else self.document.place(path)
        self.flaws.append(Flaw(self.document.file, mark.line, mark.column, code, Text.said(ko=ko, en=en)))

    def unknown(
        self, path: Path, code: str, what: Text, name: str, known: tuple[str, ...], *, key: bool = False
    ) -> None:
        """A name that names nothing, with the nearest one that does."""
        hint = nearest(name, known)
        listed = ", ".join(known) if len(known) <= 12 else ""
        ko = f"‘{name}’(이)라는 {what.ko} 없습니다.{hint.ko}" + (
            f" 있는 것: {listed}." if listed else " 이름을 확인하세요."
        )
        en = f"There is no {what.en} {name!r}.{hint.en}" + (f" Known: {listed}." if listed else " Check the name.")
        self.flaw(path, code, ko=ko, en=en, key=key)


@dataclass(slots=True)
class Look(Findings):
    """Findings about a blueprint."""

    blueprint: Blueprint = field(kw_only=True)

    def stages(self) -> Iterator[tuple[Path, Stage]]:
        """Every stage with its path."""
        for at, stage in enumerate(self.blueprint.stages):
            yield ("stages", at), stage

    def stage_ids(self) -> tuple[str, ...]:
        return tuple(stage.id for stage in self.blueprint.stages)

    def has_stage(self, path: Path, name: str, *, key: bool = False) -> bool:
        """BP203 unless there is such a stage."""
        if name in self.blueprint.positions:
            return True
        self.unknown(path, "BP203", STAGE, name, self.stage_ids(), key=key)
        return False

    def options(self, path: Path, stage: Stage, *, one: bool = False) -> tuple[str, ...] | None:
        """The options in force, () where a programme binds them; BP305 and None where there are none.

        ``one``: BP305 as well where a turn may pick more than one.
        """
        source = self.blueprint.options_stage(stage.id)
        if source is None:
            ko = "이 단계에서 고를 선택 항목이 없습니다. 이 단계나 앞 단계에 options를 쓰세요."
            self.flaw(
                path, "BP305", ko=ko, en="No options are in force here: write options at this stage or before it."
            )
            return None
        if one and source.choose != 1:
            ko = f"‘{source.id}’에서 여럿을 고를 수 있어 선택 항목별로 나눌 수 없습니다. choose를 1로 하세요."
            en = f"A turn picks up to {source.choose} options at {source.id}: this needs choose: 1 there."
            self.flaw(path, "BP305", ko=ko, en=en)
        return source.options if isinstance(source.options, tuple) else ()

    def check_option(self, path: Path, known: tuple[str, ...], name: str, *, key: bool = False) -> None:
        """BP206 unless ``name`` is one of the options; nothing is known of bound ones."""
        if known and name not in known:
            self.unknown(path, "BP206", OPTION, name, known, key=key)


def with_roles(stage: Stage) -> tuple[str, ...]:
    """The roles under ``with``: one's own supervisors, mentors, workers."""
    return tuple(stage.do.with_roles) if isinstance(stage.do, ProjectDo | WorkDo) else ()


def roles_held(blueprint: Blueprint, stage: Stage) -> set[str]:
    """The roles that are held for a case at this stage: under ``with`` here or earlier."""
    return {role for s in blueprint.stages[: blueprint.position(stage.id) + 1] for role in with_roles(s)}


def keeps_contacts(stage: Stage) -> bool:
    return isinstance(stage.do, EventDo) and "contacts" in stage.do.keeps


PARTY = Text(ko="참여 기관이", en="party")
ROLE = Text(ko="역할이", en="role")
STAGE = Text(ko="단계가", en="stage")
OPTION = Text(ko="선택 항목이", en="option")
BLUEPRINT = Text(ko="블루프린트가", en="blueprint")
