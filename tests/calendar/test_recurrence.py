"""Weekly rules: every fitting day once, at the same time on the wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.calendar.recurrence import MOST, Weekly, occurrences
from dure.core.errors import Refused

rules = st.builds(
    Weekly,
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    first=st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    last=st.just(date(2030, 3, 1)),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    minutes=st.integers(5, 600),
    zone=st.sampled_from(["Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)


def of_weeks(rule: Weekly, weeks: int) -> Weekly:
    return Weekly(
        rule.weekdays, rule.first, rule.first + timedelta(days=7 * weeks - 1), rule.at, rule.minutes, rule.zone
    )


@given(rules, st.integers(1, 28))
def test_each_weekday_comes_once_a_week_at_its_time_on_the_wall(rule, weeks):
    rule = of_weeks(rule, weeks)
    zone = ZoneInfo(rule.zone)

    found = occurrences(rule)

    days = [start.astimezone(zone) for start, _ in found]
    assert len(found) == weeks * len(rule.weekdays)
    assert {end - start for start, end in found} == {timedelta(minutes=rule.minutes)}
    assert found == sorted(found)
    for start in days:
        leapt = datetime.combine(start.date(), rule.at, zone).astimezone(UTC).astimezone(zone)
        assert start.time() in {rule.at, leapt.time()}


@given(rules, st.data())
def test_days_left_out_are_the_only_difference(rule, data):
    rule = of_weeks(rule, 4)
    every = occurrences(rule)
    days = [start.astimezone(ZoneInfo(rule.zone)).date() for start, _ in every]
    skipped = data.draw(st.sets(st.sampled_from(days), max_size=len(set(days)) - 1))

    left = occurrences(Weekly(rule.weekdays, rule.first, rule.last, rule.at, rule.minutes, rule.zone, skipped))

    assert left == [one for one, day in zip(every, days, strict=True) if day not in skipped]


def test_summer_time_changes_the_hour_in_utc_and_not_on_the_wall():
    rule = Weekly({0}, date(2026, 3, 23), date(2026, 3, 30), time(9), 60, "Europe/Berlin")

    assert [start for start, _ in occurrences(rule)] == [
        datetime(2026, 3, 23, 8, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC),
    ]  # fmt: skip


def test_a_rule_without_days_and_one_with_too_many_are_refused():
    none = Weekly({0}, date(2026, 3, 24), date(2026, 3, 25), time(9), 60, "Asia/Seoul")
    many = Weekly(range(7), date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=MOST), time(9), 60, "Asia/Seoul")

    for rule, code in ((none, "recurrence.none"), (many, "recurrence.many")):
        with pytest.raises(Refused) as refusal:
            occurrences(rule)
        assert refusal.value.code == code
