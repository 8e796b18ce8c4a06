"""The pages of tests: an examiner makes an exam, a candidate sits it, its result is released and looked into."""

import json

import pytest

from dure.assessments.models import Attempt, Bank, Exam, Paper, Question
from dure.assessments.operations.attempts import HAND_IN, MARK, hand_in
from dure.assessments.operations.papers import Draws
from dure.assessments.operations.results import release
from dure.core import clock
from dure.jobs.worker import drain
from tests.assessments.factories import (
    a_paper,
    adding,
    make_bank,
    make_exam,
    make_question,
    marked,
    multiple,
    numeric,
    ordering,
    short,
    single,
    sit,
)
from tests.factories import make_admin, make_organisation, make_person
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
PLAN = {"title_ko": "기초", "title_en": "Basics", "opens_at": "2026-01-01T09:00", "closes_at": "2099-01-01T09:00",
        "minutes": "60", "pass_percent": "50", "bands": "90 High || 고급", "most_attempts": "1", "wait_hours": "0",
        "review": "answers", "about_ko": "", "about_en": ""}  # fmt: skip


@pytest.fixture
def whole():
    """An exam with a question of every sort, in the order of their lines."""
    bank = make_bank()
    contents = (single(), multiple(0, 1), numeric("3.5", units=("m",)), short("답"), ordering(), adding())
    for at, content in enumerate(contents):
        make_question(bank, content, topic=str(at))
    lines = [Draws(1, topic=str(at)) for at in range(len(contents))]
    return make_exam(paper=a_paper(bank, *lines, shuffles=False))


def test_an_examiner_opens_a_bank_writes_questions_makes_a_paper_and_opens_an_exam():
    home = make_organisation("home")
    admin = client_of(make_admin(home), "en")
    admin.post("/banks/", {"organisation": "home", "name_ko": "은행", "name_en": "Bank"})
    bank = Bank.objects.get()
    own = f"/banks/{bank.pk}/"
    asked = {"key": "a", "topic": "ml", "difficulty": "3", "text_en": "Which?", "choices_en": "x\ny", "answer": "2"}
    admin.post(f"{own}questions/new/single/", asked)
    admin.post(f"{own}papers/new/", {"name": "P", "shuffles": "on", "n": "2", "0-count": "1", "0-points": "2"})
    admin.post(f"{own}exams/new/", {**PLAN, "paper": str(Paper.objects.get().pk)})
    exam = Exam.objects.get()

    opened = admin.post(f"/exams/{exam.pk}/state/", {"open": "yes"}, follow=True)

    assert Question.objects.get().content.right == (1,)
    assert (exam.bands, str(exam.pass_share)) == ([["0.9", "고급", "High"]], "0.5000")
    assert "The exam is open." in text_of(opened)


def test_without_a_bank_the_page_leads_to_the_first_one_whoever_may_open_it():
    first, ask = "Open the first one here.", "Administrators of an organisation open one"
    callers = {"admin": make_admin(make_organisation("home")), "stranger": make_person()}

    pages = {name: text_of(client_of(person, "en").get("/banks/")) for name, person in callers.items()}

    assert {name: (first in page, ask in page) for name, page in pages.items()} == {
        "admin": (True, False), "stranger": (False, True),
    }  # fmt: skip


def wrong_fields(page):
    return {name: list(sentences) for name, sentences in page.context["form"].errors.items()}


def test_every_flaw_of_a_question_is_shown_at_its_field():
    home = make_organisation("home")
    bank = make_bank(organisation=home)
    asked = {"key": "a", "topic": "ml", "difficulty": "3", "choices_en": "x", "answer": "7", "skills": "no=3"}

    page = client_of(make_admin(home), "en").post(f"/banks/{bank.pk}/questions/new/single/", asked)

    assert wrong_fields(page) == {
        "text_ko": ["Write the question."], "choices_en": ["It needs 2 to 20 choices."],
        "answer": ["There is no choice 7: the last one is 1."], "skills": ["There is no such skill: no"],
    }  # fmt: skip
    assert Question.objects.count() == 0


def test_a_key_that_is_taken_is_told_at_the_key():
    home = make_organisation("home")
    bank = make_bank(organisation=home)
    asked = {"key": "a", "topic": "ml", "difficulty": "3", "text_en": "Who?", "answer": "I"}
    admin, address = client_of(make_admin(home), "en"), f"/banks/{bank.pk}/questions/new/short/"

    pages = [admin.post(address, asked) for _ in range(2)]

    assert (pages[0].status_code, wrong_fields(pages[1])) == (
        302, {"key": ["There is a question a already. Take another key."]},
    )  # fmt: skip


def test_answers_of_every_sort_are_saved_without_a_script(whole):
    person = make_person()
    attempt = sit(whole, person)
    given = {"q1": "1", "q2": ["0", "2"], "q3": "3.5 m", "q4": "답", "q6": "print(1)",
             **{f"q5-{at}": str(4 - at) for at in range(4)}}  # fmt: skip

    page = client_of(person).post(f"/exams/attempts/{attempt.pk}/", given)

    kept = [one.shown_answer for one in attempt.asked.all()]
    assert page.status_code == 302
    assert kept == [[1], [0, 2], "3.5 m", "답", [3, 2, 1, 0], "print(1)"]


