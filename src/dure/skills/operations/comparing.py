"""An edition beside what is there: which terms are new, renamed, changed, retired, the same; and their links."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dure.core.ids import uuid7
from dure.skills.importing.records import Ask, Read, RoleRecord, SkillRecord
from dure.skills.models import JobRole, RoleSkill, Skill, SkillLevel

LISTED = 200  # names of each sort in a report
SORTS = ("new", "renamed", "changed", "retired", "same")
NAMES = ("name_ko", "name_en")
TOLD = (*NAMES, "description_ko", "description_en", "uri")
Values = dict[str, Any]


@dataclass
class Changes:
    """How many terms (or links) of a sort there are, and the names of the first of them."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SORTS, 0))
    names: dict[str, list[str]] = field(default_factory=lambda: {sort: [] for sort in SORTS[:-1]})

    def count(self, sort: str, name: str) -> None:
        self.counts[sort] += 1
        if sort in self.names and len(self.names[sort]) < LISTED:
            self.names[sort].append(name)

    @property
    def is_idle(self) -> bool:
        return not any(self.counts[sort] for sort in SORTS[:-1])


@dataclass
class Report:
    """What an edition changes, or would where it is ``dry``. ``known``: it was brought in before, nothing was done."""

    taxonomy: str
    version: str
    skills: Changes = field(default_factory=Changes)
    roles: Changes = field(default_factory=Changes)
    links: Changes = field(default_factory=Changes)
    known: bool = False
    dry: bool = False

    @property
    def parts(self) -> dict[str, Changes]:
        return {"skills": self.skills, "roles": self.roles, "links": self.links}

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to do."""
        return all(part.is_idle for part in self.parts.values())


@dataclass
class Terms:
    """What is to be done with terms: by code their ids, values to insert and to set (id, values), ids to retire."""

    ids: dict[str, UUID] = field(default_factory=dict)
    new: list[tuple[UUID, Values]] = field(default_factory=list)
    changed: list[tuple[UUID, Values]] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)


@dataclass
class Found:
    """What is to be written: ``links`` to insert (role, skill, level, weight), to set (level, weight, key), to end."""

    skills: Terms
    roles: Terms
    links: list[tuple[UUID, UUID, int, int]] = field(default_factory=list)
    changed_links: list[tuple[int, int, int]] = field(default_factory=list)
    gone_links: list[int] = field(default_factory=list)


def compare(read: Read, report: Report) -> Found:
    """Count in ``report`` what an edition changes, and say what to write for it."""
    skills = _terms(_skills_now(read.about.key), read.skills, _of_skill, report.skills)
    roles = _terms(_roles_now(read.about.key), read.roles, _of_role, report.roles)
    found = Found(skills, roles)
    _links(found, read, report.links)
    return found


def _skills_now(key: str) -> dict[str, Values]:
    levels: dict[UUID, dict[int, tuple[str, str]]] = {}
    for skill, level, ko, en in SkillLevel.objects.filter(skill__taxonomy__key=key).values_list(
        "skill", "level", "says_ko", "says_en"
    ):
        levels.setdefault(skill, {})[level] = (ko, en)
    rows = Skill.objects.filter(taxonomy__key=key).values("pk", "code", *TOLD, "retired_in", "kind", "broader__code")
    return {
        row["code"]: {**row, "broader": row.pop("broader__code") or "", "levels": levels.get(row["pk"], {})}
        for row in rows
    }


def _roles_now(key: str) -> dict[str, Values]:
    rows = JobRole.objects.filter(taxonomy__key=key).values("pk", "code", *TOLD, "retired_in", "titles")
    return {row["code"]: row for row in rows}


def _of_skill(told: SkillRecord) -> Values:
    levels = {level: (says.ko, says.en) for level, says in told.levels.items()}
    return {**_common(told), "kind": told.kind, "broader": told.broader, "levels": levels}


def _of_role(told: RoleRecord) -> Values:
    return {**_common(told), "titles": told.titles}


def _common(told: SkillRecord | RoleRecord) -> Values:
    return {
        "code": told.code, "name_ko": told.name.ko, "name_en": told.name.en, "uri": told.uri,
        "description_ko": told.description.ko, "description_en": told.description.en,
    }  # fmt: skip


def _terms(
    now: Mapping[str, Values], wanted: Mapping[str, Any], values_of: Callable[[Any], Values], changes: Changes
) -> Terms:
    terms = Terms()
    for code, told in wanted.items():
        values, row = values_of(told), now.get(code)
        sort = _sort(row, values)
        terms.ids[code] = key = row["pk"] if row else uuid7()
        changes.count(sort, told.name.ko or told.name.en)
        if row is None:
            terms.new.append((key, values))
        elif sort != "same":
            terms.changed.append((key, values))
    for code, row in now.items():
        if code not in wanted and row["retired_in"] is None:
            terms.gone.append(row["pk"])
            changes.count("retired", row["name_ko"] or row["name_en"])
    return terms


def _sort(row: Values | None, values: Values) -> str:
    """Of a term; one that comes back after it was retired is new."""
    if row is None or row["retired_in"] is not None:
        return "new"
    if any(row[name] != values[name] for name in NAMES):
        return "renamed"
    return "same" if all(row[name] == value for name, value in values.items()) else "changed"


def _links(found: Found, read: Read, changes: Changes) -> None:
    rows = RoleSkill.objects.filter(role__taxonomy__key=read.about.key)
    now = {
        (role, skill): (level, weight, key)
        for role, skill, level, weight, key in rows.values_list("role", "skill", "level", "weight", "pk")
    }
    for ask in read.asks.values():
        pair = found.roles.ids[ask.role], found.skills.ids[ask.skill]
        changes.count(_link(found, ask, pair, now.pop(pair, None)), f"{ask.role} – {ask.skill}")
    for _, _, key in now.values():
        found.gone_links.append(key)
        changes.count("retired", str(key))


def _link(found: Found, ask: Ask, pair: tuple[UUID, UUID], row: tuple[int, int, int] | None) -> str:
    if row is None:
        found.links.append((*pair, ask.level, ask.weight))
        return "new"
    level, weight, key = row
    if (level, weight) == (ask.level, ask.weight):
        return "same"
    found.changed_links.append((ask.level, ask.weight, key))
    return "changed"
