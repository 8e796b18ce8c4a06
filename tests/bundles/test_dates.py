"""Dates as people write them in bundles."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.bundles.dates import moment


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1-2-2030", (2030, 1, 2)),
        ("12-31-2030", (2030, 12, 31)),
        ("31-12-2030", (2030, 12, 31)),
        ("1/2/30", (2030, 1, 2)),
        ("2030-01-02", (2030, 1, 2)),
        ("2030/1/2", (2030, 1, 2)),
        ("2030-01-02T03:04:05Z", (2030, 1, 2, 3, 4, 5)),
        ("2030-01-02 03:04:05.5", (2030, 1, 2, 3, 4, 5, 500000)),
        ("2030-01-02 03:04 +0900", (2030, 1, 1, 18, 4)),
        ("2030-01-02T03:04:05-05:00", (2030, 1, 2, 8, 4, 5)),
        ("January 2, 2030", (2030, 1, 2)),
        ("Jan 2 2030 11:59 PM", (2030, 1, 2, 23, 59)),
        ("2nd January 2030 12:30 am", (2030, 1, 2, 0, 30)),
        ("Wed, 2 Jan 2030 10:00:00 GMT", (2030, 1, 2, 10)),
        ("12-31-2030 23:59:59", (2030, 12, 31, 23, 59, 59)),
    ],
)
def test_month_first_and_utc(text, read):
    assert moment(text) == dt.datetime(*read, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2030-13-01",
        "2030-02-30",
        "Foo 2 2030",
        "25:00",
        "2030-01-02 25:00",
        "0001-01-01",
        dt.date.max,
        7,
        None,
    ],
)
def test_what_is_no_date(text):
    assert moment(text) is None


def test_dates_that_yaml_read_already():
    zone = dt.timezone(dt.timedelta(hours=9))

    assert moment(dt.date(2030, 1, 2)) == dt.datetime(2030, 1, 2, tzinfo=dt.UTC)
    assert moment(dt.datetime(2030, 1, 2, 9, tzinfo=zone)) == dt.datetime(2030, 1, 2, tzinfo=dt.UTC)


@given(
    st.integers(0, 30_000_000_000),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%m-%d-%Y %H:%M:%S", "%B %d, %Y %I:%M:%S %p"]),
)
def test_every_moment_is_read_back(second, form):
    when = dt.datetime.fromtimestamp(second, dt.UTC)

    assert moment(when.strftime(form)) == when


@given(st.text(alphabet="0123456789-/: TZamp,JandecFrith+.", max_size=30))
def test_no_text_makes_it_fail(text):
    moment(text)
