"""State maps: a table of allowed moves, drawn before the first line that walks it."""

from collections.abc import Mapping
from typing import TypeVar

from dure.core.errors import Refused
from dure.core.text import Text

S = TypeVar("S", bound=str)
_NO_MOVE = Text(ko="‘{old}’에서 ‘{new}’(으)로 바꿀 수 없습니다.", en="{old} cannot become {new}.")


class Moves(dict[S, frozenset[S]]):
    """From each state, where one may go. A state without an entry is an end."""

    def __init__(self, table: Mapping[S, set[S]]) -> None:
        super().__init__({state: frozenset(nexts) for state, nexts in table.items()})

    def check(self, old: S, new: S) -> None:
        """Raise ``Refused("state.move")`` unless ``old`` may become ``new``."""
        if new not in self.get(old, frozenset()):
            raise Refused("state.move", _NO_MOVE.format(old=old, new=new), old=str(old), new=str(new))
