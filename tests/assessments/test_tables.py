"""Questions as tables: what goes out comes in the same."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.assessments.content import Case, Content, Kind, flaws_of
from dure.assessments.tables import COLUMNS, Line, cells_of, read_lines
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
    assert read_lines(table.header, table.rows) == ([line], [])


@given(contents())
def test_a_version_keeps_all_of_a_question(content):
    assert Content.of(content.as_dict()) == content


def cells_wrong(header, *rows):
    """Row and column of every flaw, rows counted from 2."""
    return [(flaw.row, flaw.column) for flaw in read_lines(header, list(enumerate(rows, start=2)))[1]]


def sentences(header, *rows):
    return [flaw.text.en for flaw in read_lines(header, list(enumerate(rows, start=2)))[1]]


def test_every_flaw_is_told_with_its_row_and_column():
    header = ["key", "kind", "topic", "difficulty", "text_ko", "choices_ko", "answer", "skills"]

    assert cells_wrong(
        header,
        ["a", "single", "ml", "3", "질문", "가\n나", "1", ""],
        ["", "essay", "", "9", "", "", "", "sql=9"],
        ["c", "single", "ml", "3", "", "가", "", "sql, ml=2"],
        ["d", "multiple", "ml", "3", "질문", "가\n나\n가", "", ""],
        ["e", "numeric", "ml", "3", "질문", "", "one", ""],
        ["f", "short", "ml", "3", "질문", "", "", ""],
    ) == [
        (3, "key"), (3, "topic"), (3, "difficulty"), (3, "kind"), (3, "skills"), (3, "text_ko"),
        (4, "skills"), (4, "text_ko"), (4, "choices_ko"), (4, "answer"), (5, "choices_ko"), (5, "answer"),
        (6, "answer"), (7, "answer"),
    ]  # fmt: skip


def test_what_a_number_or_a_program_lacks_is_told_at_its_column():
    header = ["key", "kind", "topic", "text_en", "answer", "tolerance", "cases", "seconds", "memory_mib"]

    assert cells_wrong(
        header,
        ["a", "numeric", "ml", "Q", "", "-1", "", "", ""],
        ["b", "numeric", "ml", "Q", "3", "wide", "", "", ""],
        ["c", "code", "ml", "", "", "", "print(3)", "0", "9"],
        ["d", "code", "ml", "Q", "", "", "", "2.5", "many"],
    ) == [
        (2, "answer"), (2, "tolerance"), (3, "tolerance"), (4, "cases"), (4, "text_en"), (4, "seconds"),
        (4, "memory_mib"), (5, "seconds"), (5, "memory_mib"), (5, "cases"),
    ]  # fmt: skip


def test_an_answer_that_names_a_choice_that_is_not_there_says_so():
    header = ["key", "kind", "topic", "text_ko", "choices_ko", "answer"]

    assert sentences(
        header, ["a", "single", "ml", "질문", "가\n나", "5"], ["b", "multiple", "ml", "질문", "가\n나", "1, 3"],
        ["c", "single", "ml", "질문", "가\n나", "1, 2"], ["d", "single", "ml", "질문", "가\n나", "0"],
    ) == [
        "There is no choice 5: the last one is 2.", "There is no choice 3: the last one is 2.",
        "Mark one choice as the right one; 2 are marked now.",
        "Name right choices by their numbers, from 1 (1, 3): 0",
    ]  # fmt: skip


def test_choices_that_are_more_in_one_language_are_counted():
    header = ["key", "kind", "topic", "text_ko", "choices_ko", "choices_en", "answer"]

    assert sentences(header, ["a", "single", "ml", "질문", "가\n나", "x\ny\nz", "9"]) == [
        "There are 2 choices in Korean and 3 in English. Write as many lines in both.",
        "There is no choice 9: the last one is 3.",
    ]


def test_a_key_that_is_there_twice_is_told_though_its_first_row_is_flawed():
    header = ["key", "kind", "topic", "text_ko", "answer"]
    flawed, sound = ["a", "short", "", "질문", "답"], ["a", "short", "ml", "질문", "답"]

    assert cells_wrong(header, flawed, sound, flawed) == [(2, "topic"), (3, "key"), (4, "topic"), (4, "key")]


@pytest.mark.parametrize(("header", "column"), [(["key", "kind"], "topic"), (["key", "kind", "topic", "sort"], "sort")])
def test_a_column_that_is_unknown_or_missing_is_told_before_any_row(header, column):
    assert cells_wrong(header, ["a", "single", "ml"][: len(header)]) == [(1, column)]


def test_one_language_is_enough():
    header = ["key", "kind", "topic", "text_en", "choices_en", "answer"]
    [line], _flaws = read_lines(header, [(2, ["a", "multiple", "ml", "Q", "x\ny", "1, 2"])])
    content = line.content

    assert content.choices == (Text(ko="x", en="x"), Text(ko="y", en="y"))
    assert content.tolerance == Decimal(0)
