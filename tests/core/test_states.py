"""State maps: what is not drawn is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.core.errors import Refused
from dure.core.states import Moves

NAMES = st.sampled_from("abcde")


@given(st.dictionaries(NAMES, st.sets(NAMES)), NAMES, NAMES)
def test_a_move_is_allowed_exactly_where_it_is_drawn(table, old, new):
    moves = Moves(table)

    if new in table.get(old, set()):
        moves.check(old, new)
    else:
        with pytest.raises(Refused) as refused:
            moves.check(old, new)
        assert (refused.value.code, refused.value.facts) == ("state.move", {"old": old, "new": new})
