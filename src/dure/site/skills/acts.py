"""What happened to skills, as the log tells it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SKILLS: dict[str, Promise] = {
    "taxonomy.imported": _("Brought a taxonomy in"),
    "skill.claimed": _("Said how well they do something"), "skill.unclaimed": _("Took back what they said of a skill"),
    "role.chosen": _("Chose their job role"), "role.left": _("Gave their job role up"),
    "plan.made": _("Made a skills plan"), "plan.seats-set": _("Set the seats of a skills plan"),
    "plan.ended": _("Ended a skills plan"),
}  # fmt: skip
