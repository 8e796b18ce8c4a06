"""Row 5, LG Electronics–KAIST AI advanced course, acted over HTTP: four areas, ten courses, everybody their own."""

import pytest

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
COURSES = {"vision": 3, "speech": 2, "control": 2, "advanced-algorithms": 3}
PRIOR = {"job": "engineer", "prior-courses": "none"}


@pytest.fixture
def edition():
    """Ten lessons in four tracks, learnt by the people of the programme's second stage."""
    parties = organisations("lge", kaist="university")
    edition = Edition("advanced").make("04", parties)
    lessons = [
        a_lesson(f"{area} {number}", for_options=[area])
        for area, many in COURSES.items()
        for number in range(1, many + 1)
    ]
    _, cohort = a_course(edition.host, parties["kaist"], "ai-advanced", *lessons, options=list(COURSES))
    edition.begin()
    edition.host.put(f"{edition.at}/stages/courses/cohort", {"cohort": cohort})
    edition.award(issuer_of(parties["kaist"]), "Advanced AI course", "certificate")
    edition.people = {}
    for area in COURSES:
        caller = edition.people[area] = person_at(parties["lge"])
        edition.offered("enrol", caller, options=[area])
        edition.answered("enrol", caller, **PRIOR)
    return edition


def graded(edition, who, grade):
    professor, enrolment = edition.host, enrolment_of(who, "ai-advanced")
    professor.put(f"/learning/enrolments/{enrolment['id']}/notes", {"grade": grade})
    edition.tick()


def test_four_options_and_ten_items_of_which_everybody_sees_their_own(edition):
    course = edition.host.get("/learning/courses/ai-advanced")

    seen = {
        area: [step["title"]["en"] for step in enrolment_of(caller, "ai-advanced")["steps"]]
        for area, caller in edition.people.items()
    }

    assert (len(course["options"]), len(course["lessons"])) == (4, 10)
    assert list(edition.host.get(edition.at)["stages"][0]["options"]) == list(COURSES)
    assert seen == {area: [f"{area} {number}" for number in range(1, many + 1)] for area, many in COURSES.items()}


def test_nobody_of_one_area_can_fail_on_another_areas_items(edition):
    *done, idle = edition.people.values()
    for caller in done:
        finish(caller, "ai-advanced")
        graded(edition, caller, "3.0")
    finish(idle, "ai-advanced", but=1)
    graded(edition, idle, "4.5")

    held = [[award["name"]["en"] for award in caller.get("/me/credentials")["items"]] for caller in (*done, idle)]

    assert [edition.state(caller, "courses") for caller in (*done, idle)] == ["passed"] * 3 + ["open"]
    assert held == [["Advanced AI course"]] * 3 + [[]]
