"""Ages and days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.core import clock
from dure.people.days import today, whole_years, zone_names

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        (date(2000, 5, 4), date(2019, 5, 3), 18),
        (date(2000, 5, 4), date(2019, 5, 4), 19),
        (date(2004, 2, 29), date(2023, 2, 28), 18),
        (date(2004, 2, 29), date(2023, 3, 1), 19),
        (date(2004, 2, 29), date(2024, 2, 28), 19),
        (date(2004, 2, 29), date(2024, 2, 29), 20),
    ],
)
def test_one_is_a_year_older_on_the_birthday(birth, on, age):
    assert whole_years(birth, on) == age


@given(birth=DAYS, years=st.integers(min_value=0, max_value=99))
def test_birthdays_count_the_years(birth, years):
    try:
        birthday = birth.replace(year=birth.year + years)
    except ValueError:  # 29 February in a common year
        birthday = date(birth.year + years, 3, 1)

    assert whole_years(birth, birthday) == years
    if years:
        assert whole_years(birth, birthday - timedelta(days=1)) == years - 1


def test_the_day_begins_at_midnight_in_seoul():
    clock.set_clock(datetime(2026, 3, 1, 15, 0, tzinfo=UTC))
    assert today() == date(2026, 3, 2)


def test_zones_are_known_by_name():
    names = zone_names()

    assert ("Asia/Seoul" in names, "Asia/Nowhere" in names, zone_names() is names) == (True, False, True)
