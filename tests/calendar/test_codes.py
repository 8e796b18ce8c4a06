"""A code lives a minute at most, and belongs to one session."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dure.calendar.codes import code_at, holds, left_of

moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds


@given(moments, st.floats(0, 29.9))
def test_a_code_holds_while_it_is_shown_and_for_half_a_minute_more(moment, later):
    assert holds("secret", code_at("secret", moment), moment + timedelta(seconds=later))


@given(moments, st.floats(60, 100_000))
def test_no_code_holds_after_a_minute(moment, later):
    shown = code_at("secret", moment)
    then = moment + timedelta(seconds=later)
    fresh = {code_at("secret", then), code_at("secret", then - timedelta(seconds=30))}

    assert holds("secret", shown, then) == (shown in fresh)  # one in half a million comes again by chance


def test_a_code_is_read_however_it_is_typed_and_told_for_how_long():
    moment = datetime(2026, 9, 7, 0, 0, 12, tzinfo=UTC)
    code = code_at("secret", moment)

    assert holds("secret", f" {code[:3]}-{code[3:]} ", moment)
    assert not holds("another", code, moment)
    assert not holds("secret", "", moment)
    assert left_of(moment) == 18
