"""Both sides in numbers: whatever is added in whatever order, the sum is exact; the guard; percentiles."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.challenges.field.requests import Shadow
from dure.challenges.field.tally import Measure, Outcome, Tally, guarded, percentile, tally_of, verdict_of
from dure.challenges.models import Ending

LABELS, NUMBERS = Measure(numeric=False), Measure(numeric=True, tolerance=Decimal("0.5"))
CELLS = st.none() | st.tuples(st.sampled_from(["0", "1", "0.1", "-2.5e3", "1e-9", "yes"]))
MS = st.none() | st.integers(0, 50)
OUTCOMES = st.builds(
    Outcome, st.builds(Shadow, st.text("abc", min_size=1), st.just({}), CELLS, CELLS, MS), CELLS, MS, st.just("")
)


@given(st.lists(OUTCOMES, max_size=30), st.integers(0, 30), st.sampled_from([LABELS, NUMBERS]))
def test_a_day_is_the_sum_of_its_batches_however_they_are_cut(outcomes, cut, measure):
    whole = tally_of(outcomes, measure)

    assert tally_of(outcomes[:cut], measure) + tally_of(outcomes[cut:], measure) == whole
    assert tally_of(list(reversed(outcomes)), measure) == whole
    assert Tally.read(whole.as_dict()) == whole


@given(st.lists(OUTCOMES, max_size=30))
def test_counts_are_those_that_one_counts_by_hand(outcomes):
    found = tally_of(outcomes, LABELS)
    both = [o for o in outcomes if o.answer and o.shadow.answer]
    known = [o for o in outcomes if o.answer and o.shadow.truth]

    assert (found.tried, found.answered) == (len(outcomes), sum(o.answer is not None for o in outcomes))
    assert (found.compared, found.agreed) == (len(both), sum(o.answer == o.shadow.answer for o in both))
    assert (found.judged, found.right) == (len(known), sum(o.answer == o.shadow.truth for o in known))
    assert found.ms == Counter(o.ms for o in outcomes if o.ms is not None and o.answer is not None)


def test_numbers_agree_within_the_tolerance_exactly():
    def outcome(mine: str, theirs: str) -> Outcome:
        return Outcome(Shadow("a", {}, (theirs,)), (mine,))

    assert verdict_of(outcome("0.1", "0.6"), NUMBERS).agrees
    assert not verdict_of(outcome("0.1", "0.600000000001"), NUMBERS).agrees
    assert not verdict_of(outcome("0.1", "much"), NUMBERS).agrees
    assert tally_of([outcome("0.1", "0.3")] * 10, NUMBERS).gap == Decimal("2.0")


def test_what_failed_counts_as_wrong_in_what_the_model_is_worth():
    truth = Shadow("a", {}, ("yes",), ("no",))
    found = tally_of([Outcome(truth, ("no",)), Outcome(truth, ("yes",)), Outcome(truth, cause="exit")], LABELS)

    assert found.worth == Fraction(1, 3)
    assert (found.quality, found.service_quality, found.agreement) == (Fraction(1, 2), 0, Fraction(1, 2))
    assert Tally().worth is None


@given(st.lists(st.integers(0, 1000), min_size=1), st.sampled_from([50, 95, 99]))
def test_percentiles_are_nearest_ranks(times, percent):
    assert percentile(Counter(times), percent) == sorted(times)[ceil(len(times) * percent / 100) - 1]


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        (Tally(tried=19, failed=19), None),
        (Tally(tried=20, failed=4), None),
        (Tally(tried=20, failed=5), Ending.FAILURES),
        (Tally(tried=20, ms={100: 19, 9_000: 1}), None),
        (Tally(tried=20, ms={100: 18, 9_000: 2}), Ending.TIME),
    ],
)
def test_the_guard_stops_above_what_was_agreed_and_not_at_it(tally, expected):
    assert guarded(tally, most_failed=20, most_ms=1_000) == expected
