"""Row 14, LG in-house AI graduate school, acted over HTTP: one transcript is an internal certificate before the day of
recognition and a degree from it on; credits, grades, attendance and thesis are audited."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from dure.core import clock
from tests.api.conftest import Caller
from tests.factories import make_person
from tests.rows.graduating import School, make_school

pytestmark = pytest.mark.django_db

BEFORE, AFTER = datetime(2025, 8, 23, 3, tzinfo=UTC), datetime(2025, 8, 24, 3, tzinfo=UTC)
REQUIREMENT = """degree: {ko: AI대학원 학위, en: AI graduate degree}
award: ai-graduate
credits: 24
areas:
  - {id: theory, title: {ko: AI 이론, en: AI theory}, credits: 9}
  - {id: domain, title: {ko: 도메인 지식, en: Domain knowledge}, credits: 9}
  - {id: field-lab, title: {ko: 현장 실습, en: Field lab}, credits: 6}
grade: 2.0
attendance: 0.75
thesis: true
recognised:
  by: {ko: 교육부, en: Ministry of Education}
  from: 2025-08-24
  before: {ko: 사내 수료증, en: Internal certificate}
"""
RECOGNISED = {
    "by": "Ministry of Education", "since": "2025-08-24", "before": {"ko": "사내 수료증", "en": "Internal certificate"},
}  # fmt: skip
COURSES = (("theory", 9), ("domain", 9), ("field-lab", 6))


@pytest.fixture
def school(settings, tmp_path) -> Iterator[School]:
    settings.KEYS = tmp_path
    clock.set_clock(datetime(2025, 8, 1, 3, tzinfo=UTC))
    yield make_school("lg", REQUIREMENT, code="ai-graduate", recognised=RECOGNISED)
    clock.set_clock(None)


def graduate(school: School, *, attendance: float = 0.9, grade: float = 3, thesis: bool = True) -> tuple[Caller, str]:
    """Somebody with all courses, and their thesis where it is passed."""
    learner = Caller(make_person())
    candidate = school.candidate(learner)
    for area, amount in COURSES:
        school.credit(candidate, area, amount, area=area, grade=grade, attendance=attendance)
    if thesis:
        school.credit(candidate, "thesis", 0, thesis=True)
    return learner, candidate


def awarded(school: School, moment: datetime) -> dict[str, Any]:
    """What the credential of somebody says who is awarded at that moment, as it was signed."""
    learner, candidate = graduate(school)
    clock.set_clock(moment)
    school.propose(candidate)
    school.award(candidate)
    held = learner.get("/me/credentials")["items"][0]
    return learner.get(f"/me/credentials/{held['id']}/files")["document"]["credentialSubject"]["achievement"]


def test_same_records_are_an_internal_certificate_before_recognition_and_a_degree_from_it_on(school):
    found = {moment: awarded(school, moment) for moment in (BEFORE, AFTER)}

    assert {moment: (one["achievementType"], one["name"]) for moment, one in found.items()} == {
        BEFORE: ("Certificate", "사내 수료증 (Internal certificate)"), AFTER: ("Degree", "학위 (Degree)"),
    }  # fmt: skip


def test_audit_says_which_name_holds_on_the_day(school):
    learner, candidate = graduate(school)

    audits = [learner.get(f"/degrees/candidates/{candidate}/audit?on={day}") for day in ("2025-08-23", "2025-08-24")]

    assert [(one["met"], one["recognised"], one["name"]["en"]) for one in audits] == [
        (True, False, "Internal certificate"), (True, True, "AI graduate degree"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lacks", "sort"),
    [({"attendance": 0.74}, "attendance"), ({"grade": 1.99}, "grade"), ({"thesis": False}, "thesis")],
)
def test_attendance_grade_and_thesis_are_asked_for(school, lacks, sort):
    learner, candidate = graduate(school, **lacks)

    refused = school.propose(candidate, 409)

    missing = [
        line["sort"] for line in learner.get(f"/degrees/candidates/{candidate}/audit")["lines"] if not line["met"]
    ]
    assert (refused["code"], missing) == ("award.unmet", [sort])


def test_what_is_recognised_from_another_day_than_the_requirement_says_is_not_awarded(school):
    _, candidate = graduate(school)
    requirement = REQUIREMENT.replace("2025-08-24", "2025-12-31")
    number = school.registrar.post(f"/degrees/{school.key}/versions", {"requirement": requirement}, 201)["number"]
    school.registrar.put(f"/degrees/candidates/{candidate}", {"version": number})
    school.propose(candidate)

    refused = school.award(candidate, 409)

    assert refused["code"] == "award.day"
    assert school.registrar.get(f"/degrees/candidates/{candidate}")["state"] == "proposed"


def test_transcript_is_signed_and_its_hash_is_of_what_it_says(school):
    learner, candidate = graduate(school)
    made = learner.post(f"/degrees/candidates/{candidate}/transcripts", status=201)
    school.award(candidate, 409)  # nobody proposed it; the workers sign meanwhile

    shown = Caller().get(f"/transcripts/{made['code']}")

    assert shown["sha256"] == sha256(shown["content"].encode()).hexdigest()
    assert (made["token"], shown["token"].count(".")) == ("", 2)
