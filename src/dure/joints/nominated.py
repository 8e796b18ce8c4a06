"""Nominations: one by an address, or a spreadsheet of them, all or none."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction

from dure.audit.operations import record
from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.joints.sheets.tables import Table
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Offer, Programme, Turn, TurnState
from dure.programmes.operations.entering import offer
from dure.store.transactions import durable

COLUMNS = ("email", "note")
MOST = 2_000
MOST_ERRORS = 50

NOBODY = Text(
    ko="이 이메일로 가입한 사람이 없습니다. 먼저 두레에 가입하도록 안내한 뒤 다시 시도하세요.",
    en="Nobody has signed up with this address. Ask them to sign up to Dure first, then try again.",
)
NOT_HERE = Text(
    ko="이 단계에 올라와 추천을 기다리는 사람이 아닙니다.",
    en="They have not come through to this stage, or do not wait for a nomination.",
)
NO_EMAIL = Text(
    ko="‘email’ 열이 없습니다. 양식을 내려받아 채우세요.",
    en="There is no column email. Take the template and fill it in.",
)
MANY = Text(
    ko="한 번에 {most:,}명까지 추천할 수 있습니다(지금 {n:,}명). 나누어 올려 주세요.",
    en="At most {most:,} nominations at a time (now {n:,}). Split the file and send the parts.",
)
ROWS = Text(
    ko="{n:,}곳을 고쳐야 합니다. 아무도 추천하지 않았습니다. 파일을 고쳐 다시 올려 주세요.",
    en="{n:,} places need correcting. Nobody was nominated. Correct the file and send it again.",
)


def nominate(programme: Programme, stage: str, *, email: str, by: Person, note: str = "") -> Offer:
    """Nominate whoever signs in with the address: for a start, or with the turn that waits for it."""
    person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None:
        raise Missing("person.missing", NOBODY)
    turn = _waiting(programme, stage, person) if blueprint_of(programme).stage(stage).after else None
    return offer(programme, stage, to=person, by=by, turn=turn, note=note[:400])


def nominate_all(programme: Programme, stage: str, table: Table, *, by: Person, check_only: bool = False) -> int:
    """Nominate everybody in the sheet (columns ``email`` and ``note``), or nobody: raises Flawed with row and column.

    ``check_only`` does it all and takes it back. Returns how many there are.
    """
    header = [heading.strip().lower() for heading in table.header]
    if "email" not in header:
        raise Flawed("sheet.rows", NO_EMAIL, errors=[{"row": 1, "column": "email", **NO_EMAIL.as_dict()}])
    if len(table.rows) > MOST:
        raise Refused("nominate.many", MANY.format(most=MOST, n=len(table.rows)))
    with durable():
        flaws = list(_flaws(programme, stage, header, table, by))
        if flaws:
            errors = flaws[:MOST_ERRORS]
            raise Flawed("sheet.rows", ROWS.format(n=len(flaws)), errors=errors, total=len(flaws))
        told = {"stage": stage, "rows": len(table.rows), "sha256": table.sha256}
        record("offer.sheet", programme, after=told, actor=by)
        transaction.set_rollback(check_only)
    return len(table.rows)


def _flaws(
    programme: Programme, stage: str, header: Sequence[str], table: Table, by: Person
) -> Iterator[dict[str, Any]]:
    for number, texts in table.rows:
        cells = dict(zip(header, texts, strict=False))
        try:
            with transaction.atomic():
                nominate(programme, stage, email=cells.get("email", ""), by=by, note=cells.get("note", ""))
        except Refused as refusal:
            yield {"row": number, "column": "email", **refusal.text.as_dict()}


def _waiting(programme: Programme, stage: str, person: Person) -> Turn:
    waiting = Turn.objects.filter(programme=programme, stage=stage, state=TurnState.WAITING, entered_at__isnull=True)
    turn = waiting.filter(rules.held_by(person)).first()
    if turn is None:
        raise Refused("nominate.not-here", NOT_HERE)
    return turn
