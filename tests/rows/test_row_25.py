"""Row 25, KT's education platform, acted over HTTP: an SME's user has GPU hours, finishes a course, gets a badge.

Workspaces with data sets come with the project rooms.
"""

import pytest

from tests.api.conftest import Caller
from tests.rows.editions import (
    Edition,
    a_course,
    a_lesson,
    enrolment_of,
    finish,
    issuer_of,
    organisations,
    person_at,
)

pytestmark = pytest.mark.django_db
BADGE = "Industry AI practitioner"
INDUSTRIES = ["manufacturing", "logistics", "finance", "service"]


@pytest.fixture
def platform():
    """A starter course for everybody, and one with a track for each industry."""
    parties = organisations("kt", kaist="university", hanyang="university", etri="institute")
    platform = Edition("platform").make("22", parties)
    _, starter = a_course(platform.host, parties["kt"], "starter", a_lesson("Free lab"), a_lesson("Starter"))
    lessons = [a_lesson("Basics"), *(a_lesson(f"Data of {name}", for_options=[name]) for name in INDUSTRIES)]
    _, industry = a_course(platform.host, parties["kaist"], "industry", *lessons, options=INDUSTRIES)
    platform.begin()
    for stage, cohort in (("practice", starter), ("industry-course", industry)):
        platform.host.put(f"{platform.at}/stages/{stage}/cohort", {"cohort": cohort})
    platform.award(issuer_of(parties["kt"]), BADGE, "badge", level="manufacturing")
    return platform


def joined(platform, who: Caller, affiliation: str) -> str:
    platform.entered("join", who)
    platform.answered("join", who, affiliation=affiliation, industry="parts", purpose="inspection")
    return platform.state(who, "join")


def test_a_new_user_of_an_sme_gets_gpu_hours_finishes_a_course_and_is_given_a_badge(platform):
    sme = organisations(hanbit="sme")["hanbit"]
    who = person_at(sme)
    joined(platform, who, "sme")
    quota = [row for row in platform.host.get(f"{platform.at}/provided")["items"] if row["type"] == "compute"]
    confirmed = [platform.host.post(f"/provided/{row['id']}/confirm")["state"] for row in quota]

    finish(who, "starter")
    turn = platform.turn(who, "industry-course")
    who.post(f"/turns/{turn['id']}/options", {"options": ["manufacturing"]})
    finish(who, "industry")
    enrolment = enrolment_of(who, "industry")
    platform.host.put(f"/learning/enrolments/{enrolment['id']}/notes", {"grade": "3.5"})
    platform.tick()

    (badge,) = who.get("/me/credentials")["items"]
    document = who.get(f"/me/credentials/{badge['id']}/files")["document"]
    assert [(row["amount"], row["unit"]) for row in quota] == [(40, "gpu-hour")]
    assert len(confirmed) == 1
    assert (platform.state(who, "practice"), platform.state(who, "industry-course")) == ("passed", "passed")
    assert [step["title"]["en"] for step in enrolment["steps"]] == ["Basics", "Data of manufacturing"]
    assert (badge["name"]["en"], document["credentialSubject"]["result"][0]["value"]) == (BADGE, "manufacturing")
    assert Caller().post("/verifications", {"document": document})["state"] == "ok"


def test_somebody_who_is_of_no_sme_no_venture_and_no_student_is_refused(platform):
    who = person_at(organisations("giant")["giant"])

    assert joined(platform, who, "other") == "out"
