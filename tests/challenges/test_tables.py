"""A file that is cut at its commas is read as a parser reads it: the same cells, lines and flaws."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dure.challenges import tables
from dure.challenges.tables import read_table
from dure.core.errors import Flawed

HEADER = ["id", "label"]
PIECES = st.sampled_from(["a", "b1", "가", ",", "\n", "\r\n", "\r", '"', "", " ", "\u2028", "\ufeff"])


def read(data: bytes) -> object:
    try:
        table = read_table(data, expected=HEADER, optional="part")
    except Flawed as flawed:
        return flawed.facts
    return table.header, table.columns, list(table.lines), table.notes


@given(st.lists(PIECES, max_size=14).map("".join), st.sampled_from(["\n", "\r\n", "\r", ",part\n", ""]))
@example("a,b\nc,d\n", "\n")
@example("a,b,c\nd\n", "\n")
@example("a,b\n\nc,d", "\r\n")
def test_both_ways_of_reading_agree(body, end) -> None:
    data = f"id,label{end}{body}".encode()
    cut = read(data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "_cut", lambda *_: None)
        assert cut == read(data)


def test_a_cell_too_long_for_the_parser_is_a_flaw_of_its_row() -> None:
    data = f"id,label\na,{'x' * 200_000}\n".encode()

    assert read(data)["errors"][0]["row"] == 2


@pytest.mark.parametrize("body", ["a\n", "a\n\nb\n"])
def test_one_column_is_read_line_by_line(body) -> None:
    table = read_table(f"id\n{body}".encode(), expected=["id"])

    assert [cell for _, cell in table.column("id")] == body.split()
