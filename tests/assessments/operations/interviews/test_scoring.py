"""Interviewers' points: kept, sent, blind to each other, counted exactly, talked about where they are far apart."""

from decimal import Decimal

import pytest

from dure.assessments.models import Interviewee, Scoring
from dure.assessments.operations.interviews import (
    ask_interviewer,
    excuse,
    keep_scores,
    send_scores,
    settle,
    take_back_scores,
)
from dure.assessments.rules import sees_others
from dure.core import clock
from dure.core.errors import Flawed, Missing, Refused
from dure.people.models import Notice
from tests.assessments.interviews import HOUR, NINE, give, invited, make_interview, met, scoring_of, times
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def refusal_of(call) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def keep(one: Scoring, points=None, *, saves: int = 0, reason: str = "clear") -> Scoring:
    return keep_scores(one, points=points or {"c1": "50"}, reason=reason, notes="", saves=saves)


def result(row: Interviewee):
    row.refresh_from_db()
    return row.state, row.score, row.passed


@pytest.fixture
def panel():
    return make_person(), make_person(), make_person()


@pytest.fixture
def row(panel):
    """Met by the first two; the third is an interviewer as well."""
    kim, lee, park = panel
    return met(make_interview(kim, lee, park), kim, lee)


def test_points_are_given_once_the_interview_has_begun(panel, row):
    clock.set_clock(NINE - HOUR)

    assert refusal_of(lambda: keep(scoring_of(row, panel[0]))) == "scoring.not-yet"


def test_a_draft_is_kept_once_and_another_tab_writes_nothing_over(panel, row):
    one = scoring_of(row, panel[0])
    keep(one)
    keep(one)

    assert refusal_of(lambda: keep(one, {"c1": "10"})) == "scoring.elsewhere"
    one.refresh_from_db()
    assert (one.points, one.saves) == ({"c1": "50"}, 1)


def test_what_lacks_points_or_a_reason_is_not_sent(panel, row):
    one = scoring_of(row, panel[0])
    keep(one)
    with pytest.raises(Flawed):
        send_scores(one)
    keep(one, {"c1": "50", "c2": "30"}, saves=1, reason=" ")

    assert refusal_of(lambda: send_scores(one)) == "scoring.reason"


def test_nobody_sees_others_until_all_have_sent(panel, row):
    kim, lee, _ = panel
    give(row, kim, 50, 30)
    before = [sees_others(scoring_of(row, who)) for who in (kim, lee)]

    give(row, lee, 40, 30)

    assert (before, [sees_others(scoring_of(row, who)) for who in (kim, lee)]) == ([False, False], [True, True])


def test_the_mean_counts_and_the_pass_mark_is_met_exactly(panel, row):
    kim, lee, _ = panel
    give(row, kim, "33.3", 40)
    give(row, lee, "6.7", 40)

    assert result(row) == ("apart", None, None)
    take_back_scores(scoring_of(row, lee))
    give(row, lee, "26.7", 20)
    assert result(row) == ("apart", None, None)
    take_back_scores(scoring_of(row, lee))
    give(row, lee, "26.7", 30)
    assert result(row) == ("scored", Decimal("65.0000"), True)


def test_a_mean_of_three_is_decided_before_it_is_rounded(panel):
    row = met(make_interview(*panel, pass_share=Decimal("0.6667")), *panel)
    for who, talk in zip(panel, ("16.6", "16.7", "16.7"), strict=True):
        give(row, who, 50, talk)

    assert result(row) == ("scored", Decimal("66.6667"), False)


def test_far_apart_both_are_called_to_talk_and_may_change_their_minds(panel, row):
    kim, lee, _ = panel
    Notice.objects.all().delete()
    give(row, kim, 60, 40)
    give(row, lee, 30, 20)
    called = set(Notice.objects.values_list("person", flat=True))

    take_back_scores(scoring_of(row, lee))
    give(row, lee, 50, 30)

    assert called == {kim.pk, lee.pk, row.interview.made_by_id}
    assert result(row) == ("scored", Decimal(90), True)


def test_one_more_is_asked_blind_and_the_closest_two_count(panel, row):
    kim, lee, park = panel
    give(row, kim, 60, 40)
    give(row, lee, 30, 20)
    ask_interviewer(row, person=park)
    blind = sees_others(scoring_of(row, park))

    give(row, park, 60, 30)

    assert (blind, *result(row)) == (False, "scored", Decimal(95), True)


def test_whoever_scores_already_is_not_asked_again_nor_a_stranger(panel, row):
    kim, lee, _ = panel
    give(row, kim, 60, 40)
    give(row, lee, 30, 20)

    assert refusal_of(lambda: ask_interviewer(row, person=kim)) == "interviewer.there"
    with pytest.raises(Missing):
        ask_interviewer(row, person=make_person())


def test_what_an_examiner_settles_stands_with_its_reason(panel, row):
    kim, lee, _ = panel
    give(row, kim, 60, 40)
    give(row, lee, 30, 20)
    by = row.interview.made_by
    row.refresh_from_db()

    with pytest.raises(Flawed):
        settle(row, points={"c1": "45.25", "c2": "30"}, reason=" ", by=by)
    settle(row, points={"c1": "45.25", "c2": "30"}, reason="after an hour of talk", by=by)

    assert result(row) == ("scored", Decimal("75.25"), True)
    assert refusal_of(lambda: take_back_scores(scoring_of(row, kim))) == "scoring.stands"


def test_only_what_is_apart_is_settled(row):
    with pytest.raises(Refused) as refused:
        settle(row, points={"c1": "45", "c2": "30"}, reason="mine", by=row.interview.made_by)

    assert refused.value.code == "interview.not-apart"


def test_who_steps_aside_scores_no_more_and_the_others_count(panel, row):
    kim, lee, _ = panel
    give(row, kim, 50, 30)
    give(row, lee, 10, 10)

    excuse(row, interviewer=lee, why="my cousin")

    assert result(row) == ("scored", Decimal(80), True)
    assert refusal_of(lambda: keep(scoring_of(row, lee))) == "scoring.excused"
    assert not sees_others(scoring_of(row, lee))


def test_where_nobody_is_left_another_is_asked_in_their_stead(panel, row):
    kim, lee, park = panel
    excuse(row, interviewer=kim, why="my cousin")
    excuse(row, interviewer=lee, why="my student")
    assert result(row)[0] == "waiting"

    ask_interviewer(row, person=park)
    give(row, park, 30, 20)

    assert result(row) == ("scored", Decimal(50), False)


def test_stepping_aside_needs_a_reason_and_a_seat(row):
    with pytest.raises(Flawed):
        excuse(row, interviewer=make_person(), why="")
    with pytest.raises(Missing):
        excuse(row, interviewer=make_person(), why="my cousin")


def test_somebody_who_was_asked_without_a_booked_time_scores_as_well(panel):
    interview = make_interview(*panel)
    row = invited(interview)
    times(interview, panel[0])
    ask_interviewer(row, person=panel[2])

    give(row, panel[2], 50, 30)

    assert result(row) == ("scored", Decimal(80), True)
