"""Lists in pieces that a database takes."""

from hypothesis import given
from hypothesis import strategies as st

from dure.store.chunks import MOST, chunked


@given(st.lists(st.integers(), max_size=30), st.integers(1, 7))
def test_pieces_together_are_the_list_and_only_the_last_is_shorter(values, size):
    pieces = [list(piece) for piece in chunked(values, size)]

    assert [value for piece in pieces for value in piece] == values
    assert [len(piece) for piece in pieces[:-1]] == [size] * (len(pieces) - 1)
    assert all(pieces)


def test_a_piece_is_as_large_as_both_databases_take():
    assert [len(piece) for piece in chunked(range(MOST + 1))] == [MOST, 1]
