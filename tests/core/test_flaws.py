"""Tables by column: what is wrong with their shape, and how flaws are told."""

import pytest

from dure.core.errors import Flawed
from dure.core.flaws import Flaw, raise_flaws, read_rows
from dure.core.text import Text

WRONG = Text(ko="틀렸습니다.", en="This is wrong.")


def placed(flaws):
    return [(flaw.row, flaw.column, flaw.text.en) for flaw in flaws]


def test_cells_are_read_by_the_names_of_their_columns():
    sent = read_rows([" Email", "", "Note"], [(2, [" a@b.c ", "x", "hello\n"]), (4, ["d@e.f"])], needed=["email"])

    assert (sent.rows, sent.flaws) == (
        [(2, {"email": "a@b.c", "note": "hello"}), (4, {"email": "d@e.f", "note": ""})], [],
    )  # fmt: skip


def test_blanks_stay_where_they_mean_something():
    assert read_rows(["code"], [(2, ["  x = 1\n"])], needed=[], strip=False).rows == [(2, {"code": "  x = 1\n"})]


def test_every_column_that_is_unknown_doubled_or_missing_is_named_and_no_row_is_read():
    sent = read_rows(["a", "b", "b", "z"], [(2, ["1"])], needed=["a", "c"], known=["a", "b", "c"])

    assert sent.rows == []
    assert placed(sent.flaws) == [
        (1, "b", "The column is there twice: b"), (1, "z", "No such column: z"), (1, "c", "The column is missing: c"),
    ]  # fmt: skip


def test_a_row_with_more_cells_than_headings_is_told_unless_they_are_empty():
    sent = read_rows(["a"], [(2, ["1", "", " "]), (3, ["1", "", "2"])], needed=[])

    assert [(flaw.row, flaw.column) for flaw in sent.flaws] == [(3, "")]


def test_flaws_are_told_by_row_in_one_refusal():
    with pytest.raises(Flawed) as flawed:
        raise_flaws([Flaw(3, WRONG, "b"), Flaw(2, WRONG), Flaw(3, WRONG, "a")], code="table.flawed")

    assert (flawed.value.code, flawed.value.text.en.partition(".")[0]) == (
        "table.flawed", "3 places must be corrected",
    )  # fmt: skip
    assert flawed.value.facts["errors"] == [
        {"row": row, "column": column, "text": WRONG.as_dict()} for row, column in ((2, ""), (3, "b"), (3, "a"))
    ]
