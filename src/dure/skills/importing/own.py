"""Our own shape, in which the starter set lies: skills with levels in both languages, job roles, their profiles.

skills.csv    code, kind, name_ko, name_en, description_ko, description_en
levels.csv    skill, level, ko, en
roles.csv     code, name_ko, name_en, description_ko, description_en, titles (between |)
profiles.csv  role, skill, level, weight
"""

from functools import cache
from pathlib import Path

from dure.core.text import Text
from dure.skills.importing.records import (
    About,
    Ask,
    Files,
    Read,
    Reader,
    RoleRecord,
    Row,
    SkillRecord,
    files_in,
    hash_of,
)

NEEDS = ("skills.csv", "levels.csv", "roles.csv", "profiles.csv")
_SKILLS, _LEVELS, _ROLES, _PROFILES = NEEDS
VERSION = "2026.11"
STARTER = Path(__file__).resolve().parent.parent / "starter"
KINDS = ("skill", "knowledge", "technology", "attitude")
ABOUT = About(key="dure", title=Text(ko="두레 AI 직무·역량", en="Dure's AI job roles and skills"), licence="Apache-2.0")
_KIND = Text(ko="kind는 {known} 가운데 하나입니다: {given}", en="A kind is one of {known}: {given}")
_BOTH = Text(ko="ko와 en을 모두 채우세요.", en="Fill in both ko and en.")


@cache
def starter_files() -> dict[str, bytes]:
    """The set that comes with Dure."""
    return files_in(STARTER)


def read_own(files: Files) -> Read:
    """Raises Missing where a file is not there; other flaws are listed in what is read."""
    read = Read(ABOUT, hash_of({name: files[name] for name in NEEDS if name in files}))
    described = _read_levels(read, files)
    skills = Reader(read, files, _SKILLS, ("code", "kind", *_words()))
    for row in skills:
        if row["kind"] not in KINDS:
            skills.flaw(row.number, _KIND.format(known=", ".join(KINDS), given=row["kind"] or "–"))
        elif skills.is_named(row, "code", "name_ko", "name_en"):
            code = row["code"]
            told = _text(row, "name"), _text(row, "description"), row["kind"]
            read.skills[code] = SkillRecord(code, *told, levels=described.get(code, {}))
    roles = Reader(read, files, _ROLES, ("code", *_words(), "titles"))
    for row in roles:
        if roles.is_named(row, "code", "name_ko", "name_en"):
            titles = row["titles"].replace("|", "\n")
            read.roles[row["code"]] = RoleRecord(row["code"], _text(row, "name"), _text(row, "description"), "", titles)
    _read_profiles(read, files)
    return read


def _read_levels(read: Read, files: Files) -> dict[str, dict[int, Text]]:
    found: dict[str, dict[int, Text]] = {}
    levels = Reader(read, files, _LEVELS, ("skill", "level", "ko", "en"))
    for row in levels:
        level = levels.number(row, "level", low=1, high=5)
        if not (row["ko"] and row["en"]):
            levels.flaw(row.number, _BOTH)
        elif level is not None:
            found.setdefault(row["skill"], {})[round(level)] = Text(ko=row["ko"], en=row["en"])
    return found


def _read_profiles(read: Read, files: Files) -> None:
    profiles = Reader(read, files, _PROFILES, ("role", "skill", "level", "weight"))
    for row in profiles:
        if profiles.knows(row, "role", read.roles) and profiles.knows(row, "skill", read.skills):
            level = profiles.number(row, "level", low=1, high=5)
            weight = profiles.number(row, "weight", low=1, high=5)
            if level is not None and weight is not None:
                read.asks[row["role"], row["skill"]] = Ask(row["role"], row["skill"], round(level), round(weight))


def _text(row: Row, of: str) -> Text:
    return Text(ko=row[f"{of}_ko"], en=row[f"{of}_en"])


def _words() -> tuple[str, ...]:
    return "name_ko", "name_en", "description_ko", "description_en"
