"""The log as people read it: who did what, when, and what was told about it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dure.audit.models import AuditRow, AuditText
from dure.core.text import Text
from dure.people.models import Person
from dure.site import words
from dure.site.visitors import id_from

PERSON = "people.person:"
ACTIONS: dict[str, Promise] = {
    "programme.made": _("Made the programme"), "programme.bound": _("Filled in what was open"),
    "programme.party": _("Changed a party"), "programme.published": _("Announced the programme"),
    "programme.opened": _("Began to take entries"), "programme.running": _("Stopped taking entries"),
    "programme.closed": _("Ended the programme"), "programme.fund": _("Bound a fund"),
    "programme.course": _("Bound a cohort of a course"), "programme.exam": _("Bound an exam"),
    "programme.interview": _("Bound an interview"),
    "programme.survey": _("Bound a survey"),
    "programme.credential": _("Bound a credential to what an organisation awards"),
    "stage.dated": _("Changed a stage's dates"), "stage.closed": _("Closed a stage"),
    "turn.entered": _("Entered"), "turn.chosen": _("Chose"), "turn.opened": _("Opened"),
    "turn.opened-again": _("Opened again"), "turn.team-formed": _("Formed a team"),
    "turn.evidence": _("Evidence arrived"), "turn.closed": _("The window closed"), "turn.judged": _("Judged"),
    "turn.said": _("Decided"), "turn.withdrawn": _("Withdrew"), "turn.fee": _("Confirmed the fee"),
    "turn.attendant": _("Assigned somebody"), "turn.attendant-left": _("Took somebody away"),
    "turn.terms-accepted": _("Accepted the terms"),
    "offer.made": _("Invited"), "offer.accepted": _("Accepted the invitation"),
    "offer.declined": _("Declined the invitation"), "offer.withdrawn": _("Took the invitation back"),
    "review.assigned": _("Assigned a reviewer"), "review.marked": _("Gave marks"),
    "review.declined": _("Stepped back from a review"),
    "proof.entered": _("Entered a proof"), "proof.verified": _("Verified a proof"),
    "proof.lacking": _("Noted that no proof came"), "proof.signed": _("A proof was verified by its signature"),
    "issuer.trusted": _("Trusted an issuer"), "issuer.distrusted": _("Trusted an issuer no more"),
    "settlement.confirmed": _("Confirmed a result"), "settlement.undone": _("Took a result back"),
    "settlement.released": _("Released a result"),
    "give.made": _("Given"), "give.confirmed": _("Confirmed a give"), "give.revoked": _("Revoked a give"),
    "provision.confirmed": _("Confirmed a provision"),
    "seat.taken": _("Gave a seat"), "seat.ended": _("Ended a seat"),
    "sheet.exported": _("Took a sheet out"), "sheet.imported": _("Brought a sheet in"),
    "cohort.exported": _("Took the participants out"), "log.exported": _("Took the log out"),
    "announcement.written": _("Wrote an announcement"), "announcement.rewritten": _("Changed an announcement"),
    "announcement.discarded": _("Discarded an announcement"), "announcement.sent": _("Sent an announcement"),
    "page.written": _("Wrote a page"), "page.rewritten": _("Changed a page"), "page.removed": _("Removed a page"),
    "page.restored": _("Brought a page back"), "page.shown": _("Showed a page"), "page.hidden": _("Hid a page"),
    "page.ordered": _("Changed the order of pages"), "page.attached": _("Added a file to the pages"),
    "page.detached": _("Took a file from the pages"),
    "batch.begun": _("Asked for a batch"), "batch.stopped": _("Stopped a batch"), "batch.ended": _("A batch ended"),
    "batch.taken": _("Took a file of a batch"),
    "announcement.stopped": _("Stopped an announcement"),
}  # fmt: skip
SHORT = 160
DETAILS: dict[str, Promise] = {
    "reason": _("Reason"), "note": _("Note"), "why": _("Reason"), "reference": _("Reference"), "mark": _("Mark"),
    "amount": _("Amount"), "rows": _("Rows"), "changed": _("Changed"), "letters": _("Receivers"), "file": _("File"),
}  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One row of the log: ``told`` are the texts beside it, in short; ``sealed``: the chain vouches for it."""

    row: AuditRow
    who: str
    what: str
    told: list[tuple[str, str]]
    at: datetime
    sealed: bool


def told_of(rows: Iterable[AuditRow]) -> list[Event]:
    """Rows with their actors' names, in two queries."""
    found = list(rows)
    names = _names(found)
    return [
        Event(
            row, names.get(row.actor, _nobody(row.actor)), what(row.action), _told(row), row.at, row.seal_id is not None
        )
        for row in found
    ]


def what(action: str) -> str:
    """An action in words; one that has none as it is written."""
    return str(ACTIONS.get(action, action))


def _names(rows: list[AuditRow]) -> dict[str, str]:
    ids = {id_from(row.actor.removeprefix(PERSON)) for row in rows if row.actor.startswith(PERSON)}
    return {f"{PERSON}{pk}": str(person) for pk, person in _people(ids).items()}


def _people(ids: set[UUID]) -> dict[UUID, Person]:
    return Person.objects.in_bulk(list(ids))


def _nobody(actor: str) -> str:
    return gettext("Somebody who was forgotten") if actor.startswith(PERSON) else gettext("The platform")


def _told(row: AuditRow) -> list[tuple[str, str]]:
    """What people wrote and counted there, each value in short; ids and hashes are for machines."""
    text: AuditText | None = getattr(row, "text", None)
    after: dict[str, Any] = json.loads(text.after) if text and text.after else {}
    told = ((str(label), _short(after[name])) for name, label in DETAILS.items() if after.get(name) is not None)
    return [(label, said) for label, said in told if said]


def _short(value: Any) -> str:
    if isinstance(value, dict) and value.keys() == {"ko", "en"}:
        return words.say(Text.of(value))
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return written if len(written) <= SHORT else f"{written[:SHORT]}…"
