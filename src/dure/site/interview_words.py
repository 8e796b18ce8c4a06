"""Words of interviews as people read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATES: dict[str, Promise] = {
    "waiting": _("Points are to come"), "apart": _("To be talked about"), "scored": _("Points are decided"),
    "absent": _("Did not come"), "released": _("Result released"),
}  # fmt: skip
SCORINGS: dict[str, Promise] = {
    "draft": _("To be scored"), "sent": _("Points sent"), "excused": _("Stepped aside"),
}  # fmt: skip
SHOWS: dict[str, Promise] = {
    "verdict": _("Passed or not"), "score": _("And the score"),
    "reasons": _("And each criterion, with the interviewers' reasons"),
}  # fmt: skip
