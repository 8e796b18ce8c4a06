"""What can be done with many participants at once, as its buttons say it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dure.joints.bulk import GIVES, INVITE, NO, REVIEWERS, YES, acts_of
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme
from dure.programmes.queries.cohort import Group

ANNOUNCE = "announce"
LABELS: dict[str, Promise] = {
    YES: _("Say yes"), NO: _("Say no"), INVITE: _("Invite"), REVIEWERS: _("Assign reviewers"),
    GIVES: _("Confirm gives"), ANNOUNCE: _("Write to them"),
}  # fmt: skip


@dataclass(frozen=True)
class Button:
    """Something to do with a group: its name and what its button says."""

    name: str

    @property
    def label(self) -> str:
        return str(LABELS[self.name])


def acts_at(programme: Programme, group: Group) -> list[Button]:
    """What fits the group: without a stage one can only write to them."""
    names = acts_of(blueprint_of(programme).stage(group.stage)) if group.stage else []
    return [Button(name) for name in [*names, ANNOUNCE]]
