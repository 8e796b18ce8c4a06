"""What was typed, read as what it should be; what is nothing of the sort is None, never a fault."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from dure.site.reading import MOST_DIGITS, SlugField, day_from, number_from, numbers_from


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


@pytest.mark.parametrize(
    ("written", "read"), [("ai-basics-2027", "ai-basics-2027"), (" AI-Basics ", "ai-basics"), ("7", "7")]
)
def test_an_address_is_small_letters_digits_and_hyphens(written, read):
    assert SlugField().clean(written) == read


@pytest.mark.parametrize("written", ["ai_basics", "-ai", "ai-", "a--b", "가나", "a b", "ab\n", "ａｉ"])
def test_what_is_no_address_is_told_as_the_field_asks_for_it(written):
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        SlugField(strip=False).clean(written)

    assert refused.value.messages == [
        "Begin with a small letter or a digit; then small letters, digits, single hyphens."
    ]
