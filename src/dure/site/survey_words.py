"""Words of surveys as people read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SORTS: dict[str, Promise] = {
    "scale": _("Scale of five"), "single": _("One choice"), "multiple": _("Several choices"), "number": _("A number"),
    "text": _("Free text"),
}  # fmt: skip
STATES: dict[str, Promise] = {"draft": _("Draft"), "open": _("Open"), "closed": _("Closed")}
PROMISES: dict[str, Promise] = {"anonymous": _("Anonymous"), "named": _("With names")}
REACHES: dict[str, Promise] = {
    "asked": _("Only those who are asked"), "members": _("And members of the organisation who have the link"),
    "anybody": _("And anybody with an account who has the link"),
}  # fmt: skip
STANDINGS: dict[str, Promise] = {
    "": _("Whoever is or was there"), "open": _("Stage is open for them"), "handed-in": _("Have handed it in"),
    "passed": _("Came through"), "out": _("Did not come through"),
}  # fmt: skip
