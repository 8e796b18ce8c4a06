"""Courses by page: a learner's way, a curator's and an instructor's work, what strangers see."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.core import clock
from dure.learning.models import Cohort, Course, Enrolment, Lesson, Progress
from dure.learning.operations.cohorts import seat_teacher
from dure.learning.operations.courses import attach, open_course
from dure.learning.operations.enrolling import extend
from dure.learning.operations.providers import appoint_curator
from tests.factories import make_admin, make_organisation, make_person
from tests.learning.factories import make_cohort, make_course, make_enrolment, make_item, make_lesson, make_provider
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
QUIZ = "? 2 + 2 || 2 더하기 2\n* 4\n- 5\n! Count. || 세어 보세요."


@pytest.fixture
def provider(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_provider("shelf", organisation=make_organisation("home"))


@pytest.fixture
def course(provider) -> Course:
    course = make_course(provider, lessons=1, opened=False, key="basics", title_ko="기초")
    make_lesson(course, kind="quiz", quiz=QUIZ, title_ko="퀴즈")
    make_lesson(course, kind="outside", item=make_item(provider, key="az"), title_ko="바깥")
    return open_course(course)


def test_a_learner_joins_reads_answers_and_goes_on_where_they_were(course):
    cohort, client = make_cohort(course), client_of(make_person())
    page, quiz, outside = course.lessons.all()

    assert "수강 신청" in text_of(client.get("/learn/courses/basics/"))
    way = client.post(f"/learn/cohorts/{cohort.pk}/join/")["Location"]
    client.get(f"{way}{page.pk}/")
    client.post(f"{way}{page.pk}/act/", {"position": "400"})
    on_another_device = text_of(client.get(way))
    onward = client.post(f"{way}{page.pk}/act/")["Location"]
    wrong = text_of(client.post(f"{way}{quiz.pk}/act/", {"q0": "1"}))
    right = text_of(client.post(f"{way}{quiz.pk}/act/", {"q0": "0"}))

    assert "이어서 학습하기" in on_another_device
    assert Progress.objects.get(lesson=page).position == 400
    assert onward == f"{way}{quiz.pk}/"
    assert "아직 통과하지 못했습니다." in wrong
    assert "오답입니다. 세어 보세요." in wrong
    assert "통과했습니다." in right
    assert "외부에서 배우는 차시입니다." in text_of(client.get(f"{way}{outside.pk}/"))
    assert client.post(f"{way}{outside.pk}/act/").status_code == 409


def test_a_lesson_that_waits_for_another_is_not_opened(course):
    enrolment = make_enrolment(make_cohort(course))
    last = course.lessons.last()
    client = client_of(enrolment.person)

    assert client.get(f"/learn/enrolments/{enrolment.pk}/{last.pk}/").status_code == 403
    assert client_of(make_person()).get(f"/learn/enrolments/{enrolment.pk}/").status_code == 404
    assert client_of(None).get(f"/learn/enrolments/{enrolment.pk}/").status_code == 302


def test_whoever_comes_when_it_is_full_is_told_that_they_wait_and_may_leave(course):
    cohort, person = make_cohort(course, capacity=1), make_person()
    make_enrolment(cohort)
    client = client_of(person)

    client.post(f"/learn/cohorts/{cohort.pk}/join/")
    page = text_of(client.get("/learn/courses/basics/"))
    mine = text_of(client.get("/learn/mine/"))
    enrolment = Enrolment.objects.get(person=person)
    asked = text_of(client.get(f"/learn/enrolments/{enrolment.pk}/leave/"))
    client.post(f"/learn/enrolments/{enrolment.pk}/leave/")

    assert "대기 중입니다. 자리가 나면 자동으로 등록됩니다." in page
    assert "대기 중" in mine
    assert "자리는 가장 오래 기다린 사람에게 돌아갑니다." in asked
    enrolment.refresh_from_db()
    assert enrolment.state == "withdrawn"


def test_scripts_in_a_lesson_do_not_run_and_its_pictures_are_its_files(course):
    lesson = course.lessons.first()
    Lesson.objects.filter(pk=lesson.pk).update(
        body_ko="# 제목\n<script>x</script> [여기](javascript:alert(1)) ![그림](files/a.png) ![밖](https://x.example/a.png)"
    )
    attach(lesson, [b"png"], name="a.png")
    enrolment = make_enrolment(make_cohort(course))

    html = client_of(enrolment.person).get(f"/learn/enrolments/{enrolment.pk}/{lesson.pk}/").content.decode()

    here = f"/learn/enrolments/{enrolment.pk}/{lesson.pk}/files/a.png"
    assert f'src="{here}"' in html
    assert "x.example" not in html
    assert 'href="javascript:' not in html
    assert "<script>x" not in html
    assert b"".join(client_of(enrolment.person).get(here).streaming_content) == b"png"
    assert client_of(make_person()).get(here).status_code == 404


def test_a_film_is_sent_in_the_parts_that_a_phone_asks_for(course):
    lesson = course.lessons.first()
    attach(lesson, [b"0123456789"], name="film.mp4")
    enrolment = make_enrolment(make_cohort(course))
    client, path = client_of(enrolment.person), f"/learn/enrolments/{enrolment.pk}/{lesson.pk}/files/film.mp4"

    part = client.get(path, headers={"Range": "bytes=2-4"})

    assert (part.status_code, part.content, part["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert client.get(path, headers={"Range": "bytes=7-"}).content == b"789"
    whole = client.get(path)
    assert (b"".join(whole.streaming_content), whole["Content-Type"]) == (b"0123456789", "video/mp4")
    whole.close()


def test_a_curator_makes_a_course_from_nothing(provider):
    curator = make_person()
    appoint_curator(provider, person=curator)
    client = client_of(curator)
    told = {"title_ko": "새 강좌", "title_en": "New", "mode": "online", "credits": "3", "hours": "12", "in_order": "on"}
    lesson = {"title_ko": "첫 차시", "title_en": "First", "kind": "page", "pass_share": "0.6", "required": "on"}

    client.post("/learn/providers/shelf/courses/new/", {**told, "key": "new", "options": "vision, voice"})
    early = client.post("/learn/courses/new/state/", {"open": "yes"})
    client.post("/learn/courses/new/lessons/new/", lesson)
    flawed = client.post("/learn/courses/new/lessons/new/", {**lesson, "kind": "quiz", "quiz": "? why"})
    client.post("/learn/courses/new/lessons/new/", {**lesson, "kind": "quiz", "quiz": QUIZ, "for_options": ["voice"]})
    first, second = Lesson.objects.all()
    client.post(f"/learn/lessons/{second.pk}/act/", {"move": "up"})
    client.post(f"/learn/lessons/{first.pk}/act/", {"file": SimpleUploadedFile("a.pdf", b"slides")})
    client.post(f"/learn/lessons/{first.pk}/", {**lesson, "title_ko": "고친 차시", "needs": [str(second.pk)]})
    client.post("/learn/courses/new/state/", {"open": "yes"})
    client.post("/learn/courses/new/about/", {**told, "title_ko": "고친 강좌", "options": "vision, voice"})
    made = client.post("/learn/courses/new/cohorts/new/", {"name": "2027-1", "capacity": "20", "price": "0"})

    course, cohort = Course.objects.get(), Cohort.objects.get()
    assert early.status_code == 409
    assert "정답(* 또는 =)이 없습니다." in text_of(flawed)
    assert (course.state, course.title_ko, course.options) == ("open", "고친 강좌", ["vision", "voice"])
    assert [(one.title_ko, one.for_options) for one in course.lessons.all()] == [
        ("첫 차시", ["voice"]), ("고친 차시", []),
    ]  # fmt: skip
    assert list(first.needs.all()) == [second]
    assert first.files.get().name == "a.pdf"
    assert made["Location"] == f"/learn/cohorts/{cohort.pk}/settings/"


def test_a_file_is_taken_away_and_a_lesson_out(course, provider):
    client, lesson = client_of(make_admin(provider.organisation)), course.lessons.first()
    file = attach(lesson, [b"x"], name="x.txt")

    client.post(f"/learn/lessons/{lesson.pk}/act/", {"detach": str(file.pk)})
    client.post(f"/learn/lessons/{lesson.pk}/act/", {"retire": "yes"})

    assert not lesson.files.exists()
    assert course.lessons.filter(retired_at=None).count() == 2
    assert client.get(f"/learn/lessons/{lesson.pk}/").status_code == 404


def test_an_instructor_sees_notes_extends_and_proves(course):
    cohort = make_cohort(course, closes_at=clock.now() + timedelta(days=3))
    instructor, learner = make_person(), make_enrolment(cohort, person=make_person(name="김하늘"))
    seat_teacher(cohort, person=instructor, duty="instructor")
    client, outside = client_of(instructor), course.lessons.last()

    roster = text_of(client.get(f"/learn/cohorts/{cohort.pk}/?q=김하"))
    client.post(
        f"/learn/people/{learner.pk}/", {"attendance": "0.9", "grade": "4.2", "extended_until": "2030-01-01T00:00"}
    )
    client.post(f"/learn/people/{learner.pk}/proof/", {"lesson": str(outside.pk), "proof": "수료증 7"})
    person = text_of(client.get(f"/learn/people/{learner.pk}/"))
    client.post(f"/learn/cohorts/{cohort.pk}/write/", {"group": "active", "text": "내일 만나요"})

    learner.refresh_from_db()
    assert "김하늘" in roster
    assert (float(learner.attendance), float(learner.grade), learner.extended_until.year) == (0.9, 4.2, 2029)
    assert "수료증 7" in person
    assert learner.person.notices.filter(text_ko__contains="내일 만나요").exists()
    client.post(f"/learn/people/{learner.pk}/proof/", {"lesson": str(outside.pk), "back": "yes"})
    assert Progress.objects.get(lesson=outside).done_at is None
    for text in (" ", "가" * 1001):
        refused = client.post(f"/learn/cohorts/{cohort.pk}/write/", {"text": text})
        assert "전할 말을 1,000자 이내로 쓰세요." in text_of(refused)
        assert text.strip() in refused.content.decode()


def test_a_roster_goes_out_and_comes_back_unchanged(course):
    cohort = make_cohort(course)
    instructor = make_person()
    enrolment = make_enrolment(cohort)
    extend(enrolment, until=clock.now() + timedelta(days=9))
    seat_teacher(cohort, person=instructor, duty="instructor")
    client, path = client_of(instructor), f"/learn/cohorts/{cohort.pk}/import/"
    new = make_person("new@example.org")

    out = b"".join(client.get(f"/learn/cohorts/{cohort.pk}/roster.csv").streaming_content)
    book = client.get(f"/learn/cohorts/{cohort.pk}/roster.xlsx").content
    back = text_of(client.post(path, {"what": "roster", "file": SimpleUploadedFile("r.xlsx", book)}))
    checked = text_of(
        client.post(path, {"what": "roster", "file": SimpleUploadedFile("r.csv", out + b"new@example.org\r\n")})
    )
    wrong = client.post(path, {"what": "roster", "file": SimpleUploadedFile("r.csv", b"email\nnobody@example.org\n")})
    entered = client.post(path, {"what": "roster", "enter": "yes",
                                 "file": SimpleUploadedFile("r.csv", b"email\nnew@example.org\n")})  # fmt: skip

    assert "0명이 등록되고(그중 대기 0명)" in back
    assert "1명이 등록되고(그중 대기 0명)" in checked
    assert "가입한 사람이 아닙니다: nobody@example.org" in text_of(wrong)
    assert (wrong.status_code, entered.status_code) == (422, 302)
    assert Enrolment.objects.get(person=new).state == "active"


def test_who_sees_the_pages_of_a_cohort(course, provider):
    cohort = make_cohort(course)
    instructor, mentor, learner = make_person(), make_person(), make_enrolment(cohort)
    seat_teacher(cohort, person=instructor, duty="instructor")
    seat_teacher(cohort, person=mentor, duty="mentor")
    pages = [f"cohorts/{cohort.pk}/", f"people/{learner.pk}/", f"cohorts/{cohort.pk}/import/",
             f"cohorts/{cohort.pk}/settings/", "courses/basics/edit/", "courses/basics/report/"]  # fmt: skip
    people = {"curator": make_admin(provider.organisation), "instructor": instructor, "mentor": mentor,
              "learner": learner.person, "nobody": None}  # fmt: skip

    codes = {who: [client_of(p).get(f"/learn/{page}").status_code for page in pages] for who, p in people.items()}

    assert codes == {
        "curator": [200] * 6,
        "instructor": [200, 200, 200, 404, 404, 404],
        "mentor": [200, 200, 403, 403, 404, 404],
        "learner": [404] * 6,
        "nobody": [302] * 6,
    }


def test_a_draft_is_its_curators_own(provider):
    make_course(provider, opened=False, key="draft")
    found = {who: client_of(person).get("/learn/courses/draft/").status_code
             for who, person in {"admin": make_admin(provider.organisation), "nobody": None}.items()}  # fmt: skip
    assert found == {"admin": 200, "nobody": 404}


def test_who_pays_reads_completion_and_cost(course):
    sender = make_organisation("sender")
    make_enrolment(make_cohort(course, price=300_000), organisation=sender)
    client = client_of(make_admin(sender))

    page = text_of(client.get("/organisations/sender/learning/"))
    sheet = b"".join(client.get("/organisations/sender/learning/?csv").streaming_content).decode("utf-8-sig")

    assert "30만 원" in page
    assert "sender" in sheet
    assert client_of(make_person()).get("/organisations/sender/learning/").status_code == 404
    assert client_of(make_person()).get("/organisations/sender/learning/people/").status_code == 404


def test_teachers_are_seated_and_unseated_by_their_address(course, provider):
    cohort, person = make_cohort(course), make_person("t@example.org")
    client, path = client_of(make_admin(provider.organisation)), f"/learn/cohorts/{cohort.pk}/"

    client.post(f"{path}teachers/", {"email": "T@example.org", "duty": "mentor"})
    client.post(f"{path}settings/", {"name": "새 이름", "price": "100", "capacity": "5"})
    cohort.refresh_from_db()
    seen = (cohort.seats.get().duty, cohort.name, cohort.price, cohort.self_service)
    client.post(f"{path}teachers/", {"end": str(person.pk)})

    assert seen == ("mentor", "새 이름", 100, False)
    assert not cohort.seats.exists()
