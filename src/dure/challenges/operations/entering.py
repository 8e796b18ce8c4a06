"""Who takes part in a task."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.challenges.models import Entrant, EntrantMember, Task
from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.models import Person


def enter(
    task: Task,
    *,
    persons: Iterable[Person],
    title: str = "",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Entrant:
    """A person or a team enters the task; a window of its own lies within the round's."""
    members = list(persons)
    if not members:
        raise Refused("challenges.nobody", Text(ko="참가자가 없습니다.", en="Nobody was named to take part."))
    shown = title or ", ".join(str(person) for person in members)
    try:
        with transaction.atomic():
            entrant = Entrant.objects.create(task=task, title=shown[:120], opens_at=opens_at, closes_at=closes_at)
            EntrantMember.objects.bulk_create([EntrantMember(entrant=entrant, task=task, person=p) for p in members])
            record("entrant.entered", entrant, after={"task": task.pk, "persons": [person.pk for person in members]})
    except IntegrityError:
        sentence = Text(
            ko="이미 이 과제에 참가한 사람이 있습니다. 한 과제에는 한 번만 참가할 수 있습니다.",
            en="Somebody of them takes part in this task already. One can enter a task once.",
        )
        raise Refused("challenges.entered", sentence) from None
    return entrant


def set_entrant_window(entrant: Entrant, *, opens_at: datetime | None, closes_at: datetime | None) -> Entrant:
    """Give an entrant another window of its own. The log has it where it was moved: this only follows."""
    if (entrant.opens_at, entrant.closes_at) != (opens_at, closes_at):
        entrant.opens_at, entrant.closes_at = opens_at, closes_at
        entrant.save(update_fields=["opens_at", "closes_at"])
    return entrant
