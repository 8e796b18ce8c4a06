"""What the engine does to a set of rows, in the log: one row for the set, however large it is."""

from collections.abc import Sequence
from itertools import chain
from uuid import UUID

from django.db.models import Model

from dure.audit.operations import record
from dure.programmes.models import Programme


def record_set(action: str, programme: Programme, sort: type[Model], stage: str, **became: Sequence[UUID]) -> None:
    """Write down which rows of ``sort``, at a stage, became what; nothing where there are none.

    Their ids stand in the text of the one row: a row each would make a hundred thousand verdicts wait for the log.
    What was done to one alone is told of that one, in whose history people look for it.
    """
    told = {how: listed(ids) for how, ids in became.items() if ids}
    every = list(chain.from_iterable(told.values()))
    if every:
        alone = (sort._meta.label_lower, every[0]) if len(every) == 1 else programme
        record(action, alone, after={"programme": programme.slug, "stage": stage, **told})


def listed(ids: Sequence[UUID]) -> list[str]:
    """Ids as text, which JSON writes ten times as fast."""
    return [str(pk) for pk in ids]
