"""What was typed, read as what it should be; what is nothing of the sort is None, never a fault."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dure.site.reading import MOST_DIGITS, day_from, number_from, numbers_from


@given(st.integers(0, 10**MOST_DIGITS - 1))
def test_a_number_is_read_as_it_was_written(number) -> None:
    assert number_from(f" {number} ") == number


@given(st.text())
def test_whatever_was_written_is_a_number_that_fits_or_none(written) -> None:
    assert (number_from(written) or 0) in range(10**MOST_DIGITS)


@pytest.mark.parametrize("written", [None, "", "-5", "1.5", "²", "٣", "9" * 40, "abc", "1\x00"])
def test_what_is_no_number_of_ours_is_none(written) -> None:
    assert number_from(written) is None


def test_of_several_those_that_are_numbers_are_read() -> None:
    assert numbers_from(["3", "x", "9" * 40, "1"]) == [3, 1]


def test_a_day_begins_at_its_midnight_in_the_visitors_zone() -> None:
    with timezone.override("Asia/Seoul"):
        assert day_from("2026-11-24").astimezone(UTC) == datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize("written", [None, "", "2026-02-31", "9999-12-31", "0001-01-01", "0000-00-00", "tomorrow"])
def test_what_is_no_day_is_none(written) -> None:
    assert day_from(written) is None
