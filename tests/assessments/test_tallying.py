"""Results that show nobody: no cell, and nothing that is subtracted from anything, tells of one to four persons."""

from decimal import Decimal
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.assessments.surveying import Sort
from dure.assessments.tallying import LEAST, groups_of, outcomes, rows_of, tallied, tally_of
from tests.assessments.survey_factories import asks

SCALE, SINGLE, MULTIPLE, NUMBER = (
    asks(sort, required=required)
    for sort, required in ((Sort.SCALE, False), (Sort.SINGLE, False), (Sort.MULTIPLE, True), (Sort.NUMBER, False))
)
TEXT = asks("text", required=False)
ALL = (SCALE, SINGLE, MULTIPLE, NUMBER, TEXT)
answers = st.fixed_dictionaries(
    {"multiple": st.lists(st.integers(0, 2), unique=True, min_size=1)},
    optional={
        "scale": st.integers(1, 5), "single": st.integers(0, 2), "text": st.sampled_from(["가", "나"]),
        "number": st.integers(-20, 120).map(str),
    },
)  # fmt: skip
replies = st.lists(st.tuples(st.sampled_from(["", "a", "b", "c"]), answers), max_size=60)


def few(n: int) -> bool:
    return 0 < n < LEAST


def subsets(names):
    return chain.from_iterable(combinations(names, size) for size in range(1, len(names) + 1))


def shown(told, *questions):
    tally = tallied(questions or ALL, told, least=LEAST)
    return groups_of(tally), outcomes(questions or ALL, tally)


@given(replies)
def test_no_cell_is_of_fewer_than_five(told) -> None:
    sizes, found = shown(told)

    cells = [n for one in found for part in (*one.parts, *one.compared) for n in (part.n, *_cells(one, part))]
    apart = [one.n - part.n for one in found if one.is_apart for part in one.parts]
    assert [n for n in (*sizes.values(), *cells, *apart) if few(n)] == []
    assert [one.texts for one in found if few(len(one.texts))] == []


def _cells(one, part):
    """By group only where groups are compared."""
    return part.by_group.values() if part in one.compared else ()


@given(replies)
def test_no_two_filters_subtracted_tell_of_fewer_than_five(told) -> None:
    """All less some groups, one group less another answer, those who did not choose less those who did."""
    sizes, found = shown(told)

    left = [
        n
        for one in found
        for part in one.compared
        for groups in subsets(sizes)
        for n in _differences(one, part, groups, sizes)
    ]

    assert [n for n in left if few(n)] == []


def _differences(one, part, groups, sizes):
    some = sum(part.by_group[group] for group in groups)
    size = sum(sizes[group] for group in groups)
    yield from (some, part.n - some)
    yield from (size - some, (one.n - size) - (part.n - some))


@given(replies)
def test_finer_answers_of_all_and_joined_answers_of_groups_fix_no_cell_between_them(told) -> None:
    """What is left open is a two-way table of which the margins are known: its sharp bounds never meet at 1 to 4."""
    _, found = shown(told)

    for one in found:
        for joined in one.compared if not one.is_apart else ():
            finer = [part for part in one.parts if set(part.values) <= set(joined.values)]
            assert sum(part.n for part in finer) == joined.n
            for part in finer:
                for n in joined.by_group.values():
                    least, most = max(0, part.n + n - joined.n), min(part.n, n)
                    assert least < most or not few(least)


@given(replies)
def test_nothing_is_lost_by_joining(told) -> None:
    _, found = shown(told)
    for one in found:
        if one.parts and not one.is_apart:
            assert sum(part.n for part in one.parts) == len(told)


def scales(*given):
    return [("", {"scale": value}) for value in given]


