"""The sockets in which the joints stand. The engine knows this page and nothing behind it.

Where no room has put a joint of its own, the recorded one (``dure.joints``) answers for the kind.
"""

from collections.abc import Mapping, Sequence
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from dure.core.errors import Unready
from dure.core.text import Text
from dure.programmes.models import Given, Programme, Provided, Turn


class StageKind(Protocol):
    """One of the seven kinds of stage: how its work starts and how it ends."""

    def open(self, turns: Sequence[Turn]) -> None:
        """The turns begin: start the work in the room that owns it."""

    def check_hand_in(self, turn: Turn) -> None:
        """Raise Refused where something that must come before a hand-in is missing (a fee, a supervisor)."""

    def pending(self, turns: QuerySet[Turn]) -> set[UUID]:
        """Those of ``turns`` about which something was received that is not scored yet: they must wait for it."""

    def out(self, turns: Sequence[UUID]) -> Mapping[UUID, Text | None]:
        """Those of ``turns`` that are out whatever they have shown, and why; None: that is not decided yet."""

    def final(self, turns: QuerySet[Turn]) -> None:
        """The window closed, or the stage settles, over handed-in turns: what counts in the end counts now."""

    def close(self, turns: Sequence[Turn]) -> None:
        """The window closed over open turns: bring in what stands (appendix C, "or the window closes")."""


class GateInputs(Protocol):
    """What people or outside bodies said about turns, for one of ``panel``, ``decide``, ``external``."""

    def inputs(self, programme: Programme, stage: str, step: int, turns: Sequence[UUID]) -> Mapping[UUID, float | bool]:
        """The panel's mark, the decider's yes or no, the proof's verification; a turn left out is awaited."""

    def reasons(self, programme: Programme, stage: str, step: int, turns: Sequence[UUID]) -> Mapping[UUID, Text]:
        """What was written about turns that were refused, for those who took them to read."""


class GiveKind(Protocol):
    """One of the six kinds of give."""

    def check(self, programme: Programme, gives: Sequence[Given]) -> None:
        """Raise Refused where these (unsaved) gives cannot all be given, as where a fund is short."""

    def give(self, programme: Programme, gives: Sequence[Given]) -> None:
        """Do what follows, in the transaction of the verdict, or leave the rows due for a person to confirm."""


class ProvideKind(Protocol):
    """One of the six types of provision."""

    def open(self, provided: Sequence[Provided]) -> None: ...

    def close(self, provided: Sequence[Provided]) -> None: ...


S = TypeVar("S")


class Socket(Generic[S]):
    """Joints by name. ``plug`` replaces the recorded joint of a kind with a room's own."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._joints: dict[str, S] = {}

    def plug(self, name: str, joint: S) -> None:
        self._joints[name] = joint

    def __getitem__(self, name: str) -> S:
        try:
            return self._joints[name]
        except KeyError:
            sentence = Text(ko=f"‘{name}’ 연결 부품이 설치되어 있지 않습니다.", en=f"No joint for {self.what} {name}.")
            raise Unready("programmes.joint", sentence, kind=name) from None

    def __contains__(self, name: str) -> bool:
        return name in self._joints

    def names(self) -> list[str]:
        return sorted(self._joints)


stage_kinds: Socket[StageKind] = Socket("stage")
gate_inputs: Socket[GateInputs] = Socket("gate step")
give_kinds: Socket[GiveKind] = Socket("give")
provide_kinds: Socket[ProvideKind] = Socket("provision")
