"""Assignments at their pages: drafted, handed in, marked blind by keyboard's form, moderated, released, asked about."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dure.core import clock
from dure.learning.models import Assignment, HandIn, MarginNote, Mark, Marking, Work
from dure.learning.operations.cohorts import seat_teacher
from tests.factories import make_person
from tests.learning.assignments.factories import DAY, RUBRIC, handed_in, make_class, make_task, marked
from tests.learning.factories import make_enrolment
from tests.site.assignments.world import assignment_pages
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return make_class()


@pytest.fixture
def boss(cohort):
    """An instructor."""
    person = make_person(name="이강사")
    seat_teacher(cohort, person=person, duty="instructor")
    return person


def test_a_learner_drafts_hands_in_and_has_a_receipt(cohort):
    task, learner = make_task(cohort), make_enrolment(cohort).person
    client, path = client_of(learner), f"/learn/assignments/{task.pk}/"

    first = client.post(f"{path}draft/", {"text": "가\r\n나", "saves": "0"})
    behind = client.post(f"{path}draft/", {"text": "다", "saves": "0"})
    client.post(f"{path}send/", {"save": "yes", "text": "가\n나", "saves": "1",
                                 "file": SimpleUploadedFile("a.txt", b"data")})  # fmt: skip
    page = text_of(client.get(path))
    sent = client.post(f"{path}send/", {"hand-in": "yes", "text": "끝", "saves": "1"})
    receipt = text_of(client.get(sent["Location"]))

    made = HandIn.objects.get()
    assert first.json() == {"saves": 1}
    assert (behind.status_code, behind.json()["code"]) == (409, "work.elsewhere")
    assert "a.txt" in page
    assert (made.text, made.files.get().name) == ("끝", "a.txt")
    assert made.fingerprint in receipt
    assert b"".join(client.get(f"/learn/works/files/{made.files.get().pk}/").streaming_content) == b"data"


def test_two_graders_mark_blind_and_learners_see_nothing_before_release(cohort, boss):
    graders = [make_person(name="김하나"), make_person(name="박두리")]
    task = make_task(cohort, due_at=None, each=2, graders=tuple(graders))
    learner = make_enrolment(cohort, person=make_person(name="최학생"))
    work = handed_in(task, learner).work
    first, second = (work.markings.get(grader=grader) for grader in graders)
    one, two = client_of(graders[0]), client_of(graders[1])

    kept = one.post(f"/learn/markings/{first.pk}/keep/", {"c1": "5", "c2": "", "saves": "0", "rubric": "1"})
    one.post(f"/learn/markings/{first.pk}/notes/", {"text": "첫째의 메모", "place": "2"})
    early = one.post(f"/learn/markings/{first.pk}/", {"c1": "5", "c2": "", "saves": "1", "rubric": "1"})
    one.post(f"/learn/markings/{first.pk}/", {"c1": "5", "c2": "4", "comment": "좋습니다", "saves": "1", "rubric": "1"})
    page = text_of(two.get(f"/learn/markings/{second.pk}/"))
    two.post(f"/learn/markings/{second.pk}/", {"c1": "4", "c2": "4", "saves": "0", "rubric": "1"})
    hidden = text_of(client_of(learner.person).get(f"/learn/assignments/{task.pk}/"))

    assert kept.json() == {"saves": 1}
    assert (early.status_code, "완성도" in text_of(early)) == (422, True)
    assert 'value="5"' in early.content.decode()
    assert not any(secret in page for secret in ("첫째의 메모", "좋습니다", "김하나", "최학생"))
    assert Mark.objects.get().points == 8.5
    assert not any(secret in hidden for secret in ("8.5", "첫째의 메모", "좋습니다"))
    assert two.get(f"/learn/markings/{first.pk}/").status_code == 404
    assert MarginNote.objects.get().line == 2


def test_a_note_stands_at_a_page_of_a_pdf_and_at_a_line_of_a_text_file(cohort):
    grader, learner = make_person(), make_enrolment(cohort)
    task = make_task(cohort, due_at=None, graders=(grader,))
    student, own = client_of(learner.person), f"/learn/assignments/{task.pk}/"
    for name, content in (("report.pdf", b"%PDF-1.7 \xff"), ("data.txt", b"one\ntwo\n")):
        student.post(f"{own}send/", {"save": "yes", "text": "", "saves": _saves(task),
                                     "file": SimpleUploadedFile(name, content)})  # fmt: skip
    student.post(f"{own}send/", {"hand-in": "yes", "text": "", "saves": _saves(task)})
    marking, client = grader.markings.get(), client_of(grader)
    files = {file.name: file for file in HandIn.objects.get().files.all()}

    for name, place in (("report.pdf", "3"), ("data.txt", "2"), ("report.pdf", "")):
        client.post(f"/learn/markings/{marking.pk}/notes/", {"text": name, "place": place, "file": files[name].pk})
    page = client.get(f"/learn/markings/{marking.pk}/").content.decode()

    told = set(MarginNote.objects.values_list("text", "line", "page"))
    assert told == {("report.pdf", None, 3), ("data.txt", 2, None), ("report.pdf", None, None)}
    assert f'/learn/works/files/{files["report.pdf"].pk}/#page=3">3쪽</a>' in page


def _saves(task) -> int:
    work = Work.objects.filter(assignment=task).first()
    return work.saves if work else 0


def test_a_moderator_decides_releases_after_a_preview_and_answers(cohort, boss):
    graders = make_person(), make_person()
    task = make_task(cohort, due_at=None, each=2, graders=graders)
    learner = make_enrolment(cohort)
    work = handed_in(task, learner).work
    marked(work, graders[0], "5", "5")
    marked(work, graders[1], "0", "0")
    client, path, own = client_of(boss), f"/learn/works/{work.pk}/", f"/learn/assignments/{task.pk}/"
    student = client_of(learner.person)

    apart = text_of(client.get(f"{own}works/?standing=apart"))
    client.post(path, {"settle": "yes", "c1": "3", "c2": "3", "remark": "함께 보았습니다"})
    preview = text_of(client.get(f"{own}release/"))
    client.post(f"{own}release/", {"release": "yes"})
    seen = text_of(student.get(own))
    student.post(f"{own}regrade/", {"text": "다시 봐 주세요"})
    client.post(path, {"answer": "yes", "uphold": "yes", "text": "맞습니다", "c1": "5", "c2": "5"})
    after = text_of(student.get(own))
    client.post(path, {"correct": "yes", "c1": "4", "c2": "4", "why": "합산 오류"})

    learner.refresh_from_db()
    assert learner.person.name in apart
    assert "성적이 바뀌는 사람" in preview
    assert "함께 보았습니다" in seen
    assert "맞습니다" in after
    assert (Mark.objects.get().points, learner.grade) == (8, 3)


def test_an_assignment_is_set_opened_and_its_people_chosen(cohort, boss):
    client, grader, learner = client_of(boss), make_person("g@example.org"), make_enrolment(cohort)
    told = {"title_ko": "새 과제", "title_en": "New", "grace_minutes": "0", "late_days": "2", "late_per_day": "0.1",
            "group_most": "2", "each": "1", "gap": "0.1", "scheme": "scale", "weight": "1", "pass_share": "0.6",
            "regrade_days": "7", "rubric": RUBRIC, "lesson": str(cohort.course.lessons.last().pk)}  # fmt: skip
    list_ = f"/learn/cohorts/{cohort.pk}/assignments/"

    flawed = client.post(f"{list_}new/", {**told, "rubric": "= 5 x"})
    made = client.post(f"{list_}new/", told)["Location"]
    task = Assignment.objects.get()
    people = f"/learn/assignments/{task.pk}/people/"
    client.post(made, {"open": "yes"})
    wrong = client.post(people, {"graders": "nobody@example.org"})
    client.post(people, {"graders": "G@example.org"})
    client.post(people, {"groups": f"해: {learner.person.email}"})
    client.post(people, {"email": learner.person.email, "until": "2030-01-01T00:00"})
    client.post(made, {**told, "rubric": RUBRIC + "? More || 더\n= 1 yes\n"})
    client.post(list_, {"scale": "P 50 4.5\nF 0 0"})
    refused = client.post(list_, {"scale": "P 50 9"})

    task.refresh_from_db()
    work = Work.objects.get()
    assert "앞에 ?로 시작하는" in text_of(flawed)
    assert text_of(wrong).count("가입한 사람이 아닙니다: nobody@example.org") == 1
    assert (task.state, task.seats.get().person, task.rubrics.count()) == ("open", grader, 2)
    assert (work.name, work.extended_until.year) == ("해", 2029)
    assert (cohort.scale.read[0].letter, refused.status_code) == ("P", 422)


def test_marks_go_out_and_come_back_after_a_look(cohort, boss):
    task = make_task(cohort, due_at=None, graders=(make_person(),))
    handed_in(task, make_enrolment(cohort, person=make_person("a@example.org")))
    client, own = client_of(boss), f"/learn/assignments/{task.pk}/"

    out = client.get(f"{own}marks.csv").content
    book = client.get(f"{own}marks.xlsx").content
    same = text_of(client.post(f"{own}import/", {"file": SimpleUploadedFile("m.xlsx", book)}))
    filled = SimpleUploadedFile("m.csv", b"email,c1,c2\na@example.org,5,4.25\n")
    flawed = client.post(f"{own}import/", {"file": SimpleUploadedFile("m.csv", b"email,c1,c2\na@example.org,9,1\n")})
    client.post(f"{own}import/", {"file": filled, "enter": "yes"})

    assert "a@example.org" in out.decode("utf-8-sig")
    assert "0개의 점수가 정해지고" in same
    assert flawed.status_code == 422
    assert Mark.objects.get().points == 9.25


def test_who_sees_which_page(cohort, boss):
    grader, mentor, learner = make_person(), make_person(), make_enrolment(cohort)
    seat_teacher(cohort, person=mentor, duty="mentor")
    task = make_task(cohort, due_at=None, graders=(grader,))
    made = handed_in(task, learner)
    other = make_enrolment(cohort)
    own, marking = f"/learn/assignments/{task.pk}/", Marking.objects.get()
    pages = [own, f"{own}works/", f"{own}marking/", f"/learn/markings/{marking.pk}/", f"/learn/works/{made.work_id}/",
             f"/learn/hand-ins/{made.pk}/", f"/learn/cohorts/{cohort.pk}/assignments/"]  # fmt: skip
    people = {"boss": boss, "grader": grader, "mentor": mentor, "learner": learner.person, "other": other.person,
              "stranger": make_person(), "nobody": None}  # fmt: skip

    codes = {who: [client_of(one).get(page).status_code for page in pages] for who, one in people.items()}

    assert codes == {
        "boss": [302, 200, 404, 404, 200, 404, 200],
        "grader": [302, 404, 200, 200, 404, 404, 404],
        "mentor": [302, 404, 404, 404, 404, 404, 404],
        "learner": [200, 404, 404, 404, 404, 200, 404],
        "other": [200, 404, 404, 404, 404, 404, 404],
        "stranger": [404, 404, 404, 404, 404, 404, 404],
        "nobody": [302] * 7,
    }


def test_late_work_shows_what_it_costs_and_a_lesson_leads_to_its_assignment(cohort, boss):
    grader = make_person()
    task = make_task(cohort, late_days=3, late_per_day="0.1", graders=(grader,))
    learner = make_enrolment(cohort)
    lesson = f"/learn/enrolments/{learner.pk}/{task.lesson_id}/"
    task.refresh_from_db()
    with clock.at(task.due_at + timedelta(hours=1)):
        work = handed_in(task, learner).work
        marked(work, grader)
        client_of(boss).post(f"/learn/assignments/{task.pk}/release/", {"confirm": "yes"})
        client_of(boss).post(f"/learn/assignments/{task.pk}/release/", {"release": "yes"})
    with clock.at(task.due_at + DAY):
        page = text_of(client_of(learner.person).get(f"/learn/assignments/{task.pk}/"))

    assert "9점을 받았고, 늦은 만큼 빼면 8점입니다." in page
    assert f'href="/learn/assignments/{task.pk}/"' in client_of(learner.person).get(lesson).content.decode()


def test_every_page_of_assignments_answers_with_few_queries(cohort, boss):
    learner, grader = make_enrolment(cohort), make_person()
    found = {}
    for page, person in assignment_pages(cohort, runs=boss, learns=learner.person, marks=grader).items():
        client = client_of(person)
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(page)
        found[page] = (answer.status_code, len(asked))

    assert {page: told for page, told in found.items() if told[0] != 200 or told[1] > 20} == {}
