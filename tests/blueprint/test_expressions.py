"""Expressions: read as the grammar says, counted exactly, null where something is missing."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.blueprint.expressions import (
    Call,
    Checked,
    Name,
    Unreadable,
    check,
    evaluate,
    measures_of,
    parse,
    parse_comparison,
    parse_sum,
    rounded,
)
from dure.blueprint.library import load_blueprint
from tests.blueprint.marked import apply, blueprint


@dataclass
class Table:
    """Figures from a table: what each call gives, over everybody and in each group."""

    calls: dict[tuple[str, ...], int | float | Fraction | None] = field(default_factory=dict)
    groups_of: dict[str, "Table"] = field(default_factory=dict)

    def call(self, function, arguments):
        return self.calls.get((function, *arguments))

    def parties(self):
        return 5

    def groups(self, stage, field, bands):
        return list(self.groups_of)

    def within(self, stage, field, value, bands):
        return self.groups_of[value]


FIGURES = Table(
    {("in", "a"): 3, ("pass", "a"): 2, ("mean", "a", "score"): 0.1, ("credential", "AI, ML"): 7, ("in", "none"): 0}
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 2 - 3", 5),
        ("12 / 2 / 3", 2),
        ("-2 - -3", 1),
        ("- (1 + 1)", -2),
        ("pass(a) / in(a)", 0.667),
        ("mean(a, score) * 3", 0.3),
        ("credential(AI, ML)", 7),
        ("parties", 5),
        ("1 / 0", None),
        ("in(a) / in(none)", None),
        ("in(unknown) + 1", None),
        ("0 * in(unknown)", None),
        ("it", None),
        ("no-such-measure", None),
    ],
)
def test_sum_is_counted(text, value):
    assert evaluate(parse_sum(text), FIGURES) == value


def test_arguments_may_hold_commas_in_the_last():
    assert parse("share(a, kind in sme,other)") == Call("share", ("a", "kind in sme,other"))


def test_measure_by_function_and_by_name_are_the_same():
    assert parse("measure(uses-ai)") == parse("uses-ai") == Name("uses-ai")


@pytest.mark.parametrize(
    "text", ["", " ", "1 +", "(1", "1)", "a(", "in()", "sum(a)", "2x", "a b", "1 = 2 = 3", "a == 1", "$", "A"]
)
def test_what_is_no_expression_is_refused_with_a_sentence(text):
    with pytest.raises(Unreadable) as caught:
        parse(text)
    assert caught.value.text.ko
    assert caught.value.text.en


def test_comparison_and_sum_are_told_apart():
    with pytest.raises(Unreadable):
        parse_sum("1 < 2")
    with pytest.raises(Unreadable):
        parse_comparison("1 + 2")


@pytest.mark.parametrize(
    ("text", "left", "right", "holds"),
    [
        ("in(a) = 3", 3, 3, True),
        ("in(a) != 3", 3, 3, False),
        ("pass(a) / in(a) = 0.667", 0.667, 0.667, True),
        ("pass(a) >= in(a)", 2, 3, False),
        ("pass(a) <= in(a)", 2, 3, True),
        ("pass(a) < in(a)", 2, 3, True),
        ("pass(a) > 1", 2, 1, True),
        ("in(unknown) != 1", None, 1, False),
        ("1 / 0 = 1 / 0", None, None, False),
    ],
)
def test_comparison_is_of_rounded_sides_and_null_never_holds(text, left, right, holds):
    assert check(text, FIGURES) == Checked(text, left, right, holds)


def measured(measures: str):
    return load_blueprint(blueprint(apply("do: {ask: [{size: words}]}"), rest=f"measures: {measures}\n").encode())


def test_measure_is_rounded_before_another_counts_with_it():
    made = measured("[{id: third, title: T, is: 1 / 3}, {id: whole, title: W, is: third * 3}]")
    assert measures_of(made, FIGURES) == {"third": 0.333, "whole": 0.999}


def test_measure_by_a_field_has_a_value_for_each_group():
    made = measured("[{id: n, title: N, is: in(apply) / holders(it), by: apply.size}]")
    groups = {
        "x": Table({("in", "apply"): 6, ("holders", "x"): 2}),
        "y": Table({("in", "apply"): 1, ("holders", "y"): 0}),
    }
    assert measures_of(made, Table(groups_of=groups)) == {"n[x]": 3, "n[y]": None}


def test_other_measures_count_over_everybody_and_are_null_where_they_are_split():
    made = measured(
        "[{id: all, title: A, is: in(apply)}, {id: split, title: S, is: in(apply), by: apply.size},"
        " {id: part, title: P, is: in(apply) / all, by: apply.size}, {id: lost, title: L, is: split}]"
    )
    figures = Table({("in", "apply"): 4}, {"x": Table({("in", "apply"): 1})})
    assert measures_of(made, figures) == {"all": 4, "split[x]": 1, "part[x]": 0.25, "lost": None}


def test_measure_counted_from_itself_is_null():
    assert measures_of(measured("[{id: m, title: M, is: m + 1}]"), FIGURES) == {"m": None}


@given(st.fractions(max_denominator=10_000, min_value=-1000, max_value=1000))
def test_rounding_is_to_three_decimals_half_up(value):
    thousandths = round(rounded(value) * 1000)
    assert thousandths == floor(value * 1000 + Fraction(1, 2))
    assert isinstance(rounded(value), int) is (thousandths % 1000 == 0)


@given(st.text(alphabet="in(a) +-*/<>=!0123456789.,it", max_size=30))
def test_any_text_is_an_expression_or_is_told_why_not(text):
    try:
        parse(text)
    except Unreadable as refused:
        told = refused.text
        assert told.ko != told.en


trees = st.recursive(
    st.integers(0, 99).map(str),
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from("+-*"), part).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        part.map(lambda t: f"-{t}"),
    ),
    max_leaves=8,
)


@given(trees)
def test_whole_arithmetic_agrees_with_pythons(text):
    assert evaluate(parse_sum(text), FIGURES) == eval(text)  # noqa: S307 -- digits, signs and brackets only
