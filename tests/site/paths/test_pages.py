"""Learning paths by page, what providers are asked to teach, and the sessions of a cohort."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from dure.calendar.models import Series
from dure.calendar.operations import plan
from dure.core import clock
from dure.joints.learning.lessons import held_at
from dure.joints.learning.sessions import open_sessions
from dure.learning.models import LearningPath, RevisionTask
from dure.learning.operations.cohorts import seat_teacher
from dure.learning.operations.providers import appoint_curator
from dure.learning.operations.revisions import look_for_lag
from dure.people.days import today
from dure.skills.operations import report_demand
from tests.factories import make_person
from tests.learning.factories import (
    make_cohort,
    make_course,
    make_enrolment,
    make_item,
    make_lesson,
    make_provider,
    make_skill,
)  # fmt: skip
from tests.learning.paths.factories import make_path, make_role, planned, solved, teaching
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def role():
    found = make_role(sql=2, rust=1)
    teaching("first", minutes=120, sql=1)
    teaching("slower", minutes=300, sql=1)
    teaching("more", minutes=600, sql=2)
    return found


def test_a_person_plans_a_path_and_sees_why_what_else_and_what_is_missing(role):
    client, until = client_of(make_person()), (today() + timedelta(weeks=10)).isoformat()

    offered = client.get(f"/learn/paths/new/?role={role.pk}")
    way = client.post(f"/learn/paths/new/?role={role.pk}", {"hours": "5", "until": until})["Location"]
    page = text_of(client.get(way))

    assert "부족한 역량" in text_of(offered)
    assert "더 짧은 길이 있는지 계산하고 있습니다." in page
    assert "sql 2수준까지" in page
    assert "다음 항목도 이 수준에 이릅니다" in page
    assert "카탈로그에 이 수준까지 이끄는 항목이 아직 없습니다." in page
    assert client.get(f"/learn/paths/new/?role={role.pk}")["Location"] == way
    assert way in client.get("/learn/paths/").content.decode()


def test_a_page_stops_asking_once_the_shortest_is_proven(role):
    path = make_path(role, minutes_a_week=300)
    client = client_of(path.person)
    before = client.get(f"/learn/paths/{path.pk}/plan/")
    solved(path)
    after = client.get(f"/learn/paths/{path.pk}/plan/", headers={"If-None-Match": before["ETag"]})

    assert b"hx-get" in before.content
    assert b"hx-get" not in after.content
    assert "더 짧은 길이 없음이 증명되었습니다." in text_of(after)
    assert client.get(f"/learn/paths/{path.pk}/plan/", headers={"If-None-Match": after["ETag"]}).status_code == 304


def test_another_pace_an_item_left_out_and_one_done_elsewhere_change_the_plan(role):
    path = make_path(role, minutes_a_week=300)
    client, way = client_of(path.person), f"/learn/paths/{path.pk}/"
    first = path.steps.get(item__key="first").item

    client.post(f"{way}change/", {"hours": "12", "until": path.until.isoformat()})
    faster = planned(path)
    client.post(f"{way}choose/", {"item": first.pk, "without": "yes"})
    without = planned(path)
    client.post(f"{way}choose/", {"item": first.pk, "again": "yes"})
    client.post(f"{way}choose/", {"item": first.pk, "done": "yes"})
    done = planned(path), text_of(client.get(way))
    client.post(f"{way}choose/", {"item": first.pk, "undone": "yes"})

    assert faster == [("first", 0, 0), ("more", 0, 0)]
    assert without == [("slower", 0, 0), ("more", 0, 1)]
    assert done[0] == [("more", 0, 0)]
    assert "끝내지 않았습니다" in done[1]
    assert planned(path) == faster
    wrong = client.post(f"{way}change/", {"hours": "12", "until": "2020-01-01"})
    assert (wrong.status_code, "날짜를 고르세요." in text_of(wrong)) == (422, True)


def test_a_plan_goes_into_a_calendar_program(role):
    path = make_path(role, minutes_a_week=300)

    file = client_of(path.person).get(f"/learn/paths/{path.pk}/path.ics")

    events = Calendar.from_ical(file.content).walk("VEVENT")
    starts = {str(event["summary"]): event["dtstart"].dt.date() for event in events}
    assert starts.keys() == {"first 과정", "more 과정"}
    assert {str(event["uid"]).startswith("path-") for event in events} == {True}


def test_a_path_is_its_persons_alone_and_is_given_up_once_confirmed(role):
    path = make_path(role)
    client, way = client_of(path.person), f"/learn/paths/{path.pk}/"

    assert client_of(make_person()).get(way).status_code == 404
    assert client_of(None).get(way).status_code == 302
    assert "이 학습 경로를 그만둘까요?" in text_of(client.get(f"{way}leave/"))
    client.post(f"{way}leave/")
    assert client.get(way).status_code == 404
    assert LearningPath.objects.get().left_at is not None


# --- revisions


@pytest.fixture
def task():
    shelf, agents = make_provider("shelf"), make_skill("agents")
    make_item(shelf)
    for month, count in ((8, 2), (9, 5), (10, 7), (11, 9)):
        report_demand({agents.pk: count}, month=date(2026, month, 1))
    curator = make_person()
    appoint_curator(shelf, person=curator)
    look_for_lag(on=date(2026, 11, 10))
    return RevisionTask.objects.get()


def test_a_curator_reads_answers_and_closes_a_revision_task(task):
    client = client_of(task.provider.curators.get())

    listed = text_of(client.get("/learn/revisions/"))
    page = text_of(client.get(f"/learn/revisions/{task.pk}/"))
    client.post(f"/learn/revisions/{task.pk}/reply/", {"answer": "강좌를 준비합니다."})
    answered = text_of(client.get(f"/learn/revisions/{task.pk}/"))
    client.post(f"/learn/revisions/{task.pk}/reply/", {"answer": "못 합니다.", "decline": "yes"})

    assert "agents" in listed
    assert "최근에는 한 달에 7번" in page
    assert "강좌를 준비합니다." in answered
    task.refresh_from_db()
    assert (task.state, task.closing) == ("closed", "declined")
    assert "agents" in text_of(client.get("/learn/revisions/?state=closed"))


def test_revision_tasks_are_for_the_curators_of_the_provider(task):
    stranger = client_of(make_person())

    assert stranger.get(f"/learn/revisions/{task.pk}/").status_code == 404
    assert "agents" not in text_of(stranger.get("/learn/revisions/"))


# --- sessions of a cohort


def test_who_runs_a_cohort_plans_its_sessions_and_its_people_see_them():
    cohort, teacher = make_cohort(make_course(lessons=1)), make_person()
    seat_teacher(cohort, person=teacher, duty="instructor")
    learner = make_enrolment(cohort).person
    way = f"/learn/cohorts/{cohort.pk}/sessions/"

    empty = text_of(client_of(teacher).get(way))
    onward = client_of(teacher).post(way)["Location"]

    series = Series.objects.get(subject=f"learning.cohort:{cohort.pk}")
    assert "아직 수업 일정이 없습니다" in empty
    assert onward == f"/calendar/{series.pk}/plan/"
    assert client_of(teacher).get(way)["Location"] == f"/calendar/{series.pk}/"
    assert client_of(learner).get(f"/calendar/{series.pk}/").status_code == 200
    assert client_of(learner).get(way).status_code == 404


def test_who_runs_a_cohort_says_which_session_holds_which_lesson_and_its_people_see_when():
    course, teacher = make_course(lessons=1, in_order=False), make_person()
    lesson, cohort = make_lesson(course, kind="session"), make_cohort(course)
    seat_teacher(cohort, person=teacher, duty="instructor")
    enrolment = make_enrolment(cohort)
    start = clock.now() + timedelta(days=1)
    times = {"starts_at": start, "ends_at": start + timedelta(hours=1)}
    session = plan(open_sessions(cohort), title_ko="실습", title_en="Lab", place="공학관 301", **times)
    way = f"/learn/cohorts/{cohort.pk}/sessions/"

    proposed = client_of(teacher).get(way).content.decode()
    client_of(teacher).post(f"{way}lessons/", {f"session-{session.pk}": str(lesson.pk)})
    seen = text_of(client_of(enrolment.person).get(f"/learn/enrolments/{enrolment.pk}/{lesson.pk}/"))

    assert f'<option value="{lesson.pk}" selected>' in proposed
    assert held_at(cohort, lesson).get() == session
    assert "수업 일시" in seen
    assert "공학관 301" in seen
    assert client_of(enrolment.person).post(f"{way}lessons/").status_code == 404
