"""The rule of levels: what holds for all evidence, and what the explanation page says of some."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dure.skills.levels import KINDS, LEVELS, TRUST, Seen, falls_on, fresh, shares, standing, strength

DAY = date(2027, 3, 1)
SEEN = st.builds(
    Seen,
    kind=st.sampled_from([*KINDS, "idea"]),
    level=st.sampled_from(LEVELS),
    share=st.integers(1, 100),
    score=st.integers(0, 1000),
    trust=st.sampled_from(sorted(TRUST)),
    on=st.dates(DAY - timedelta(days=4000), DAY),
)
EVIDENCE = st.lists(SEEN, max_size=12)


def a_test(level: int = 3, **known) -> Seen:
    return Seen(
        **{"kind": "test", "level": level, "share": 100, "score": 1000, "trust": "measured", "on": DAY, **known}
    )


@given(EVIDENCE, SEEN)
def test_more_evidence_never_lowers_a_level(evidence, more):
    assert standing([*evidence, more], on=DAY).level >= standing(evidence, on=DAY).level


@given(EVIDENCE, st.integers(0, 3000))
def test_time_never_raises_a_level(evidence, days):
    assert standing(evidence, on=DAY + timedelta(days=days)).level <= standing(evidence, on=DAY).level


@given(SEEN, st.integers(0, 5000), st.integers(0, 5000))
def test_older_evidence_never_says_more(seen, days, more):
    older = replace(seen, on=DAY - timedelta(days=days + more))
    assert strength(older, on=DAY) <= strength(replace(seen, on=DAY - timedelta(days=days)), on=DAY)


@given(EVIDENCE, st.randoms())
def test_order_does_not_matter(evidence, draw):
    shuffled = list(evidence)
    draw.shuffle(shuffled)
    assert standing(shuffled, on=DAY) == standing(evidence, on=DAY)


@given(EVIDENCE)
def test_a_level_is_between_0_and_the_best_that_was_shown(evidence):
    assert 0 <= standing(evidence, on=DAY).level <= max((seen.level for seen in evidence), default=0)


@given(EVIDENCE)
def test_shares_are_at_most_the_whole_and_none_negative(evidence):
    told = shares(evidence, level=1, on=DAY)
    assert sum(told) <= 100
    assert all(share >= 0 for share in told)


@given(EVIDENCE)
def test_the_day_on_which_a_level_falls_is_the_first_such_day(evidence):
    before = standing(evidence, on=DAY).level
    day = falls_on(evidence, on=DAY)

    assert (day is None) == (before == 0)
    if day:
        assert standing(evidence, on=day).level < before
        assert standing(evidence, on=day - timedelta(days=1)).level == before


def test_half_is_left_after_each_half_life_and_a_straight_line_between():
    assert [fresh(10, day) for day in (0, 5, 10, 15, 20)] == [1_000_000, 750_000, 500_000, 375_000, 250_000]


def test_one_perfect_test_shows_its_level_and_all_below():
    assert [standing([a_test(level)], on=DAY).level for level in LEVELS] == [1, 2, 3, 4, 5]


def test_a_poor_result_shows_nothing_and_two_middling_ones_do():
    middling = a_test(score=600)
    assert [standing([middling] * n, on=DAY).level for n in (1, 2)] == [0, 3]


def test_courses_alone_lead_to_level_2_and_a_project_beyond():
    course = a_test(kind="learn", level=4)
    project = a_test(kind="project", level=4, share=50)

    assert standing([course] * 9, on=DAY).level == 2
    assert standing([course] * 9 + [project], on=DAY).level == 4


def test_what_people_say_of_themselves_is_worth_nothing():
    assert standing([a_test(trust="self")] * 9, on=DAY).level == 0


def test_a_level_falls_when_its_test_is_old():
    day = falls_on([a_test()], on=DAY)
    assert (standing([a_test()], on=DAY).points, day) == (110, DAY + timedelta(days=133))
