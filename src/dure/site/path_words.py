"""Words of paths and revision tasks as people read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WHYS: dict[str, Promise] = {
    "untaught": _("Nothing in the catalogue leads up to there yet."),
    "closed": _("What teaches it is full, or not held before your last day."),
    "time": _("There are too few hours until your last day. Give more hours a week, or a later day."),
}  # fmt: skip
REVISION_STATES: dict[str, Promise] = {
    "open": _("To be answered"), "answered": _("Being worked on"), "closed": _("Closed"),
}  # fmt: skip
CLOSINGS: dict[str, Promise] = {
    "taught": _("It is taught now"), "declined": _("Will not be taught here"),
}  # fmt: skip
