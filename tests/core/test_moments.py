"""Days and moments as people write them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.core.moments import Told, day_text, moment_text, until_text
from dure.core.text import Text

SEOUL, PARIS = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Paris")
TEN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # ten in the morning in Seoul
MIDNIGHT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def test_a_day_has_the_name_it_has_in_its_week():
    assert day_text(date(2026, 11, 24)) == Text(ko="2026년 11월 24일(화)", en="Tue 24 Nov 2026")


def test_a_moment_is_told_by_the_clock_of_its_zone():
    assert moment_text(TEN, SEOUL) == Text(ko="2026년 11월 24일(화) 10:00", en="Tue 24 Nov 2026, 10:00")
    assert moment_text(TEN, PARIS) == Text(ko="2026년 11월 24일(화) 02:00", en="Tue 24 Nov 2026, 02:00")


def test_a_close_at_midnight_is_the_end_of_the_day_before():
    assert until_text(MIDNIGHT, SEOUL) == Text(ko="2026년 11월 24일(화) 24:00", en="Tue 24 Nov 2026, 24:00")
    assert until_text(MIDNIGHT, PARIS) == moment_text(MIDNIGHT, PARIS)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)))
def test_english_days_are_those_of_the_calendar(on):
    assert day_text(on).en == f"{on:%a} {on.day} {on:%b %Y}"


def test_whoever_shares_the_clock_of_who_set_it_reads_one_moment():
    assert Told(TEN, "Asia/Seoul").to(ZoneInfo("Asia/Tokyo")) == moment_text(TEN, SEOUL)


def test_elsewhere_the_moment_of_who_set_it_stands_beside_ones_own():
    assert Told(MIDNIGHT, "Asia/Seoul", closes=True).to(PARIS) == Text(
        ko="2026년 11월 24일(화) 16:00 (Asia/Seoul 2026년 11월 24일(화) 24:00)",
        en="Tue 24 Nov 2026, 16:00 (Asia/Seoul Tue 24 Nov 2026, 24:00)",
    )


def test_a_moment_that_nobody_elses_zone_belongs_to_is_the_readers_alone():
    assert Told(TEN).to(PARIS) == moment_text(TEN, PARIS)


def test_a_moment_may_bring_its_own_sentence():
    told = Told(TEN, "Asia/Seoul", sentence=Text(ko=" 마감: {when}", en=" Deadline: {when}"))

    assert told.to(SEOUL) == Text(ko=" 마감: 2026년 11월 24일(화) 10:00", en=" Deadline: Tue 24 Nov 2026, 10:00")


def test_readers_who_are_not_known_read_which_zone_it_is():
    assert Told(TEN, "Asia/Seoul").to_anybody() == Text(
        ko="2026년 11월 24일(화) 10:00 (Asia/Seoul)", en="Tue 24 Nov 2026, 10:00 (Asia/Seoul)"
    )


@pytest.mark.parametrize("hours", [0, 9])
def test_summer_time_is_read_at_the_moment_itself(hours):
    summer = datetime(2026, 7, 1, tzinfo=UTC) + timedelta(hours=hours)

    assert Told(summer, "Europe/Paris").to(ZoneInfo("Europe/Madrid")) == moment_text(summer, PARIS)
