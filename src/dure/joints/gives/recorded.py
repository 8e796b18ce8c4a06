"""The recorded give: a row that a person confirms as done."""

from collections.abc import Sequence

from django.db import transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.models import GIVEN_MOVES, Given, GivenState, Programme
from dure.store.models import move


class RecordedGive:
    """Leaves the rows due."""

    def check(self, programme: Programme, gives: Sequence[Given]) -> None:
        """Nothing stands in the way of writing down what is due."""

    def give(self, programme: Programme, gives: Sequence[Given]) -> None:
        """They wait for somebody to confirm them."""


@transaction.atomic
def confirm(given: Given, *, by: Person, note: str = "") -> Given:
    """Somebody who may says that it was done."""
    _may(given, by)
    _check_by_hand(given)
    details = {**given.details, "note": note} if note else given.details
    before = given.state
    move(given, GivenState.DONE, by=GIVEN_MOVES, done_by=by, done_at=clock.now(), details=details)
    record("give.confirmed", given, before={"state": before}, after={**_told(given), "note": note}, actor=by)
    return given


@transaction.atomic
def revoke(given: Given, *, by: Person, reason: str) -> Given:
    """Take a give back, with a reason; it counts no more."""
    _may(given, by)
    _check_by_hand(given)
    details = {**given.details, "revoked": reason, "revoked_by": str(by.pk)}
    before = given.state
    move(given, GivenState.REVOKED, by=GIVEN_MOVES, details=details)
    record("give.revoked", given, before={"state": before}, after={**_told(given), "reason": reason}, actor=by)
    return given


def _check_by_hand(given: Given) -> None:
    """What an issuer signs or a fund pays is done, and taken back, there."""
    if given.via == "credential":
        sentence = Text(
            ko="발급 기관이 서명해 발급하는 자격입니다. 승인·취소는 발급 기관의 ‘자격 발급’에서 하세요.",
            en="An issuer signs this credential: approve or revoke it among the credentials of that organisation.",
        )
        raise Refused("give.issued", sentence)
    if given.via == "fund" and given.state == GivenState.DUE:
        sentence = Text(
            ko="기금에서 지급하는 돈입니다. ‘상금·지원금’에서 승인하고 지급 완료로 기록하거나 지급을 취소하세요.",
            en="A fund pays this money: approve it and note it as paid, or cancel its payment, under Money.",
        )
        raise Refused("give.of-a-fund", sentence)


def _told(given: Given) -> dict[str, object]:
    told = {"state": given.state, "kind": given.kind, "name": given.name, "amount": given.amount}
    return {**told, "turn": given.turn_id, "receiver": given.receiver}


def _may(given: Given, by: Person) -> None:
    if not rules.operates(by, given.programme):
        sentence = Text(ko="운영자만 지급·발급을 확인할 수 있습니다.", en="Only an operator confirms what was given.")
        raise Forbidden("give.not-yours", sentence)
