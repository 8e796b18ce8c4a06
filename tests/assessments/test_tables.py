"""Questions as tables: what goes out comes in the same."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.assessments.content import Case, Content, Kind, flaws_of
from dure.assessments.tables import COLUMNS, Line, cells_of, read_lines
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.joints.sheets import read, write

LETTERS = st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters=",", max_codepoint=0xD7FF)
WORDS = st.text(LETTERS, min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
TEXTS = st.builds(Text, ko=WORDS, en=WORDS)
AMOUNTS = st.decimals(-1_000_000, 1_000_000, places=4)
LISTS = {"min_size": 2, "max_size": 6, "unique": True}


@st.composite
def contents(draw):
    kind, told = draw(st.sampled_from(Kind)), {}
    if kind.has_choices:
        told["choices"] = tuple(draw(st.lists(TEXTS, **LISTS)))
        places = st.integers(0, len(told["choices"]) - 1)
        right = draw(st.sets(places, min_size=1, max_size=1 if kind is Kind.SINGLE else None))
        told["right"] = () if kind is Kind.ORDERING else tuple(sorted(right))
    elif kind is Kind.NUMERIC:
        told = {"value": draw(AMOUNTS), "tolerance": abs(draw(AMOUNTS)), "units": tuple(draw(st.lists(WORDS)))}
    elif kind is Kind.SHORT:
        told["accepted"] = tuple(draw(st.lists(WORDS, min_size=1)))
    else:
        cases = st.lists(st.builds(Case, input=st.text(LETTERS), output=st.text(LETTERS)), min_size=1, max_size=3)
        told = {"cases": tuple(draw(cases)), "seconds": draw(st.integers(1, 30)), "mib": draw(st.integers(64, 1024))}
        told["starter"] = draw(WORDS)
    return Content(kind, draw(TEXTS), why=draw(TEXTS), **told)


LINES = st.builds(
    Line, row=st.just(2), key=WORDS, topic=WORDS, difficulty=st.integers(1, 5), content=contents(),
    skills=st.just((("own/sql", 3),)),
)  # fmt: skip


@given(LINES, st.sampled_from(["csv", "xlsx"]))
@settings(max_examples=60)
def test_a_question_that_goes_out_comes_in_the_same(line, kind):
    table = read(write(COLUMNS, [cells_of(line)], format=kind))

    assert list(flaws_of(line.content)) == []
    assert read_lines(table.header, table.rows) == [line]


@given(contents())
def test_a_version_keeps_all_of_a_question(content):
    assert Content.of(content.as_dict()) == content


def test_every_flaw_is_told_with_its_row():
    header = ["key", "kind", "topic", "difficulty", "text_ko", "choices_ko", "answer"]
    rows = [
        (2, ["a", "single", "ml", "3", "질문", "가\n나", "1"]),
        (3, ["a", "single", "ml", "3", "질문", "가\n나", "1"]),
        (4, ["b", "essay", "ml", "3", "질문", "", ""]),
        (5, ["c", "single", "", "9", "", "가", "2, 1"]),
        (6, ["d", "numeric", "ml", "3", "질문", "", "one"]),
    ]

    with pytest.raises(Flawed) as flawed:
        read_lines(header, rows)

    errors = flawed.value.facts["errors"]
    assert [error["row"] for error in errors] == [3, 4, 5, 5, 5, 5, 6]
    assert errors[-1]["text"]["en"] == "This is no number: one"


@pytest.mark.parametrize("header", [["key", "kind"], ["key", "kind", "topic", "colour"]])
def test_a_column_that_is_unknown_or_missing_is_told_before_any_row(header):
    with pytest.raises(Flawed) as flawed:
        read_lines(header, [(2, ["a", "single", "ml"])])

    assert [error["row"] for error in flawed.value.facts["errors"]] == [1]


def test_one_language_is_enough():
    content = read_lines(
        ["key", "kind", "topic", "text_en", "choices_en", "answer"], [(2, ["a", "multiple", "ml", "Q", "x\ny", "1, 2"])]
    )[0].content

    assert content.choices == (Text(ko="x", en="x"), Text(ko="y", en="y"))
    assert content.tolerance == Decimal(0)
