"""Row 3, mySUNI–MS joint curriculum, acted over HTTP: credits of three issuers add up, and 23 of 24 are refused."""

from dataclasses import dataclass
from typing import Any

import pytest

from dure.jobs.worker import drain
from tests.api.conftest import Caller
from tests.factories import make_admin, make_organisation, make_person
from tests.rows.graduating import School, make_school
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db

REQUIREMENT = """degree: {ko: 공동 커리큘럼 학위, en: Joint degree}
award: joint-degree
credits: 24
areas:
  - {id: company, title: {ko: 사내 핵심 과목, en: Company core courses}, credits: 6, courses: [company-core]}
  - {id: cloud, title: {ko: 클라우드·AI, en: Cloud and AI}, credits: 6, courses: [cloud-ai]}
  - {id: majors, title: {ko: 전공 과목, en: Major courses}, credits: 12}
grade: 3.0
residency: 12
partners: [mysuni, microsoft]
"""


@dataclass
class Joint:
    """``taught``: who teaches at each of the three, and the cohorts of their courses."""

    school: School
    learner: Caller
    candidate: str
    taught: dict[str, Caller]

    def finish(self, short: str, course: str, amount: float, grade: float) -> None:
        """The institution's own people offer the course, the learner takes it, an instructor notes the grade."""
        teacher = self.taught[short]
        body = {"key": course, "title": {"ko": course, "en": course}, "credits": amount}
        teacher.post(f"/learning/providers/{short}/courses", body, 201)
        page = teacher.post(f"/learning/courses/{course}/lessons", {"title": {"ko": "1", "en": "1"}}, 201)["id"]
        teacher.post(f"/learning/courses/{course}/opening")
        cohort = teacher.post(f"/learning/courses/{course}/cohorts", {"name": "2026"}, 201)["id"]
        own = self.learner.post(f"/learning/cohorts/{cohort}/join", {}, 201)["id"]
        self.learner.post(f"/learning/enrolments/{own}/lessons/{page}/done")
        teacher.put(f"/learning/enrolments/{own}/notes", {"grade": grade})
        drain()

    def audit(self) -> dict[str, Any]:
        return self.learner.get(f"/degrees/candidates/{self.candidate}/audit")


@pytest.fixture
def joint(settings, tmp_path) -> Joint:
    settings.KEYS = tmp_path
    school = make_school("university", REQUIREMENT, code="joint-degree")
    taught = {
        "university": school.head,
        **{s: Caller(make_admin(make_organisation(s))) for s in ("mysuni", "microsoft")},
    }
    for short, teacher in taught.items():
        body = {"organisation": short, "key": short, "name": {"ko": short, "en": short}}
        teacher.post("/learning/providers", body, 201)
    learner = Caller(make_person())
    return Joint(school, learner, school.candidate(learner), taught)


def test_credits_of_three_issuers_add_up_on_one_audit(joint):
    joint.finish("mysuni", "company-core", 6, 3.5)
    joint.finish("microsoft", "cloud-ai", 6, 4)
    joint.school.credit(joint.candidate, "ml", 11, area="majors", grade=3.0)

    audit = joint.audit()
    page = text_of(client_of(joint.learner.person, "en").get(f"/degrees/candidates/{joint.candidate}/"))

    assert {one["issuer"]: float(one["credits"]) for one in audit["counted"]} == {
        "mysuni": 6, "microsoft": 6, "university": 11,
    }  # fmt: skip
    assert {line["title"]["en"]: float(line["has"]) for line in audit["lines"]} == {
        "Credits in all": 23, "Company core courses": 6, "Cloud and AI": 6, "Major courses": 11,
        "Credits earned at the awarding institution": 11, "Grade average": 3.39,
    }  # fmt: skip
    shown = ("mysuni", "microsoft", "university", "company core courses", "cloud and ai", "major courses", "23")
    assert [word for word in shown if word not in page.lower()] == []


def test_degree_is_refused_at_23_of_24_credits_and_what_is_missing_is_named(joint):
    joint.finish("mysuni", "company-core", 6, 3.5)
    joint.finish("microsoft", "cloud-ai", 6, 4)
    joint.school.credit(joint.candidate, "ml", 11, area="majors", grade=3.0)

    refused = joint.school.propose(joint.candidate, 409)

    assert refused["code"] == "award.unmet"
    assert [line["en"] for line in refused["facts"]["errors"][0]["missing"]] == [
        "Credits in all: 23 of 24. Earn 1 more.", "Major courses: 11 of 12. Earn 1 more.",
        "Credits earned at the awarding institution: 11 of 12. Earn 1 more.",
    ]  # fmt: skip
    assert float(joint.audit()["further"]) == 1


def test_24th_credit_completes_it_and_the_committee_awards_the_degree(joint):
    joint.finish("mysuni", "company-core", 6, 3.5)
    joint.finish("microsoft", "cloud-ai", 6, 4)
    joint.school.credit(joint.candidate, "ml", 11, area="majors", grade=3.0)
    planned = {"planned": [{"course": "seminar", "credits": 1, "area": "majors"}]}
    foreseen = joint.learner.post(f"/degrees/candidates/{joint.candidate}/what-if", planned)
    joint.finish("university", "seminar", 1, 4)
    seminar = next(row for row in joint.learner.get(f"/degrees/candidates/{joint.candidate}/credits")
                   if row["course"] == "seminar")  # fmt: skip
    body = {**{name: value for name, value in seminar.items() if name != "id"}, "area": "majors"}
    joint.school.registrar.post(f"/degrees/credits/{seminar['id']}/correction", body, 201)

    joint.school.propose(joint.candidate)
    joint.school.award(joint.candidate)

    held = joint.learner.get("/me/credentials")["items"]
    assert (foreseen["met"], joint.audit()["met"]) == (True, True)
    assert [(one["state"], one["name"]["en"]) for one in held] == [("issued", "Degree")]


def test_nobody_else_reads_the_audit_and_the_learner_enters_no_credits(joint):
    stranger = Caller(make_person())
    path = f"/degrees/candidates/{joint.candidate}"
    body = {"issuer": "university", "course": "ml", "title": {"ko": "ml", "en": "ml"}, "credits": 24,
            "earned_on": "2026-06-30"}  # fmt: skip

    stranger.get(f"{path}/audit", 404)
    joint.learner.post(f"{path}/credits", body, 403)
    joint.learner.post(f"/degrees/{joint.school.key}/proposals", {"candidates": [joint.candidate]}, 403)
    joint.school.registrar.post(f"/degrees/{joint.school.key}/awards", {"candidates": [joint.candidate]}, 403)
