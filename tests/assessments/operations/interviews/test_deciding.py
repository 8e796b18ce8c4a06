"""Absences, results released and looked at again, and what is left of somebody who is forgotten."""

import pytest

from dure.assessments.events import InterviewReleased, InterviewReopened
from dure.assessments.models import Interviewee, Scoring
from dure.assessments.operations.interviews import (
    expect_again,
    forget_interviews,
    keep_scores,
    note_absence,
    pick,
    release,
    release_all,
    reopen,
    take_back_scores,
)
from dure.assessments.queries.interviews import rows_of, scorings_of, states_in
from dure.assessments.rules import sees_reasons, sees_score
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import _listeners
from dure.people.models import Notice
from tests.assessments.interviews import HOUR, NINE, give, invited, make_interview, met, scoring_of, times
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def kim():
    return make_person()


@pytest.fixture
def row(kim):
    return met(make_interview(kim), kim)


def scored(row, kim) -> Interviewee:
    give(row, kim, 50, 30)
    row.refresh_from_db()
    return row


def refusal_of(call) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def test_an_absence_is_noted_once_the_time_has_come_and_takes_no_points(kim, row):
    clock.set_clock(NINE - HOUR)
    assert refusal_of(lambda: note_absence(row)) == "interview.not-begun"
    clock.set_clock(NINE + HOUR)

    note_absence(row)

    one = scoring_of(row, kim)
    assert refusal_of(lambda: keep_scores(one, points={}, reason="", notes="", saves=0)) == "scoring.absent"


def test_who_was_absent_may_choose_another_time(kim, row):
    note_absence(row)

    expect_again(row)
    pick(row, slot=times(row.interview, kim, at=NINE + 72 * HOUR)[0])

    assert Interviewee.objects.get().state == "waiting"
    assert [one.starts_at for one in scorings_of(kim)] == [NINE + 72 * HOUR]


@pytest.mark.parametrize(
    ("shows", "seen"), [("verdict", (False, False)), ("score", (True, False)), ("reasons", (True, True))]
)
def test_released_a_result_is_told_and_seen_as_far_as_the_interview_shows(kim, shows, seen):
    row = scored(met(make_interview(kim, shows=shows), kim), kim)
    before = sees_score(row), sees_reasons(row)
    Notice.objects.all().delete()

    release(row)

    assert (before, (sees_score(row), sees_reasons(row))) == ((False, False), seen)
    assert [notice.person for notice in Notice.objects.all()] == [row.person]


def test_all_that_is_ready_is_released_at_once_and_each_is_told_to_the_joints(kim, row, monkeypatch):
    heard = []
    monkeypatch.setitem(_listeners, InterviewReleased, [heard.append])
    scored(row, kim)
    waiting = invited(row.interview)

    assert (release_all(row.interview), release_all(row.interview)) == (1, 0)

    assert heard == [InterviewReleased(row.pk)]
    assert {one.pk: one.state for one in Interviewee.objects.all()} == {row.pk: "released", waiting.pk: "waiting"}


def test_a_released_result_that_was_wrong_is_opened_again_with_a_reason(kim, row, monkeypatch):
    heard = []
    monkeypatch.setitem(_listeners, InterviewReopened, [heard.append])
    release(scored(row, kim))
    with pytest.raises(Flawed):
        reopen(row, why="")

    reopen(row, why="points of somebody else")
    take_back_scores(scoring_of(row, kim))
    give(row, kim, 10, 10)

    row.refresh_from_db()
    assert (row.state, row.passed, heard) == ("scored", False, [InterviewReopened(row.pk)])


def test_an_absence_that_was_released_by_mistake_is_waited_for_again(kim, row):
    release(note_absence(row))

    reopen(row, why="they were in the wrong room")

    assert Interviewee.objects.get().state == "waiting"


def test_the_room_counts_who_stands_where(kim, row):
    unbooked = invited(row.interview)
    scored(row, kim)

    found = states_in(row.interview)
    rows = {one.interviewee.pk: (one.starts_at is not None, one.sent, one.scoring) for one in rows_of([row, unbooked])}

    assert {name: n for name, n in found.items() if n} == {"waiting": 1, "scored": 1, "unbooked": 1}
    assert rows == {row.pk: (True, 1, 1), unbooked.pk: (False, 0, 0)}


def test_of_somebody_forgotten_points_stay_and_words_go(kim, row):
    scored(row, kim)

    forget_interviews(row.person)

    one = Scoring.objects.get()
    assert (one.points, one.reason, one.notes) == ({"c1": "50", "c2": "30"}, "", "")


def test_of_a_forgotten_interviewer_the_notes_go_and_the_reasons_stay(kim, row):
    scored(row, kim)

    forget_interviews(kim)

    one = Scoring.objects.get()
    assert (one.reason, one.notes) == ("clear", "")
