"""One line of a rule, read into its parts."""

import pytest

from dure.blueprint.model import Rule
from dure.blueprint.rules import parse_rule


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("age >= 19", Rule("age", ">=", "19", None, "age >= 19")),
        ("phase2.score > 0.5", Rule("score", ">", "0.5", "phase2", "phase2.score > 0.5")),
        ("year in 3, 4", Rule("year", "in", ("3", "4"), None, "year in 3, 4")),
        ("major has cs", Rule("major", "has", "cs", None, "major has cs")),
        ("licence != none", Rule("licence", "!=", "none", None, "licence != none")),
        (" employer=sk telecom, inc ", Rule("employer", "=", "sk telecom, inc", None, "employer=sk telecom, inc")),
        ("in-time = yes", Rule("in-time", "=", "yes", None, "in-time = yes")),
    ],
)
def test_rule_is_fact_operator_value(text, rule):
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "",
        "age",
        "age >=",
        ">= 19",
        "age == 19",
        "age => 19",
        "Age > 1",
        "a.b.c > 1",
        "age in",
        "age in ,",
        "agein 3",
        "has cs",
    ],
)
def test_anything_else_is_no_rule(text):
    assert parse_rule(text) is None
