"""What money was set aside for, as people read it: its programme, its name and its stage in their language."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from dure.funding.models import Commitment
from dure.joints.paying import gives_paid_by
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Given
from dure.site import words


@dataclass(frozen=True)
class Purpose:
    """``what``: the money and the stage that gives it; money set aside by hand has no ``programme``."""

    what: str
    programme: str = ""
    slug: str = ""

    def __str__(self) -> str:
        return f"{self.programme} · {self.what}" if self.programme else self.what


def purposes_of(commitments: Collection[Commitment]) -> dict[UUID, Purpose]:
    """By commitment, in one query."""
    gives = gives_paid_by(commitments)
    return {one.pk: _purpose(one, gives.get(one.pk)) for one in commitments}


def _purpose(commitment: Commitment, given: Given | None) -> Purpose:
    if given is None:
        return Purpose(commitment.what)
    blueprint, programme = blueprint_of(given.programme), given.programme
    what = " · ".join(words.word(blueprint, name) for name in (given.name, given.stage))
    return Purpose(what, words.say(programme.title), programme.slug)