def test_the_script_is_given_a_receipt_and_told_of_another_device(whole):
    person = make_person()
    attempt = sit(whole, person)
    client, path = client_of(person, "en"), f"/exams/attempts/{attempt.pk}/answers/3/"

    first = client.post(path, {"answer": json.dumps("3.5 m"), "saves": "0", "nonce": "a"})
    other = client.post(path, {"answer": json.dumps("4 m"), "saves": "0", "nonce": "b"})

    assert (first.json()["saves"], first.json()["left"] > 3500) == (1, True)
    assert other.status_code == 409
    assert [other.json()[name] for name in ("code", "saves", "answer")] == ["answer.elsewhere", 1, "3.5 m"]


def test_handing_in_names_what_is_left_open_and_ends_the_exam(whole):
    person = make_person()
    attempt = sit(whole, person)
    client = client_of(person, "en")

    looked = client.get(f"/exams/attempts/{attempt.pk}/send/")
    client.post(f"/exams/attempts/{attempt.pk}/send/")

    assert "6 of 6 questions have no answer." in text_of(looked)
    assert client.get(f"/exams/attempts/{attempt.pk}/").url == f"/exams/attempts/{attempt.pk}/result/"
    assert client.post(f"/exams/attempts/{attempt.pk}/answers/3/", {"answer": '"4"', "saves": "0"}).status_code == 409


@pytest.mark.parametrize(
    ("review", "over", "shows"),
    [("score", True, (False, False)), ("marks", True, (True, False)), ("answers", False, (True, False)),
     ("answers", True, (True, True))],
)  # fmt: skip
def test_what_a_candidate_sees_of_the_result_is_the_exams_to_say(review, over, shows):
    person = make_person()
    exam = make_exam(review=review)
    attempt = release(marked(exam, person))
    if over:
        clock.set_clock(exam.closes_at)

    page = text_of(client_of(person, "en").get(f"/exams/attempts/{attempt.pk}/result/"))

    assert ("What is x" in page, "Right answer: Right" in page) == shows


def test_nothing_of_a_result_shows_before_it_is_released():
    person = make_person()
    attempt = marked(make_exam(), person)

    page = text_of(client_of(person, "en").get(f"/exams/attempts/{attempt.pk}/result/"))

    assert "Handed in" in page
    assert "Passed" not in page


def test_strangers_find_neither_exam_nor_attempt_nor_bank(whole):
    attempt = sit(whole)
    stranger = client_of(make_person())
    paths = (f"/exams/{whole.pk}/", f"/exams/{whole.pk}/room/", f"/exams/attempts/{attempt.pk}/",
             f"/banks/{whole.bank_id}/", f"/exams/candidates/{attempt.candidate_id}/")  # fmt: skip

    assert {path: stranger.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)


def test_an_examiner_watches_notes_gives_time_releases_and_marks_again(whole):
    attempt = sit(whole)
    examiner = client_of(make_admin(whole.bank.organisation), "en")
    candidate = f"/exams/candidates/{attempt.candidate_id}/"

    room = text_of(examiner.get(f"/exams/{whole.pk}/room/"))
    examiner.post(candidate, {"minutes": "30"})
    examiner.post(candidate, {"attempt": str(attempt.pk), "text": "Left the room"})
    hand_in(attempt)
    drain([MARK, HAND_IN])
    examiner.post(f"/exams/{whole.pk}/release/")
    version = attempt.asked.get(place=1).version_id
    told = {"version": str(version), "remedy": "credit", "reason": "Ambiguous"}
    proposal = examiner.post(f"/exams/{whole.pk}/appeals/", told).url
    shown = text_of(examiner.get(proposal))
    examiner.post(proposal, {"apply": "yes"})

    found = Attempt.objects.get()
    assert "0/6" in room
    assert (found.candidate.extra_minutes, found.incidents.get().text, found.state) == (30, "Left the room", "released")
    assert "1 result changes." in shown
    assert found.score == 1


def test_tables_go_out_and_come_in(whole):
    examiner = client_of(make_admin(whole.bank.organisation), "en")

    sheet = b"".join(examiner.get(f"/banks/{whole.bank_id}/questions.csv").streaming_content)
    results = examiner.get(f"/exams/{whole.pk}/results.xlsx")
    figures = b"".join(examiner.get(f"/exams/{whole.pk}/analysis.csv").streaming_content)

    assert sheet.count(b"\r\n") == 7
    assert results.content.startswith(b"PK")
    assert figures.startswith("\ufeffkey,version".encode())


def test_the_room_asks_the_database_as_often_for_many_as_for_few(whole, django_assert_max_num_queries):
    for _ in range(12):
        sit(whole)
    examiner = client_of(make_admin(whole.bank.organisation))

    with django_assert_max_num_queries(20):
        examiner.get(f"/exams/{whole.pk}/room/")
