"""O*NET as flat files: occupations, elements (skills and knowledge), technologies, and what asks for what.

O*NET rates the level of an element that an occupation needs from 0 to 7, its importance from 1 to 5; ours are 1 to 5.
Technologies are not rated there: those marked as in demand are read as level 3, weight 3.
"""

from dure.core.text import Text
from dure.skills.importing.records import About, Ask, Files, Read, Reader, RoleRecord, SkillRecord, hash_of

NEEDS = (
    "onet_occupations.csv", "onet_skills.csv", "onet_occupation_skill.csv", "onet_technologies.csv",
    "onet_occupation_technology.csv", "onet_alt_titles_ict.csv",
)  # fmt: skip
_OCCUPATIONS, _SKILLS, _LINKS, _TECHNOLOGIES, _USES, _TITLES = NEEDS
ABOUT = About(
    key="onet",
    title=Text(ko="O*NET 직업 정보", en="O*NET"),
    licence="CC BY 4.0",
    attribution=Text(
        ko="이 서비스는 미국 노동부 고용훈련청(USDOL/ETA)의 O*NET 데이터베이스 정보를 CC BY 4.0 라이선스에 따라 "
        "수정하여 사용합니다. USDOL/ETA가 수정 내용을 승인하거나 검증한 것은 아닙니다.",
        en="This service includes information from the O*NET Database by the U.S. Department of Labor, Employment and "
        "Training Administration (USDOL/ETA), used under the CC BY 4.0 license and modified. USDOL/ETA has not "
        "approved, endorsed or tested these modifications.",
    ),
    address="https://www.onetcenter.org/database.html",
)
_IN_DEMAND = 3


def read_onet(files: Files) -> Read:
    """Raises Missing where a file is not there; other flaws are listed in what is read."""
    read = Read(ABOUT, hash_of({name: files[name] for name in NEEDS if name in files}))
    _read_terms(read, files)
    _read_links(read, files)
    return read


def _read_terms(read: Read, files: Files) -> None:
    titles: dict[str, list[str]] = {}
    for row in Reader(read, files, _TITLES, ("code", "alt")):
        titles.setdefault(row["code"], []).append(row["alt"])
    occupations = Reader(read, files, _OCCUPATIONS, ("code", "title", "description"))
    for row in occupations:
        if occupations.is_named(row, "code", "title"):
            code, uri = row["code"], f"https://www.onetonline.org/link/summary/{row['code']}"
            described = _english(row["description"])
            read.roles[code] = RoleRecord(code, _english(row["title"]), described, uri, "\n".join(titles.get(code, ())))
    elements = Reader(read, files, _SKILLS, ("skill_id", "name", "kind", "description"))
    for row in elements:
        if elements.is_named(row, "skill_id", "name"):
            code, described = row["skill_id"], _english(row["description"])
            kind = "knowledge" if row["kind"] == "knowledge" else "skill"
            uri = f"https://www.onetonline.org/find/descriptor/result/{code}"
            read.skills[code] = SkillRecord(code, _english(row["name"]), described, kind, uri=uri)
    technologies = Reader(read, files, _TECHNOLOGIES, ("tech_id", "name", "commodity"))
    for row in technologies:
        if technologies.is_named(row, "tech_id", "name"):
            code = row["tech_id"]
            read.skills[code] = SkillRecord(code, _english(row["name"]), _english(row["commodity"]), "technology")


def _read_links(read: Read, files: Files) -> None:
    links = Reader(read, files, _LINKS, ("code", "skill_id", "importance", "level"))
    for row in links:
        if links.knows(row, "code", read.roles) and links.knows(row, "skill_id", read.skills):
            importance = links.number(row, "importance", low=1, high=5)
            level = links.number(row, "level", low=0, high=7)
            if importance is not None and level is not None:
                _ask(read, row["code"], row["skill_id"], max(round(level * 5 / 7), 1), round(importance))
    uses = Reader(read, files, _USES, ("code", "tech_id", "in_demand"))
    for row in uses:
        known = uses.knows(row, "code", read.roles) and uses.knows(row, "tech_id", read.skills)
        if known and row["in_demand"] == "1":
            _ask(read, row["code"], row["tech_id"], _IN_DEMAND, _IN_DEMAND)


def _ask(read: Read, role: str, skill: str, level: int, weight: int) -> None:
    read.asks[role, skill] = Ask(role, skill, level, weight)


def _english(text: str) -> Text:
    return Text(ko="", en=text)
