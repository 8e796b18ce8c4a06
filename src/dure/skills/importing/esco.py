"""ESCO as flat files: skills with the groups that they belong to, the groups' names, occupations."""

import json
from collections.abc import Mapping

from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.skills.importing.records import About, Files, Read, Reader, RoleRecord, SkillRecord, hash_of

NEEDS = ("esco_skills.csv", "esco_skill_groups.json", "esco_occupations_ict.csv")
_SKILLS, _GROUPS, _OCCUPATIONS = NEEDS
_URI = "http://data.europa.eu/esco"
ABOUT = About(
    key="esco",
    title=Text(ko="ESCO 유럽 직업·역량 분류", en="ESCO"),
    licence="Commission Decision 2011/833/EU",
    attribution=Text(
        ko="이 서비스는 유럽연합 집행위원회의 ESCO 분류를 사용합니다.",
        en="This service uses the ESCO classification of the European Commission.",
    ),
    address="https://esco.ec.europa.eu",
)
_KINDS = {"A": "attitude", "K": "knowledge"}
_BROKEN = Text(
    ko="‘{name}’이(가) 코드와 이름을 짝지은 JSON이 아닙니다. 파일을 확인하세요.",
    en="{name} is not JSON that maps codes to names. Check the file.",
)


def read_esco(files: Files) -> Read:
    """Raises Missing where a file is not there; other flaws are listed in what is read."""
    read = Read(ABOUT, hash_of({name: files[name] for name in NEEDS if name in files}))
    groups = _groups(files)
    for code, name in groups.items():
        broader = next((code[:end] for end in range(len(code) - 1, 0, -1) if code[:end] in groups), "")
        kind = _KINDS.get(code[0], "skill")
        read.skills[code] = SkillRecord(code, _english(name), kind=kind, broader=broader, uri=f"{_URI}/skill/{code}")
    skills = Reader(read, files, _SKILLS, ("id", "label", "groups"))
    for row in skills:
        if skills.is_named(row, "id", "label"):
            group = next((code for code in row["groups"].split("|") if code in groups), "")
            kind, uri = _KINDS.get(group[:1], "skill"), f"{_URI}/skill/{row['id']}"
            read.skills[row["id"]] = SkillRecord(row["id"], _english(row["label"]), kind=kind, broader=group, uri=uri)
    _read_occupations(read, files)
    return read


def _read_occupations(read: Read, files: Files) -> None:
    columns = ("uuid", "code", "label", "alt_labels", "description")
    occupations = Reader(read, files, _OCCUPATIONS, columns)
    for row in occupations:
        if occupations.is_named(row, "code", "label"):
            titles = "\n".join(dict.fromkeys(row["alt_labels"].split("|")))
            uri = f"{_URI}/occupation/{row['uuid']}"
            read.roles[row["code"]] = RoleRecord(
                row["code"], _english(row["label"]), _english(row["description"]), uri, titles
            )


def _groups(files: Files) -> Mapping[str, str]:
    if _GROUPS not in files:
        raise Missing("taxonomy.file", Text(ko=f"‘{_GROUPS}’ 파일이 없습니다.", en=f"{_GROUPS} is missing."))
    try:
        told = json.loads(files[_GROUPS])
    except ValueError:
        told = None
    if not isinstance(told, dict) or not all(isinstance(name, str) for name in told.values()):
        raise Flawed("taxonomy.json", _BROKEN.format(name=_GROUPS))
    return told


def _english(text: str) -> Text:
    return Text(ko="", en=text)
