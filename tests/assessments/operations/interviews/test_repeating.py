"""Another interview after a released result: a new time and new points, and what there was stays written."""

from datetime import timedelta

import pytest

from dure.assessments.models import Interviewee
from dure.assessments.operations.interviews import (
    appoint_interviewer,
    excuse,
    forget_interviews,
    meet_again,
    pick,
    release,
)
from dure.assessments.queries.interviews import booking_of
from dure.core import clock
from dure.core.errors import Refused
from tests.assessments.interviews import NINE, give, make_interview, met, scoring_of, times
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def running_clock():
    yield
    clock.set_clock(None)


@pytest.fixture
def kim():
    return make_person()


@pytest.fixture
def out(kim) -> Interviewee:
    """Met by Kim, who noted something, and not passed."""
    row = met(make_interview(kim), kim)
    give(row, kim, 30, 10)
    row.refresh_from_db()
    return release(row)


def again(row: Interviewee, *hosts) -> None:
    pick(row, slot=times(row.interview, *hosts, at=NINE + timedelta(days=7))[0])


def scoring_words(row: Interviewee) -> tuple[str, str]:
    """The reason and the notes of the first interview."""
    one = Interviewee.objects.get(pk=row.pk).earlier[0]["scorings"][0]
    return one["reason"], one["notes"]


def test_what_there_was_is_kept_and_nothing_of_it_counts(out, kim):
    meet_again(out)

    out.refresh_from_db()
    kept = out.earlier[0]
    assert (out.state, out.score, out.passed, booking_of(out), out.scorings.count()) == ("waiting", None, None, None, 0)
    assert (kept["score"], kept["passed"], kept["scorings"][0]["interviewer"]) == ("40.0000", False, str(kim.pk))


def test_interviewers_find_their_own_notes_of_the_time_before_and_no_others(out, kim):
    lee = make_person()
    appoint_interviewer(out.interview, person=lee)
    meet_again(out)

    again(out, kim, lee)

    assert [scoring_of(out, one).notes for one in (kim, lee)] == ["mine", ""]


def test_who_was_too_close_stays_so(kim):
    lee = make_person()
    row = met(make_interview(kim, lee), kim, lee)
    excuse(row, interviewer=lee, why="We are married.")
    give(row, kim, 30, 10)
    row.refresh_from_db()
    meet_again(release(row))

    with pytest.raises(Refused) as refused:
        again(row, lee)

    assert refused.value.code == "interview.conflict"


def test_only_who_has_a_released_result_meets_again(kim):
    row = met(make_interview(kim), kim)

    with pytest.raises(Refused):
        meet_again(row)


def test_somebody_forgotten_leaves_figures_and_no_words(out, kim):
    meet_again(out)
    said = scoring_words(out)

    forget_interviews(kim)
    of_interviewer = scoring_words(out)
    forget_interviews(out.person)

    assert (said[1], of_interviewer, scoring_words(out)) == ("mine", (said[0], ""), ("", ""))
    assert Interviewee.objects.get().earlier[0]["scorings"][0]["points"] == {"c1": "30", "c2": "10"}
