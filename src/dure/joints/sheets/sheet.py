"""What a sheet is: columns, a line for each thing, and what changing a line does."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from dure.blueprint.model import Blueprint, Stage
from dure.core.errors import Forbidden, Missing
from dure.core.text import Text
from dure.joints.sheets.cells import Cell
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Member, Programme, Turn
from dure.programmes.queries.members import members_by_turn
from dure.store.chunks import chunked

T = TypeVar("T")
PIECE = 1_000

AS_OF = "as-of"
LABELS: Mapping[str, Text] = {
    "turn": Text(ko="차례", en="turn"),
    "case": Text(ko="번호", en="case"),
    "title": Text(ko="제목", en="title"),
    "members": Text(ko="참여자", en="members"),
    "state": Text(ko="상태", en="state"),
    "step": Text(ko="심사 단계", en="step"),
    "proof": Text(ko="증빙", en="proof"),
    AS_OF: Text(ko="기준", en="as of"),
    "decision": Text(ko="결정", en="decision"),
    "reason": Text(ko="사유", en="reason"),
    "review": Text(ko="심사", en="review"),
    "reviewer": Text(ko="심사위원", en="reviewer"),
    "comment": Text(ko="의견", en="comment"),
    "reference": Text(ko="증빙 번호", en="reference"),
    "verified": Text(ko="확인", en="verified"),
    "note": Text(ko="비고", en="note"),
    "give": Text(ko="지급·발급", en="give"),
    "provided": Text(ko="제공", en="provided"),
    "receiver": Text(ko="받는 이", en="receiver"),
    "kind": Text(ko="종류", en="kind"),
    "name": Text(ko="이름", en="name"),
    "type": Text(ko="유형", en="type"),
    "amount": Text(ko="수량", en="amount"),
    "unit": Text(ko="단위", en="unit"),
    "currency": Text(ko="통화", en="currency"),
    "done": Text(ko="완료", en="done"),
    "organisation": Text(ko="기관", en="organisation"),
    "email": Text(ko="이메일", en="email"),
    "entered-at": Text(ko="참가 시각", en="entered at"),
    "payment": Text(ko="지급", en="payment"),
    "payee": Text(ko="받는 이", en="payee"),
    "number": Text(ko="회차", en="number"),
    "of": Text(ko="전체 회차", en="of"),
    "due": Text(ko="지급 예정일", en="due"),
    "paid-at": Text(ko="지급 시각", en="paid at"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """``entered``: importing may change it; the others tell whose line it is and are not read."""

    name: str
    label: Text
    entered: bool = False

    @property
    def heading(self) -> str:
        """Its Korean word with the name that counts: 점수 (score)."""
        return self.name if self.label.ko == self.name else f"{self.label.ko} ({self.name})"


def column(name: str, *, entered: bool = False) -> Column:
    return Column(name, LABELS[name], entered)


@dataclass(frozen=True, slots=True)
class Line(Generic[T]):
    """A row as it stands now, of whatever it is about."""

    subject: T
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Sheet(Generic[T]):
    """One sort of thing recorded at a stage, as ``by`` may see and enter it.

    ``keys``: the columns that name a line; none where the sheet is only for reading. A sheet with the column
    ``as-of`` refuses lines that changed after it was exported.
    """

    programme: Programme
    stage_id: str
    by: Person
    keys: ClassVar[tuple[str, ...]] = ()

    def columns(self) -> Sequence[Column]:
        raise NotImplementedError

    def lines(self) -> Iterable[Line[T]]:
        """In order; read some at a time where they may be very many. Raises Forbidden before the first."""
        raise NotImplementedError

    def change(self, subject: T, row: Mapping[str, str], changed: Sequence[str]) -> None:
        """Enter a line: ``row`` has the text of every entered column, ``changed`` names those that differ.

        Raises Refused as the operation behind it does.
        """
        raise NotImplementedError

    def place(self, field: str) -> str:
        """The column in which an operation's field stands."""
        return field

    @property
    def blueprint(self) -> Blueprint:
        return blueprint_of(self.programme)

    @property
    def stage(self) -> Stage:
        if self.stage_id not in self.blueprint.positions:
            sentence = Text(ko="‘{stage}’ 단계가 없습니다.", en="There is no stage {stage}.")
            raise Missing("stage.unknown", sentence.format(stage=self.stage_id), stage=self.stage_id)
        return self.blueprint.stage(self.stage_id)

    @property
    def operates(self) -> bool:
        return rules.operates(self.by, self.programme)

    def turns(self) -> list[Turn]:
        """The stage's turns, in the order of their cases."""
        return [turn for piece in self.turns_in_pieces() for turn in piece]

    def turns_in_pieces(self) -> Iterator[list[Turn]]:
        """The same, ``PIECE`` at a time."""
        rows = Turn.objects.filter(programme=self.programme, stage=self.stage.id)
        known = rows.select_related("case", "evidence").order_by("case__number", "pk")
        for ids in chunked(rows.order_by("case__number", "pk").values_list("pk", flat=True), PIECE):
            yield self._with_programme(list(known.filter(pk__in=ids)))

    def _with_programme(self, turns: list[Turn]) -> list[Turn]:
        for turn in turns:
            turn.programme = self.programme
        return turns


FIRST = (column("turn"), column("case"), column("title"), column("members"), column("state"))


def whose(turns: Sequence[Turn]) -> dict[Turn, dict[str, Cell]]:
    """The cells of ``FIRST`` for each turn."""
    members = members_by_turn(turns)
    return {
        turn: {"turn": str(turn.pk), **of_turn(turn), "members": names(members[turn.pk]), "state": turn.state}
        for turn in turns
    }


def of_turn(turn: Turn | None) -> dict[str, Cell]:
    """Which case it is; nothing for what a whole stage shares."""
    return {"case": turn.case.number, "title": turn.title or turn.case.title} if turn else {"case": None, "title": ""}


def free(stage: Stage, field: str, taken: Sequence[Column]) -> str:
    """A column's name for a fact: its own, or ``stage.fact`` where a column of the sheet has that name already."""
    return f"{stage.id}.{field}" if field in {column.name for column in taken} else field


def names(members: Sequence[Member]) -> str:
    """The persons who travel; an organisation's or an item's title tells who it is."""
    return ", ".join(str(member.person) for member in members if member.person)


def not_yours() -> Forbidden:
    sentence = Text(ko="이 표를 볼 권한이 없습니다.", en="This sheet is not for you to see.")
    return Forbidden("sheet.not-yours", sentence)
