"""Rubrics are read from plain text, and marks are held against them."""

from decimal import Decimal

import pytest

from dure.core.errors import Flawed
from dure.core.rubrics import COUNTED, read_rubric, taken
from dure.core.text import Text
from tests.learning.assignments.factories import RUBRIC


def _flaws(work) -> list[str]:
    with pytest.raises(Flawed) as flawed:
        work()
    return [error["text"]["en"] for error in flawed.value.facts["errors"]]


def test_a_rubric_has_criteria_with_levels_in_both_languages():
    found = read_rubric(RUBRIC)

    assert [(one.key, one.text, one.most) for one in found.criteria] == [
        ("c1", Text(ko="아이디어", en="Idea"), Decimal(5)), ("c2", Text(ko="완성도", en="Craft"), Decimal(5)),
    ]  # fmt: skip
    assert [str(level.points) for level in found.criteria[1].levels] == ["5", "2.5"]
    assert found.most == 10


def test_every_flaw_of_a_rubric_is_told():
    assert _flaws(lambda: read_rubric("= 5 lost\n? Idea\n= many\nwhat")) == [
        "No criterion (?) stands before line 1.",
        "Line 3 begins with points, as = 5 Clear: from 0 to 1000, with at most one decimal.",
        "Line 4 must begin with ? or =.",
    ]
    assert _flaws(lambda: read_rubric("")) == ["Write one criterion or more."]
    assert _flaws(lambda: read_rubric("? Idea\n= 0 none")) == ["The criterion Idea has no level above 0 points."]
    assert _flaws(lambda: read_rubric("? a\n= 1\n" * 21)) == ["A rubric has at most 20 criteria of 10 levels."]


def test_points_outside_of_the_rubric_are_refused():
    rubric = read_rubric(RUBRIC)

    assert taken(rubric, {"c1": "4.5", "c2": "", "c9": "7"}) == {"c1": Decimal("4.5")}
    assert taken(rubric, {"c1": "4.25", "c2": 5}, step=COUNTED) == {"c1": Decimal("4.25"), "c2": Decimal(5)}
    assert _flaws(lambda: taken(rubric, {"c1": "5.1", "c2": "NaN"})) == [
        "Idea: from 0 to 5 points, in steps of 0.1.", "Craft: from 0 to 5 points, in steps of 0.1.",
    ]  # fmt: skip
    assert _flaws(lambda: taken(rubric, {"c1": "4.25", "c2": "1e999999999"})) == [
        "Idea: from 0 to 5 points, in steps of 0.1.", "Craft: from 0 to 5 points, in steps of 0.1.",
    ]  # fmt: skip
    assert _flaws(lambda: taken(rubric, {"c1": "-1"}, whole=True)) == [
        "Idea: from 0 to 5 points, in steps of 0.1.", "Craft: give points.",
    ]  # fmt: skip
