"""Dates of another edition: days move by days, months by months, weekdays stay where that is wanted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.blueprint.library import load_blueprint
from dure.blueprint.shifting import Shift, dates_of, first_day

days = st.dates(date(2000, 1, 1), date(2080, 1, 1))


@given(days, days, days)
def test_weekdays_stay_and_the_start_is_within_half_a_week(first, start, other):
    shift = Shift.between(first, start)

    assert date.fromisoformat(shift.moved(other.isoformat())).weekday() == other.weekday()
    assert abs(date.fromisoformat(shift.moved(first.isoformat())) - start) <= timedelta(days=3)


@given(days, days)
def test_without_weekdays_the_first_day_is_the_start(first, start):
    assert Shift.between(first, start, weekdays=False).moved(first.isoformat()) == start.isoformat()


@pytest.mark.parametrize(
    ("written", "moved"),
    [
        ("2026-03-02", "2027-03-01"),
        ("2026-03-02T18:00", "2027-03-01T18:00"),
        ("2026-03-02T18:00:00+09:00", "2027-03-01T18:00:00+09:00"),
        ("2026-11", "2027-11"),
        ("2026", "2027"),
    ],
)
def test_a_date_keeps_its_precision(written, moved):
    assert Shift.between(date(2026, 3, 2), date(2027, 3, 2)).moved(written) == moved


def test_dates_of_a_blueprint_are_those_it_says_and_those_it_leaves_open(library):
    rush = load_blueprint(library / "blueprints" / "06-naver-ai-rush-2020.yaml")
    assert [(dated.name, dated.text, dated.bound) for dated in dates_of(rush)] == [
        ("r1.from", "2020-07-13", False), ("r1.to", "2020-07-31", False),
    ]  # fmt: skip


def test_what_is_no_date_has_no_first_day():
    assert (first_day("2026-05"), first_day("soon")) == (date(2026, 5, 1), None)
