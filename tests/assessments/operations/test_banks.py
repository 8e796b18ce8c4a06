"""Banks, tables, papers and exams as their examiners make them."""

from datetime import timedelta

import pytest

from dure.assessments.models import QuestionSkill
from dure.assessments.operations.banks import add_picture, edit_question, open_bank, retire_question, take_table
from dure.assessments.operations.exams import admit, change_exam, open_exam
from dure.assessments.operations.papers import Draws, change_paper
from dure.assessments.queries.banks import Sought, lines_of, questions_of
from dure.assessments.queries.exams import analysis_of, candidates_of, exams_for, rows_of
from dure.assessments.rules import kept_by, may_keep, may_see_exam
from dure.assessments.tables import COLUMNS, cells_of
from dure.core.errors import Flawed, Refused
from tests.assessments.factories import (
    a_paper,
    make_bank,
    make_exam,
    make_question,
    make_questions,
    marked,
    single,
    sit,
)
from tests.factories import make_admin, make_operator, make_organisation, make_person
from tests.learning.factories import make_skill

pytestmark = [pytest.mark.django_db]
HEADER = ["key", "kind", "topic", "text_ko", "choices_ko", "answer", "skills"]
ROWS = [(2, ["a", "single", "ml", "질문", "가\n나", "1", "sql=2"]), (3, ["b", "short", "db", "질문", "", "답", ""])]


def taken(bank, rows=ROWS, **known):
    told = take_table(bank, header=HEADER, rows=rows, by=make_person(), **known)
    return told.new, told.changed, told.same


def test_a_table_is_looked_at_first_and_does_nothing_twice():
    bank = make_bank()
    make_skill("sql")

    assert taken(bank, check_only=True) == (["a", "b"], [], [])
    assert bank.questions.count() == 0
    assert taken(bank) == (["a", "b"], [], [])
    assert taken(bank) == ([], [], ["a", "b"])
    assert QuestionSkill.objects.get().level == 2


def test_a_changed_row_is_a_new_version_and_what_is_not_named_stays():
    bank = make_bank()
    make_skill("sql")
    taken(bank)

    told = taken(bank, [(2, ["a", "single", "ml", "다른 질문", "가\n나", "2", "sql=2"])])

    assert told == ([], ["a"], [])
    assert [row.current.number for row in bank.questions.order_by("key")] == [2, 1]


def test_what_goes_out_as_a_table_comes_in_as_the_same():
    bank = make_bank()
    make_skill("sql")
    taken(bank)
    rows = [(at, [str(cell) for cell in cells_of(line)]) for at, line in enumerate(lines_of(bank), start=2)]

    told = take_table(bank, header=COLUMNS, rows=rows, by=make_person())

    assert (told.new, told.changed, told.same) == ([], [], ["a", "b"])


def test_an_unknown_skill_or_another_sort_is_told_beside_every_other_flaw():
    bank = make_bank()
    with pytest.raises(Flawed) as unknown:
        taken(bank)
    make_skill("sql")
    taken(bank)
    with pytest.raises(Flawed) as other:
        taken(bank, [(9, ["b", "numeric", "db", "질문", "", "3", "no=2"]), (10, ["c", "short", "db", "", "", "3", ""])])

    assert cells_of_errors(unknown) == [(2, "skills")]
    assert cells_of_errors(other) == [(9, "kind"), (9, "skills"), (10, "text_ko")]


def cells_of_errors(flawed):
    return [(error["row"], error["column"]) for error in flawed.value.facts["errors"]]


def test_only_what_a_question_asks_makes_a_version():
    question = make_question(make_bank(), single("x"))

    same = edit_question(question, single("x"), topic="other", difficulty=5, by=make_person())

    assert (same.current.number, same.topic, same.difficulty) == (1, "other", 5)


