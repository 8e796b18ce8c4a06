"""Attempts: under the server's clock, on two devices, once more after a while."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from dure.assessments.content import Kind
from dure.assessments.models import Asked, Attempt, AttemptState, Candidate
from dure.assessments.operations.attempts import HAND_IN, MARK, hand_in, save_answer, start
from dure.assessments.operations.banks import edit_question
from dure.assessments.operations.exams import admit, archive_exam, change_exam, give_time
from dure.assessments.operations.papers import Draws
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.jobs.worker import drain
from tests.assessments.factories import (
    a_paper,
    answer,
    make_bank,
    make_exam,
    make_question,
    make_questions,
    marked,
    ordering,
    single,
    sit,
)
from tests.factories import make_person

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _standing_clock():
    clock.set_clock(clock.now().replace(microsecond=0))


def put(attempt, answer=(0,), *, saves=0, nonce="a", place=1):
    return save_answer(attempt.pk, place=place, answer=list(answer), saves=saves, nonce=nonce)


def code_of(refused):
    return refused.value.code


def test_an_attempt_ends_after_its_minutes_and_ones_own():
    exam, person = make_exam(minutes=60), make_person()
    admit(exam, [person])
    give_time(Candidate.objects.get(exam=exam), extra_minutes=15)

    attempt = start(exam, person=person)

    assert attempt.deadline - attempt.started_at == timedelta(minutes=75)


def test_the_window_cuts_an_attempt_short():
    exam = make_exam(closes_at=clock.now() + timedelta(minutes=20))

    assert sit(exam).deadline == exam.closes_at


def test_who_begins_again_comes_back_to_the_attempt_that_runs():
    exam, person = make_exam(), make_person()

    assert sit(exam, person) == start(exam, person=person)


def test_only_those_who_are_admitted_begin_unless_it_is_for_all():
    person = make_person()
    with pytest.raises(Forbidden):
        start(make_exam(), person=person)

    assert start(make_exam(for_all=True), person=person).state == AttemptState.RUNNING


@pytest.mark.parametrize("days", [-2, 2])
def test_nothing_begins_outside_the_window(days):
    exam, person = make_exam(), make_person()
    admit(exam, [person])
    clock.pass_time(timedelta(days=days))

    with pytest.raises(Refused) as refused:
        start(exam, person=person)

    assert code_of(refused) == "exam.closed"


def test_an_archived_exam_begins_no_more_but_goes_on():
    exam = make_exam()
    attempt = sit(exam)
    archive_exam(exam)

    answer(attempt)
    with pytest.raises(Refused):
        sit(exam)


def test_an_answer_past_the_deadline_is_refused_and_what_was_saved_is_marked():
    attempt = sit(make_exam())
    answer(attempt)
    clock.pass_time(timedelta(minutes=60))

    with pytest.raises(Refused) as refused:
        put(attempt, saves=1, nonce="late")
    drain([HAND_IN, MARK])

    attempt.refresh_from_db()
    assert code_of(refused) == "answer.late"
    assert (attempt.state, attempt.by_clock, attempt.score) == (AttemptState.MARKED, True, 1)
    assert attempt.sent_at == attempt.deadline


def test_more_time_reaches_an_attempt_that_runs_and_the_job_waits_for_it():
    attempt = sit(make_exam())
    give_time(attempt.candidate, extra_minutes=30)
    clock.pass_time(timedelta(minutes=61))
    drain([HAND_IN, MARK])

    answer(attempt)
    clock.pass_time(timedelta(minutes=29))
    drain([HAND_IN, MARK])

    attempt.refresh_from_db()
    assert (attempt.state, attempt.by_clock, attempt.score) == (AttemptState.MARKED, True, 1)


def test_an_exam_that_ends_earlier_ends_its_attempts():
    exam = make_exam()
    attempt = sit(exam)

    change_exam(exam, closes_at=clock.now() + timedelta(minutes=10))

    attempt.refresh_from_db()
    assert attempt.deadline == clock.now() + timedelta(minutes=10)


def test_an_answer_that_is_sent_twice_counts_once():
    attempt = sit(make_exam())

    first = put(attempt, nonce="x")

    assert put(attempt, nonce="x") == first
    assert first.saves == 1


def test_the_second_device_is_told_what_the_first_one_saved():
    attempt = sit(make_exam())
    put(attempt, [1], nonce="phone")

    with pytest.raises(Refused) as refused:
        put(attempt, [2], nonce="laptop")

    assert code_of(refused) == "answer.elsewhere"
    assert refused.value.facts == {"saves": 1, "answer": [1]}


def test_nothing_is_saved_after_handing_in():
    attempt = sit(make_exam())
    hand_in(attempt)

    with pytest.raises(Refused) as refused:
        put(attempt)

    assert code_of(refused) == "answer.late"


def test_an_answer_of_another_shape_is_refused():
    with pytest.raises(Flawed):
        put(sit(make_exam()), [7])


def test_a_second_attempt_waits_and_a_third_is_one_too_many():
    exam, person = make_exam(most_attempts=2, wait_hours=2), make_person()
    marked(exam, person)

    with pytest.raises(Refused) as early:
        start(exam, person=person)
    clock.pass_time(timedelta(hours=2))
    second = start(exam, person=person)
    hand_in(second)
    clock.pass_time(timedelta(hours=2))
    with pytest.raises(Refused) as more:
        start(exam, person=person)

    assert (code_of(early), second.number, code_of(more)) == ("exam.wait", 2, "exam.no-more")


def test_the_seed_draws_the_same_paper_again_and_others_another():
    bank = make_bank()
    make_questions(bank, 12)
    exam = make_exam(paper=a_paper(bank, Draws(6)))

    drawn = [list(sit(exam).asked.values_list("version", flat=True)) for _ in range(2)]

    assert drawn[0] != drawn[1]
    assert len(set(drawn[0])) == 6


def test_a_paper_that_does_not_shuffle_keeps_order_and_choices_but_of_orderings():
    bank = make_bank()
    make_question(bank, topic="a")
    make_question(bank, ordering(), topic="b")
    paper = a_paper(bank, Draws(1, topic="a"), Draws(1, topic="b"), shuffles=False)

    first, second = sit(make_exam(paper=paper)).asked.all()

    assert first.order == [0, 1, 2]
    assert (second.version.read.kind, second.order != [0, 1, 2, 3]) == (Kind.ORDERING, True)


def test_an_edited_question_leaves_attempts_and_marks_as_they_are():
    exam = make_exam()
    attempt = marked(exam)
    question = attempt.asked.get().version.question

    edit_question(question, single("other", right=2), topic="ml", difficulty=3, by=make_person())

    attempt.refresh_from_db()
    assert (attempt.score, attempt.asked.get().version.number) == (1, 1)
    question.refresh_from_db()
    assert question.current.number == 2


@pytest.mark.django_db(transaction=True)
def test_ten_devices_that_save_at_once_lose_and_bleed_nothing():
    bank = make_bank()
    make_questions(bank, 10)
    attempt = sit(make_exam(paper=a_paper(bank, Draws(10))))

    told = together(10, lambda at: put(attempt, [at % 3], place=at + 1, nonce=str(at)).saves)

    assert told == [1] * 10
    assert [one.shown_answer for one in attempt.asked.all()] == [[at % 3] for at in range(10)]


@pytest.mark.django_db(transaction=True)
def test_of_ten_devices_that_change_one_answer_one_is_first_and_the_others_are_told():
    attempt = sit(make_exam())

    told = together(10, lambda at: put(attempt, [at % 3], nonce=str(at)).saves)

    assert sorted(told, key=str) == [1, *["answer.elsewhere"] * 9]
    assert Asked.objects.get(attempt=attempt).saves == 1


@pytest.mark.django_db(transaction=True)
def test_ten_who_begin_at_once_have_one_attempt_of_theirs():
    exam, person = make_exam(most_attempts=5), make_person()
    admit(exam, [person])

    begun = together(10, lambda _: start(exam, person=person).pk)

    assert set(begun) == {Attempt.objects.get(candidate__person=person).pk}
    assert Candidate.objects.get().taken == 1


def together(n, does):
    """What ``does`` gives in ``n`` threads at once; for a refusal, its code."""
    gate, told = threading.Barrier(n), [None] * n

    def run(at):
        gate.wait()
        try:
            told[at] = does(at)
        except Refused as refused:
            told[at] = refused.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


@pytest.mark.parametrize("minutes", [-1, 10_001])
def test_extra_time_that_nobody_can_mean_is_refused_and_changes_nothing(minutes):
    attempt = sit(make_exam())

    with pytest.raises(Flawed):
        give_time(attempt.candidate, extra_minutes=minutes)

    assert Candidate.objects.get(pk=attempt.candidate_id).extra_minutes == 0
