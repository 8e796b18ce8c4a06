"""Editions of taxonomies: what is new, renamed, retired; the same again changes nothing; each flaw has its row."""

from pathlib import Path

import pytest

from dure.core.errors import Flawed, Missing
from dure.skills.importing.ncs import read_ncs
from dure.skills.importing.own import read_own, starter_files
from dure.skills.importing.records import files_in
from dure.skills.importing.sources import SOURCES
from dure.skills.models import Edition, JobRole, RoleSkill, Skill, SkillLevel, Taxonomy
from dure.skills.operations import bring_in, keep_starter
from dure.skills.queries import skills_found
from tests.factories import make_operator

pytestmark = pytest.mark.django_db
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "skills"
ONET = {
    "onet_occupations.csv": "code,title,description\n15-1,Data Scientist,Finds answers\n15-2,Tester,Tests\n",
    "onet_skills.csv": "skill_id,name,kind,description\n2.A,Writing,skill,Writes\n2.C,Mathematics,knowledge,Counts\n",
    "onet_occupation_skill.csv": "code,skill_id,importance,level\n15-1,2.A,4.12,3.5\n15-1,2.C,5,7\n15-2,2.A,1,0\n",
    "onet_technologies.csv": "tech_id,name,commodity\nT1,SQL,Databases\nT2,COBOL,Languages\n",
    "onet_occupation_technology.csv": "code,tech_id,in_demand\n15-1,T1,1\n15-1,T2,0\n",
    "onet_alt_titles_ict.csv": "code,alt\n15-1,Data Miner\n",
}
ESCO = {
    "esco_skills.csv": "id,label,groups\nu1,use databases,S5.1|S1\nu2,be curious,A1\nu3,manage staff,\n",
    "esco_skill_groups.json": '{"S5": "working with computers", "S5.1": "databases", "A1": "attitudes"}',
    "esco_occupations_ict.csv": "uuid,code,label,alt_labels,description\nx1,2511.3,data analyst,data expert,Looks\n",
}
UNITS = """code,name_ko,name_en,level,definition,group
2001,AI 모델 설계,,6,모델을 설계한다,인공지능
2002,데이터 수집,,3,데이터를 모은다,인공지능
"""