def test_questions_are_found_by_words_and_sorts():
    bank = make_bank()
    one, two = make_question(bank, single("gradient"), topic="ml"), make_question(bank, single("join"), topic="db")
    retire_question(two)

    found = [list(questions_of(bank, sought)) for sought in (
        Sought(typed="gradient"), Sought(topic="db"), Sought(retired=True), Sought(kind="short"),
    )]  # fmt: skip

    assert found == [[one], [], [two], []]


def test_an_organisation_has_one_bank_of_a_name():
    home = make_organisation()
    open_bank(home, name_ko="은행", name_en="Bank")

    with pytest.raises(Refused):
        open_bank(home, name_ko="은행", name_en="Bank")


def test_pictures_are_pictures_and_have_a_name_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    bank = make_bank()

    assert add_picture(bank, [b"\x89PNG"], name="a b/그림.png").name == "ab그림.png"
    for name in ("page.html", "ab그림.png"):
        with pytest.raises(Refused):
            add_picture(bank, [b"\x89PNG"], name=name)


# --- papers and exams


def test_an_exam_opens_only_when_its_paper_can_be_drawn():
    bank = make_bank()
    make_questions(bank, 2)
    exam = make_exam(paper=a_paper(bank, Draws(2), Draws(3, topic="db")), opened=False)

    with pytest.raises(Refused) as refused:
        open_exam(exam)

    assert refused.value.facts["lacks"] == {"2": 3}
    assert "Line 2 lacks 3" in refused.value.text.en


def test_a_paper_and_what_decides_stay_once_somebody_has_sat():
    bank = make_bank()
    make_questions(bank, 2)
    paper = a_paper(bank)
    exam = make_exam(paper=paper)
    sit(exam)

    for change in (
        lambda: change_paper(paper, name="x", lines=[Draws(2)], shuffles=True),
        lambda: change_exam(exam, minutes=5),
    ):
        with pytest.raises(Refused):
            change()
    assert change_exam(exam, title_en="Other").title_en == "Other"


def test_an_exam_ends_after_it_begins():
    exam = make_exam()

    with pytest.raises(Flawed):
        change_exam(exam, closes_at=exam.opens_at - timedelta(days=1))


def test_who_looks_after_a_bank():
    home = make_organisation()
    bank = make_bank(organisation=home)
    people = {"admin": make_admin(home), "operator": make_operator(), "examiner": make_person(),
              "other": make_admin(make_organisation())}  # fmt: skip
    bank.examiners.add(people["examiner"])

    assert {name for name, person in people.items() if may_keep(person, bank)} == {"admin", "operator", "examiner"}
    assert list(kept_by(people["other"])) == []


def test_who_sees_an_exam():
    invited, draft, for_all = make_exam(), make_exam(opened=False), make_exam(for_all=True)
    person, stranger = make_person(), make_person()
    for exam in (invited, draft):
        admit(exam, [person])

    assert [may_see_exam(person, exam) for exam in (invited, draft, for_all)] == [True, False, True]
    assert [may_see_exam(stranger, exam) for exam in (invited, draft, for_all)] == [False, False, True]
    assert set(exams_for(person)) == {invited, for_all}


def test_the_room_shows_the_latest_attempt_of_each():
    exam = make_exam()
    in_it, away = make_person(name="A"), make_person(name="B")
    attempt = marked(exam, in_it)
    admit(exam, [away])

    rows = rows_of(list(candidates_of(exam)))

    assert [(row.candidate.person, row.attempt, row.answered, row.asked) for row in rows] == [
        (in_it, attempt, 1, 1), (away, None, 0, 0),
    ]  # fmt: skip
    assert [row.person for row in candidates_of(exam, state="marked")] == [in_it]
    assert [row.person for row in candidates_of(exam, state="none")] == [away]


def test_analysis_is_of_first_attempts():
    exam = make_exam(most_attempts=2, wait_hours=0)
    person = make_person()
    for right in (0, 1):
        marked(exam, person, right=right)

    assert [one.difficulty for one in analysis_of(exam).whole.questions] == [0]
