"""Many rows in one request, all or nothing: what a loop of two hundred calls would be for a person."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID

from django.db import transaction
from ninja import Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import TURN, one, seen_programme, stage_of
from dure.api.programmes.judging import SayIn, SayOut
from dure.api.programmes.passages import turn_rows
from dure.api.programmes.turns import EvidenceIn, Receipt, recorded
from dure.api.shapes import In, Out
from dure.api.writing import writes
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.joints.gates.decide import decide
from dure.joints.models import Say
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.models import Programme, Turn

router = Router(tags=["turns"])
MOST = 1000
R = TypeVar("R")
T = TypeVar("T")


class EvidenceRow(EvidenceIn):
    turn: UUID


class EvidenceRows(In):
    rows: Annotated[list[EvidenceRow], Field(min_length=1, max_length=MOST)]


class SayRow(SayIn):
    turn: UUID


class SayRows(In):
    rows: Annotated[list[SayRow], Field(min_length=1, max_length=MOST)]


class Receipts(Out):
    """In the order of the rows."""

    items: list[Receipt]

    @classmethod
    def of(cls, turns: Sequence[Turn]) -> Self:
        return cls(items=[Receipt.of(turn) for turn in turns])


class Says(Out):
    """In the order of the rows."""

    items: list[SayOut]

    @classmethod
    def of(cls, says: Sequence[Say]) -> Self:
        return cls(items=[SayOut.of(say) for say in says])


@writes(router.post, "/programmes/{slug:slug}/stages/{slug:stage}/evidence", Receipts, status=201)
def record_rows(request: Asked, slug: str, stage: str, body: EvidenceRows) -> list[Turn]:
    """Enter evidence for many turns; ``facts.errors`` numbers the flawed rows from 1."""
    turns = _Turns(request.auth, slug, stage, body.rows)
    return each_row(body.rows, lambda row: recorded(request.auth, turns[row.turn], row))


@writes(router.post, "/programmes/{slug:slug}/stages/{slug:stage}/says", Says, status=201)
def say_rows(request: Asked, slug: str, stage: str, body: SayRows) -> list[Say]:
    """Decide about many turns; ``facts.errors`` numbers the flawed rows from 1."""
    turns, by = _Turns(request.auth, slug, stage, body.rows), request.auth
    return each_row(body.rows, lambda row: decide(turns[row.turn], by=by, **row.model_dump(exclude={"turn"})))


class _Turns:
    """The turns that rows name, read together; each is Missing for whom it would be alone."""

    def __init__(self, person: Person, slug: str, stage: str, rows: Sequence[EvidenceRow | SayRow]) -> None:
        self.person = person
        programme: Programme = seen_programme(person, slug)
        here = turn_rows().filter(programme=programme, stage=stage_of(programme, stage).id)
        self.found = here.in_bulk([row.turn for row in rows])
        self.all_seen = rules.operates(person, programme)

    def __getitem__(self, turn: UUID) -> Turn:
        found = self.found.get(turn)
        if found is None or not (self.all_seen or rules.may_see(self.person, found)):
            return one(Turn.objects.none(), "turn.missing", TURN)
        return found


def each_row(rows: Sequence[R], work: Callable[[R], T]) -> list[T]:
    """What ``work`` makes of every row; raises Flawed with every row that is refused, and then nothing is done."""
    done: list[T] = []
    flaws: list[dict[str, Any]] = []
    for number, row in enumerate(rows, 1):
        try:
            with transaction.atomic():
                done.append(work(row))
        except Refused as refusal:
            errors = refusal.facts.get("errors", [])
            flaws.append({"row": number, "code": refusal.code, **refusal.text.as_dict(), "errors": errors})
    if flaws:
        sentence = Text(
            ko="{n}개 행에 고칠 곳이 있어 아무것도 저장하지 않았습니다. 고친 뒤 모두 다시 보내세요.",
            en="{n} rows have to be corrected, so nothing was saved. Correct them and send all of them again.",
        )
        raise Flawed("request.rows", sentence.format(n=len(flaws)), errors=flaws)
    return done