def files(told: dict[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in told.items()}


def brought(source: str, told: dict[str, str], version: str = "1", **known):
    return bring_in(SOURCES[source].read(files(told)), version=version, by=None, **known)


def counts(report) -> dict[str, dict[str, int]]:
    return {name: {sort: n for sort, n in part.counts.items() if n} for name, part in report.parts.items()}


def test_onet_brings_occupations_elements_and_technologies_in_demand():
    report = brought("onet", ONET)

    assert counts(report) == {"skills": {"new": 4}, "roles": {"new": 2}, "links": {"new": 4}}
    asks = RoleSkill.objects.values_list("role__code", "skill__code", "level", "weight")
    assert set(asks) == {("15-1", "2.A", 2, 4), ("15-1", "2.C", 5, 5), ("15-2", "2.A", 1, 1), ("15-1", "T1", 3, 3)}
    assert {row.code: row.kind for row in Skill.objects.all()} == {
        "2.A": "skill", "2.C": "knowledge", "T1": "technology", "T2": "technology"
    }  # fmt: skip
    assert JobRole.objects.get(code="15-1").titles == "Data Miner"
    assert "O*NET" in Taxonomy.objects.get().attribution.en


def test_esco_brings_skills_into_their_groups():
    brought("esco", ESCO)

    groups = {row.code: row.broader and row.broader.code for row in Skill.objects.all()}
    assert groups == {"S5": None, "S5.1": "S5", "A1": None, "u1": "S5.1", "u2": "A1", "u3": None}
    assert Skill.objects.get(code="u2").kind == "attitude"
    assert Skill.objects.get(code="u1").uri == "http://data.europa.eu/esco/skill/u1"
    assert JobRole.objects.get().titles == "data expert"


def test_ncs_units_are_described_at_the_level_that_fits():
    bring_in(read_ncs(files({"ncs_units.csv": UNITS})), version="2025", by=None)

    said = SkillLevel.objects.values_list("skill__code", "level", "says_ko")
    assert set(said) == {("2001", 4, "모델을 설계한다"), ("2002", 2, "데이터를 모은다")}
    assert Skill.objects.get(code="2001").broader.name.ko == "인공지능"


def test_the_same_again_changes_nothing():
    brought("onet", ONET)
    before = [list(model.objects.order_by("pk").values()) for model in (Edition, Skill, JobRole, RoleSkill)]

    again = brought("onet", ONET)

    assert (again.known, counts(again)) == (True, {"skills": {"same": 4}, "roles": {"same": 2}, "links": {"same": 4}})
    assert [list(model.objects.order_by("pk").values()) for model in (Edition, Skill, JobRole, RoleSkill)] == before


def test_a_new_edition_renames_adds_and_retires_without_deleting():
    brought("onet", ONET)
    later = {
        **ONET,
        "onet_skills.csv": "skill_id,name,kind,description\n2.A,Writing well,skill,Writes\n2.D,Ethics,skill,\n",
        "onet_occupation_skill.csv": "code,skill_id,importance,level\n15-1,2.A,5,3.5\n15-2,2.D,3,4\n",
    }

    told = brought("onet", later, "2", dry_run=True)
    assert Skill.objects.filter(retired_in=None).count() == 4
    done = brought("onet", later, "2")

    assert counts(told) == counts(done) == {
        "skills": {"new": 1, "renamed": 1, "retired": 1, "same": 2}, "roles": {"same": 2},
        "links": {"new": 1, "changed": 1, "retired": 2, "same": 1},
    }  # fmt: skip
    assert Skill.objects.get(code="2.C").retired_in.version == "2"
    assert [row.code for row in skills_found("writing well")] == ["2.A"]


def test_what_comes_back_is_in_use_again():
    brought("onet", ONET)
    without = {**ONET, "onet_technologies.csv": "tech_id,name,commodity\nT1,SQL,Databases\n",
               "onet_occupation_technology.csv": "code,tech_id,in_demand\n15-1,T1,1\n"}  # fmt: skip
    brought("onet", without, "2")

    brought("onet", ONET, "3")

    assert Skill.objects.get(code="T2").retired_in is None


def test_flaws_name_their_file_and_row_and_nothing_comes_in():
    flawed = {
        **ONET,
        "onet_skills.csv": "skill_id,name,kind,description\n2.A,Writing,skill,\n2.A,Again,skill,\n2.C,,skill,\n",
        "onet_occupation_skill.csv": "code,skill_id,importance,level\n15-1,2.A,9,3\n15-9,2.A,3,3\n15-1,2.A,3,x\n",
    }

    with pytest.raises(Flawed) as refused:
        brought("onet", flawed)

    places = {(flaw["file"], flaw["row"]) for flaw in refused.value.facts["errors"]}
    assert places == {("onet_skills.csv", 3), ("onet_skills.csv", 4), ("onet_occupation_skill.csv", 2),
                      ("onet_occupation_skill.csv", 3), ("onet_occupation_skill.csv", 4)}  # fmt: skip
    assert not Edition.objects.exists()


def test_a_missing_file_or_column_is_named():
    with pytest.raises(Missing) as missing:
        brought("esco", {})
    read = SOURCES["ncs"].read(files({"ncs_units.csv": "code,name\n1,a\n"}))

    assert "esco_skill_groups.json" in missing.value.text.en
    assert {flaw.text.en for flaw in read.flaws} == {
        f"The column {name} is missing." for name in ("name_ko", "name_en", "level", "definition")
    }


def test_the_set_that_comes_with_dure_is_whole():
    read = read_own(starter_files())

    assert read.flaws == []
    assert (len(read.roles) >= 24, len(read.skills) >= 60) == (True, True)
    assert {code for code, skill in read.skills.items() if set(skill.levels) != {1, 2, 3, 4, 5}} == set()
    said = [says for skill in read.skills.values() for text in skill.levels.values() for says in (text.ko, text.en)]
    assert len(said) == len(set(said))
    assert {ask.role for ask in read.asks.values()} == set(read.roles)
    assert {ask.skill for ask in read.asks.values()} == set(read.skills)


def test_the_blueprints_skills_are_in_the_set():
    named = {"ai-literacy", "data-analytics", "prompt-engineering", "machine-learning", "manufacturing"}

    assert named - set(read_own(starter_files()).skills) == set()


def test_the_starter_set_gives_way_to_what_an_operator_brought_in():
    assert keep_starter().known is False
    assert keep_starter().known is True
    own = {**starter_files(), "profiles.csv": b"role,skill,level,weight\n"}
    bring_in(read_own(own), version="mine", by=make_operator())

    assert keep_starter() is None
    assert not RoleSkill.objects.exists()


def test_skills_are_found_in_both_languages_and_by_first_letters():
    keep_starter()

    found = {typed: [row.code for row in skills_found(typed)] for typed in ("머신러닝", "ㅁㅅㄹㄴ", "prompt", "없는말")}

    assert found["머신러닝"][0] == found["ㅁㅅㄹㄴ"][0] == "machine-learning"
    assert (found["prompt"], found["없는말"]) == (["prompt-engineering"], [])


@pytest.mark.skipif(not REAL.is_dir(), reason="the published files of O*NET and ESCO are not on this machine")
@pytest.mark.parametrize(("source", "skills"), [("onet", 8817), ("esco", 14094)])
def test_the_published_files_come_in_whole_and_once(source, skills):
    read = SOURCES[source].read(files_in(REAL))

    first, second = (bring_in(read, version="1", by=None) for _ in range(2))

    assert (read.flaws, first.skills.counts["new"], second.known) == ([], skills, True)