def test_answers_that_too_few_gave_are_joined_with_their_neighbours() -> None:
    _, [found] = shown(scales(*[1] * 2, *[3] * 4, *[4] * 9, *[5] * 6), asks("scale"))

    assert [(part.values, part.n) for part in found.parts] == [(("1", "2", "3"), 6), (("4",), 9), (("5",), 6)]
    assert (found.mean, found.is_about) == (Decimal(6 * 2 + 9 * 4 + 6 * 5) / 21, True)


def test_of_choices_the_smallest_are_joined() -> None:
    told = [("", {"single": value}) for value in (0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2)]

    _, [found] = shown(told, asks("single"))

    assert [(part.values, part.n) for part in found.parts] == [(("0", "1"), 6), (("2",), 6)]


def test_a_choice_that_too_few_or_nearly_all_made_is_hidden() -> None:
    told = [("", {"multiple": [0, 1] if at < 3 else [1] if at < 18 else [2]}) for at in range(20)]

    _, [found] = shown(told, MULTIPLE)

    assert (found.hidden, [(part.values, part.n) for part in found.parts]) == (("0", "1", "2"), [])


def test_groups_are_compared_where_that_shows_nobody() -> None:
    a = [("a", {"scale": value}) for value in [2] * 5 + [5] * 5]
    b = [("b", {"scale": value}) for value in [2] * 6 + [4] * 2 + [5] * 5]

    sizes, [found] = shown([*a, *b], asks("scale"))

    assert sizes == {"a": 10, "b": 13}
    assert [part.by_group for part in found.compared if part.n] == [{"a": 5, "b": 6}, {"a": 5, "b": 7}]


def test_a_group_of_four_loses_its_name_and_takes_another_with_it() -> None:
    told = [(group, {"scale": 3}) for group, n in (("a", 4), ("b", 6), ("c", 7)) for _ in range(n)]

    assert shown(told, SCALE)[0] == {"": 10, "c": 7}


@pytest.mark.parametrize(("n", "sizes"), [(4, {}), (5, {"a": 5})])
def test_answers_of_fewer_than_five_persons_are_not_even_counted(n, sizes) -> None:
    tally = tallied(ALL, [("a", {"scale": 1})] * n, least=LEAST)
    assert (bool(tally), groups_of(tally)) == (n >= LEAST, sizes)


def test_texts_are_shown_from_five_on_and_in_their_own_order() -> None:
    words = ["나", "다", "가", "마", "라"]

    found = [shown([("", {"text": word}) for word in words[:n]] + [("", {})] * 5, TEXT)[1][0].texts for n in (4, 5)]

    assert found == [(), ("가", "나", "다", "라", "마")]


@pytest.mark.parametrize(
    ("numbers", "steps"),
    [
        (["0", "3", "7", "9"], ["0|2", "2|4", "6|8", "8|10"]), (["-3", "-1"], ["-3|-2", "-1|0"]),
        (["1200", "58000"], ["0|10000", "50000|60000"]), (["0.5", "0.8"], ["0.5|0.55", "0.8|0.85"]), (["7"], ["7|8"]),
    ],
)  # fmt: skip
def test_numbers_are_counted_in_round_steps(numbers, steps) -> None:
    tally = tallied([NUMBER], [("", {"number": number}) for number in numbers])

    [found] = outcomes([NUMBER], tally, least=1)

    assert [part.values[0] for part in found.parts if part.n] == steps
    assert sum(part.n for part in found.parts) == len(numbers)


def test_named_results_show_everything_as_it_was_answered() -> None:
    told = scales(1, 2, 5)

    [found] = outcomes([asks("scale")], tallied([asks("scale")], told), least=1)

    assert [part.n for part in found.parts] == [1, 1, 0, 0, 1]
    assert (found.mean, found.is_about) == (Decimal(8) / 3, False)


@given(replies)
def test_what_is_kept_is_read_back_and_does_not_tell_the_order_of_answers(told) -> None:
    tally = tallied(ALL, told)

    rows = rows_of(tally)

    assert rows_of(tally_of(rows)) == rows
    assert rows_of(tallied(ALL, reversed(told))) == rows
