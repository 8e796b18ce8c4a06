"""Words of the calendar as people read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MARKS: dict[str, Promise] = {
    "present": _("Present"), "late": _("Came late"), "left-early": _("Left early"), "absent": _("Absent"),
    "excused": _("Excused"),
}  # fmt: skip
SESSION_STATES: dict[str, Promise] = {
    "planned": _("Planned"), "open": _("Signing in"), "closed": _("Over"), "cancelled": _("Cancelled"),
    "booked": _("Booked"), "released": _("Cancelled"),
}  # fmt: skip
EXCUSE_STATES: dict[str, Promise] = {
    "asked": _("Waiting for a decision"), "approved": _("Approved"), "refused": _("Not approved"),
    "withdrawn": _("Request taken back"),
}  # fmt: skip
SLOT_STATES: dict[str, Promise] = {"open": _("Free"), "booked": _("Booked"), "withdrawn": _("Offered no longer")}
ROLES: dict[str, Promise] = {"attendee": _("Attendee"), "teacher": _("Teacher")}
SOURCES: dict[str, Promise] = {
    "code": _("By code"), "teacher": _("By the teacher"), "table": _("By spreadsheet"),
    "excuse": _("By an excuse"), "close": _("No mark at the end"),
}  # fmt: skip
WEEKDAYS: dict[str, Promise] = {
    "0": _("Mon"), "1": _("Tue"), "2": _("Wed"), "3": _("Thu"), "4": _("Fri"), "5": _("Sat"), "6": _("Sun"),
}  # fmt: skip
