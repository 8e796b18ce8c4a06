"""Windows: when a date begins and ends, what a month is, and to which occurrence a turn belongs."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.blueprint.dates import duration
from dure.blueprint.grammar_stage import WHEN
from dure.blueprint.model import Duration, Moment
from dure.blueprint.read_stage import window
from dure.blueprint.shapes import Report
from dure.blueprint.windows import Span, add, moment_span, occurrence, window_of
from dure.blueprint.yaml import read_document

SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive


def at(text: str, zone: ZoneInfo = SEOUL) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def span(when: str, **changed: object) -> Span:
    """The window of one turn in Seoul, published on 1 March 2024."""
    report = Report("f")
    written = window(WHEN.read(read_document(when.encode(), "f").root, report))
    assert report.flaws == []
    known = {
        "zone": "Asia/Seoul",
        "opened": None,
        "published": at("2024-03-01"),
        "arrived": at("2024-03-05"),
        "asked": lambda *_asked: None,
        "bound": {},
        "other": lambda _stage: Span(None, None),
    }
    return window_of(written, **{**known, **changed})


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2024", "2024-01-01", "2025-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("2024-05-31T18:00", "2024-05-31T18:00", "2024-05-31T18:00"),
        ("2024-05-31T18:00:30", "2024-05-31T18:00:30", "2024-05-31T18:00:30"),
        ("2024-05-31T09:00Z", "2024-05-31T18:00", "2024-05-31T18:00"),
        ("2024-05-31T10:00+01:00", "2024-05-31T18:00", "2024-05-31T18:00"),
    ],
)
def test_date_opens_at_its_first_moment_and_closes_after_its_last(text, first, after):
    assert moment_span(Moment(text), SEOUL) == (at(first), at(after))


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2024-01-31", "1m", "2024-02-29"),
        ("2023-01-31", "1m", "2023-02-28"),
        ("2024-02-29", "1y", "2025-02-28"),
        ("2024-02-29", "12m", "2025-02-28"),
        ("2024-11-30", "3m", "2025-02-28"),
        ("2024-05-31", "16w", "2024-09-20"),
        ("2024-05-31", "36h", "2024-06-01T12:00"),
    ],
)
def test_months_are_of_the_calendar_with_the_last_day_clamped(start, length, end):
    assert add(at(start), duration(length), SEOUL) == at(end)


def test_a_day_keeps_the_clock_where_an_hour_keeps_the_time():
    eve = at("2024-03-09T12:00", NEW_YORK)  # the night after, clocks go forward
    assert add(eve, Duration(1, "d"), NEW_YORK) == at("2024-03-10T12:00", NEW_YORK)
    assert add(eve, Duration(24, "h"), NEW_YORK) == at("2024-03-10T13:00", NEW_YORK)


@given(moments, st.integers(1, 600))
def test_so_many_months_later_is_that_month(moment, months):
    local, later = moment.astimezone(SEOUL), add(moment, Duration(months, "m"), SEOUL).astimezone(SEOUL)
    assert (later.year * 12 + later.month) - (local.year * 12 + local.month) == months
    assert later.day == min(local.day, monthrange(later.year, later.month)[1])


@given(moments, st.integers(1, 999_999), st.sampled_from("hdwmy"))
def test_any_length_leads_forward_however_far(moment, number, unit):
    assert add(moment, Duration(number, unit), SEOUL) > moment


def test_no_key_fixes_no_bound_until_the_turn_opens():
    assert (span("{within: 1y}"), span("{for: 2w}")) == (Span(None, None), Span(None, None, judged_at_end=True))


def test_within_and_for_count_from_the_turns_opening():
    opened = at("2024-05-01T10:00")
    assert span("{within: 1y}", opened=opened) == Span(None, at("2025-05-01T10:00"))
    assert span("{for: 2w}", opened=opened) == Span(None, at("2024-05-15T10:00"), judged_at_end=True)


def test_from_and_to_bound_the_window():
    assert span("{from: 2020-07-13, to: 2020-07-31}") == Span(at("2020-07-13"), at("2020-08-01"))
    assert span("{from: 2024-05}") == Span(at("2024-05-01"), None)
    assert span("{to: 2024-05}") == Span(None, at("2024-06-01"))
    assert span("{from: 2024-05, for: 3m}") == Span(at("2024-05-01"), at("2024-08-01"))


def test_date_that_was_asked_closes_after_its_last_moment():
    due = {("raise", "due"): date(2024, 5, 31)}
    assert span("{to: raise.due}", asked=lambda *asked: due[asked]) == Span(None, at("2024-06-01"))
    assert span("{to: raise.due}") == Span(None, None)


def test_bound_dates_stand_for_bind():
    assert span("{from: bind, to: bind}", bound={"from": "2024-05-01", "to": 2024}) == Span(
        at("2024-05-01"), at("2025-01-01")
    )
    assert span("{from: bind}") == Span(None, None)


def test_with_is_the_other_stages_window():
    theory = Span(at("2020-04-01"), at("2020-07-01"))
    assert span("{with: theory}", other={"theory": theory}.__getitem__) == theory


@pytest.mark.parametrize(
    ("when", "opens", "closes"),
    [
        ("{every: 3m}", "2024-06-01", "2024-09-01"),
        ("{every: 3m, from: 2024-01-31}", "2024-04-30", "2024-07-31"),
        ("{every: 1w, from: 2025-01-01}", "2025-01-01", "2025-01-08"),
        ("{every: 1d, from: 2024-03-05}", "2024-03-05", "2024-03-06"),
        ("{every: 3m, from: 2024-01-01, to: 2024-05-15}", "2024-04-01", "2024-05-16"),
        ("{every: 3m, for: 1m}", "2024-04-01", "2024-04-01"),
        ("{every: 1y, from: 2023-01-01, to: 2023-06}", "2023-07-01", "2023-07-01"),
    ],
)
def test_turn_belongs_to_the_next_occurrence(when, opens, closes):
    assert span(when) == Span(at(opens), at(closes), occurring=True)


@given(moments, st.integers(1, 40), st.sampled_from("hdwmy"), st.timedeltas(timedelta(days=-900), timedelta(days=9000)))
def test_occurrences_follow_each_other_without_a_gap(first, number, unit, distance):
    every, arrived = Duration(number, unit), first + distance
    here = occurrence(every, first, None, arrived, SEOUL)
    after = occurrence(every, first, None, here.opens + timedelta(microseconds=1), SEOUL)
    assert here.opens >= arrived
    assert after.opens == here.closes > here.opens
    assert here.opens == first or add(here.opens, Duration(1, "h"), SEOUL) > arrived
