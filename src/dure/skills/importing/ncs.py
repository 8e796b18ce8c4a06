"""NCS (국가직무능력표준) units from a table of our own shape: what the published units are copied into.

``ncs_units.csv``: code, name_ko, name_en, level (1 to 8), definition, and, where known, group (its 세분류).
A unit stands at one level of eight; its definition is kept as what somebody does at the level of ours that fits.
"""

from dure.core.text import Text
from dure.skills.importing.records import About, Files, Read, Reader, SkillRecord, hash_of

NEEDS = ("ncs_units.csv",)
COLUMNS = ("code", "name_ko", "name_en", "level", "definition")
LEVELS = {1: 1, 2: 1, 3: 2, 4: 3, 5: 3, 6: 4, 7: 5, 8: 5}
"""By NCS level: from doing simple tasks under supervision (1, 2) to developing a field (7, 8)."""
ABOUT = About(
    key="ncs",
    title=Text(ko="국가직무능력표준(NCS)", en="National Competency Standards (NCS)"),
    licence="공공누리 제1유형",
    attribution=Text(
        ko="이 서비스는 한국산업인력공단의 국가직무능력표준(NCS)을 사용합니다.",
        en="This service uses Korea's National Competency Standards (NCS) of HRD Korea.",
    ),
    address="https://www.ncs.go.kr",
)


def read_ncs(files: Files) -> Read:
    """Raises Missing where the file is not there; other flaws are listed in what is read."""
    read = Read(ABOUT, hash_of({name: files[name] for name in NEEDS if name in files}))
    units = Reader(read, files, NEEDS[0], COLUMNS)
    for row in units:
        level = units.number(row, "level", low=1, high=8)
        if level is not None and units.is_named(row, "code", "name_ko"):
            defined = Text(ko=row["definition"], en="")
            levels = {LEVELS[round(level)]: defined} if defined.ko else {}
            group = row.cells.get("group", "")
            if group:
                read.skills.setdefault(group, SkillRecord(group, Text(ko=group, en="")))
            read.skills[row["code"]] = SkillRecord(
                row["code"], Text(ko=row["name_ko"], en=row["name_en"]), defined, broader=group, levels=levels
            )
    return read
