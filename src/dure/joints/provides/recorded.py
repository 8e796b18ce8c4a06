"""The recorded provision: a row that a person confirms as put at disposal."""

from collections.abc import Sequence

from django.db import transaction

from dure.audit.operations import record
from dure.core.errors import Forbidden, Refused
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import PROVIDED_MOVES, Provided, ProvidedState
from dure.programmes.operations.seating import holds_credential
from dure.programmes.queries.members import members_of
from dure.store.models import move


class RecordedProvision:
    """Waits for the party that provides."""

    def open(self, provided: Sequence[Provided]) -> None:
        """They wait for somebody to confirm them."""

    def close(self, provided: Sequence[Provided]) -> None:
        """The engine closes the rows; outside Dure nothing happens by itself."""


@transaction.atomic
def confirm_provided(provided: Provided, *, by: Person) -> Provided:
    """The party (or an operator) says that it is there. Refused while a user lacks the credential it asks for."""
    provision = blueprint_of(provided.programme).stage(provided.stage).provides[provided.index]
    if not (rules.operates(by, provided.programme) or rules.stands_for(by, provided.programme, provision.party)):
        raise Forbidden("provide.not-yours", Text(ko="제공을 확인할 권한이 없습니다.", en="You may not confirm this."))
    if provision.holds and provided.turn:
        people = [member.person for member in members_of([provided.turn]) if member.person]
        lacking = [str(person) for person in people if not holds_credential(person, provision.holds)]
        if lacking:
            sentence = Text(ko="‘{name}’ 자격이 없습니다: {who}", en="Without the credential “{name}”: {who}")
            raise Refused("provide.credential", sentence.format(name=provision.holds, who=", ".join(lacking)))
    move(provided, ProvidedState.OPEN, by=PROVIDED_MOVES, done_by=by)
    told = {"turn": provided.turn_id, "type": provided.type, "amount": provided.amount, "unit": provided.unit}
    record("provision.confirmed", provided, after=told, actor=by)
    return provided
