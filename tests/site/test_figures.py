"""Money, numbers and moments as people write them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from dure.core import clock
from dure.site import figures
from dure.site.figures import moment, money, number, until, when

NOON = datetime(2026, 7, 13, 3, 0, tzinfo=UTC)  # 12:00 in Seoul
MIDNIGHT = datetime(2026, 7, 31, 15, 0, tzinfo=UTC)  # 1 August 00:00 in Seoul


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "0원"), (500, "500원"), (12_345, "12,345원"), (10_000, "1만 원"), (15_000_000, "1,500만 원"),
        (100_000_000, "1억 원"), (215_000_000, "2억 1,500만 원"), (1_000_000_000_000, "10,000억 원"),
    ],
)  # fmt: skip
def test_won_in_korean(amount: int, written: str) -> None:
    with translation.override("ko"):
        assert money(amount) == written


def test_money_in_english_names_its_currency() -> None:
    with translation.override("en"):
        assert money(15_000_000) == "KRW 15,000,000"


def test_other_money_is_the_same_in_both_languages() -> None:
    with translation.override("ko"):
        assert money(120_050, "USD") == "USD 1,200.50"


@pytest.mark.parametrize(("value", "written"), [(1200, "1,200"), (3.5, "3.5"), (0.91, "0.91"), (2.0, "2"), (0, "0")])
def test_numbers_without_needless_zeros(value: float, written: str) -> None:
    assert number(value) == written


def test_a_moment_in_both_languages() -> None:
    with timezone.override("Asia/Seoul"):
        with translation.override("ko"):
            assert moment(NOON) == "2026년 7월 13일(월) 12:00"
        with translation.override("en"):
            assert moment(NOON) == "Mon 13 Jul 2026, 12:00"


def test_a_close_at_midnight_is_the_end_of_the_day_before() -> None:
    with timezone.override("Asia/Seoul"), translation.override("ko"):
        assert until(MIDNIGHT) == "2026년 7월 31일(금) 24:00"


def test_the_programmes_zone_stands_beside_where_clocks_differ() -> None:
    with timezone.override("Europe/London"), translation.override("en"):
        shown = when(NOON, "Asia/Seoul")
    assert shown == (
        '<time datetime="2026-07-13T03:00:00+00:00">Mon 13 Jul 2026, 04:00</time> (Asia/Seoul Mon 13 Jul 2026, 12:00)'
    )


def test_one_zone_is_told_once() -> None:
    with timezone.override("Asia/Seoul"), translation.override("en"):
        assert "(" not in when(NOON, "Asia/Seoul")


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(days=3, seconds=1), "3일 남음"), (timedelta(days=1, hours=23), "47시간 남음"),
        (timedelta(minutes=119), "119분 남음"), (timedelta(minutes=3, seconds=59), "3분 남음"),
        (timedelta(seconds=59), "1분도 남지 않음"), (timedelta(0), ""),
        (-timedelta(days=1), ""),
    ],
)  # fmt: skip
def test_what_is_left_is_told_in_the_largest_unit_of_which_there_are_two(ahead, said):
    with clock.at(datetime(2026, 5, 1, tzinfo=UTC)), translation.override("ko"):
        assert figures.left(clock.now() + ahead) == said


@pytest.mark.parametrize(("language", "said"), [("ko", "11월 20일"), ("en", "20 Nov")])
def test_a_day_without_its_year_is_written_as_days_are(language, said):
    with translation.override(language):
        assert figures.short_day(datetime(2026, 11, 20, tzinfo=UTC).date()) == said
