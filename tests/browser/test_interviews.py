"""A time chosen and moved on a phone, and an interview scored by keys alone; points save themselves."""

from datetime import timedelta

import pytest

from dure.assessments.models import Interviewee, Scoring
from dure.assessments.operations.interviews import keep_scores, offer_times, pick
from dure.assessments.queries.interviews import booking_of
from dure.core import clock
from tests.assessments.interviews import invited, make_interview, scoring_of

pytestmark = [pytest.mark.browser]
DAY = timedelta(days=1)


def offered(world):
    """Two times of the judge tomorrow after next, for Ada."""
    row = invited(make_interview(world.judge, by=world.operator), world.ada)
    at = clock.now().replace(minute=0, second=0, microsecond=0) + 3 * DAY
    slots = offer_times(row.interview, interviewers=[world.judge], starts_at=at, ends_at=at + timedelta(hours=1))
    return row, slots


@pytest.fixture
def scoring(world) -> Scoring:
    """Ada's interview with the judge began an hour ago."""
    clock.set_clock(clock.now() - 3 * DAY - timedelta(hours=1))
    row, slots = offered(world)
    pick(row, slot=slots[0])
    clock.set_clock(None)
    return scoring_of(row, world.judge)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("ko", ("예약했습니다", "예약 취소", "예약을 취소했습니다")),
        ("en", ("is booked", "Give the time back", "is given back")),
    ],
)
def test_a_time_is_chosen_moved_and_given_back_on_a_phone_by_keyboard(world, visit, language, says):
    booked, give_back, gone = says
    row, slots = offered(world)
    phone = visit(world.ada, language=language, width=390).go(f"/interviews/{row.interview_id}/")

    phone.page.locator(f"button[value='{slots[0].pk}']").focus()
    phone.page.keyboard.press("Enter")
    phone.page.get_by_text(booked).wait_for()
    first = booking_of(row).slot
    phone.page.locator(f"button[value='{slots[1].pk}']").focus()
    phone.page.keyboard.press("Enter")
    phone.page.locator(f"button[value='{slots[0].pk}']").wait_for()
    second = booking_of(row).slot
    phone.enter(give_back)

    assert (first, second, booking_of(row)) == (slots[0], slots[1], None)
    assert gone in phone.text


def test_an_interviewer_scores_by_keys_and_what_is_given_saves_itself(world, scoring, visit):
    desk = visit(world.judge, language="ko").go(f"/interviews/scorings/{scoring.pk}/")

    desk.page.keyboard.press("1")
    desk.page.keyboard.press("1")
    desk.page.keyboard.press("c")
    desk.page.keyboard.type("Clear throughout")
    desk.page.get_by_text("임시 저장했습니다.").wait_for()
    kept = Scoring.objects.get().points
    desk.page.keyboard.press("Control+Enter")
    desk.page.get_by_text("점수를 보냈습니다.").wait_for()

    assert kept == {"c1": "60", "c2": "40"}
    assert (Scoring.objects.get().reason, Interviewee.objects.get().score) == ("Clear throughout", 100)


def test_what_another_device_changed_is_said_and_not_written_over(world, scoring, visit):
    desk = visit(world.judge, language="ko").go(f"/interviews/scorings/{scoring.pk}/")
    keep_scores(scoring, points={"c1": "30"}, reason="", notes="", saves=0)

    desk.page.keyboard.press("1")
    desk.page.get_by_text("다른 탭이나 기기에서 먼저 바꾸었습니다").wait_for()

    assert Scoring.objects.get().points == {"c1": "30"}
