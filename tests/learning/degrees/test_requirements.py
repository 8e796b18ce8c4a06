"""Requirements as text: read whole, and every flaw named with its line."""

from datetime import date
from decimal import Decimal

import pytest

from dure.core.errors import Flawed, Refused
from dure.learning.operations.degrees import found_degree, write_requirement
from dure.learning.requirements import read_requirement
from dure.people.models import Person
from tests.factories import make_organisation, make_person
from tests.learning.degrees.factories import REQUIREMENT, make_degree

WHOLE = """degree: {ko: AI 석사, en: Master in AI}
award: ai-master
credits: 24
areas:
  - {id: majors, title: {ko: 전공, en: Majors}, credits: 12, courses: [ml, snu/vision]}
core:
  - {title: {ko: 필수, en: Required}, courses: [ml, ethics, stats], take: 2}
grade: 3.0
passes-from: 1.5
attendance: 0.75
thesis: true
residency: 12
partners: [mysuni, microsoft]
transfer: {most: 6, from: [kaist]}
valid-years: 6
recognised: {by: {ko: 교육부, en: MOE}, from: 2025-08-24, before: {ko: 사내 수료증, en: Internal certificate}}
tracks:
  - {id: master, title: {ko: 석사, en: Master}}
  - {id: doctor, title: {ko: 박사, en: Doctor}, credits: 36, award: ai-doctor}
"""


def flaws(source: str) -> list[tuple[int, str]]:
    with pytest.raises(Flawed) as told:
        read_requirement(source, home="snu")
    return [(flaw["line"], flaw["text"]["en"]) for flaw in told.value.facts["errors"]]


def test_everything_that_is_written_is_read():
    asked = read_requirement(WHOLE, home="snu").on_track("master")

    assert (asked.home, asked.award, asked.title.en) == ("snu", "ai-master", "Master in AI")
    assert (asked.credits, asked.grade, asked.passes_from, asked.attendance, asked.residency, asked.transfer) == (
        24, 3, Decimal("1.5"), Decimal("0.75"), 12, 6,
    )  # fmt: skip
    assert (asked.partners, asked.recognised) == ({"mysuni", "microsoft"}, {"kaist"})
    assert [(area.key, area.credits, area.courses) for area in asked.areas] == [("majors", 12, {"ml", "snu/vision"})]
    assert [(core.courses, core.take) for core in asked.core] == [(("ml", "ethics", "stats"), 2)]
    assert (asked.thesis, asked.years) == (True, 6)
    assert [asked.name_on(day).en for day in (date(2025, 8, 23), date(2025, 8, 24))] == [
        "Internal certificate", "Master in AI",
    ]  # fmt: skip


def test_track_says_only_what_differs():
    degree = read_requirement(WHOLE, home="snu")

    doctor = degree.on_track("doctor")

    assert [track.key for track in degree.tracks] == ["master", "doctor"]
    assert (doctor.credits, doctor.award, doctor.grade) == (36, "ai-doctor", 3)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("grade: 3.0", "grade: 5", 8, "from 0 to 4.5"),
        ("grade: 3.0", "grade: 3.001", 8, "at most 2 decimals"),
        ("take: 2", "take: 9", 7, "has 3 courses only"),
        ("thesis: true", "thesis: maybe", 11, "true or false"),
        ("residency: 12", "residence: 12", 12, "There is no residence"),
        ("residency: 12", "residency: 30", 12, "more than the 24"),
        ("from: [kaist]", "from: []", 14, "from which institutions"),
        ("from: 2025-08-24", "from: 2025-13-01", 16, "2026-08-24"),
        (", before: {ko: 사내 수료증, en: Internal certificate}", "", 16, "called before"),
        ("{ko: 전공, en: Majors}", "Majors", 5, "both languages"),
        ("{ko: 전공, en: Majors}", "{ko: 전공}", 5, "en is missing"),
        ("credits: 12", "credits: 25", 3, "25 credits"),
        ("id: doctor", "id: master", 19, "master stands here twice"),
        ("[ml, ethics, stats]", "[ml, ml]", 7, "ml stands here twice"),
    ],
)
def test_flaw_is_named_with_its_line(old, new, line, says):
    found = flaws(WHOLE.replace(old, new, 1))

    assert [at for at, _ in found] == [line] * len(found)
    assert says in found[0][1]


def test_all_flaws_are_told_at_once():
    assert [at for at, _ in flaws(WHOLE.replace("grade: 3.0", "grade: x").replace("thesis: true", "thesis: x"))] == [
        8,
        11,
    ]


def test_what_is_no_yaml_and_what_lacks_the_whole_is_told():
    assert flaws("a: [")[0][0] in (1, 2)
    assert [text for _, text in flaws("grade: 3")] == ["credits is missing.", "degree is missing."]


@pytest.mark.django_db
def test_requirement_is_written_in_versions_and_the_same_text_is_none():
    degree = make_degree()
    by = Person.objects.first()

    again = write_requirement(degree, source=REQUIREMENT, by=by)
    other = write_requirement(degree, source=REQUIREMENT.replace("credits: 24", "credits: 30"), by=by)

    assert (again.number, other.number, degree.current, degree.versions.count()) == (1, 2, other, 2)


@pytest.mark.django_db
def test_second_degree_of_one_address_is_refused():
    degree = make_degree(key="joint")
    with pytest.raises(Refused) as told:
        found_degree(make_organisation(), key="joint", source=REQUIREMENT, by=make_person())
    assert (told.value.code, degree.key) == ("degree.key", "joint")
