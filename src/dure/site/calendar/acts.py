"""What happened on the calendar, as the log tells it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CALENDAR: dict[str, Promise] = {
    "series.opened": _("Opened a series"), "series.changed": _("Changed a series"),
    "series.entered": _("Added somebody to a series"), "series.left": _("Took somebody off a series"),
    "session.planned": _("Planned sessions"), "session.changed": _("Changed sessions"),
    "session.cancelled": _("Cancelled sessions"), "session.opened": _("Opened signing in"),
    "session.closed": _("Ended a session"), "attendance.signed": _("Signed in to a session"),
    "attendance.marked": _("Marked attendance"), "excuse.asked": _("Asked for an excuse"),
    "excuse.withdrawn": _("Took a request for an excuse back"), "excuse.decided": _("Decided on an excuse"),
    "slot.published": _("Offered slots"), "slot.booked": _("Booked a slot"), "slot.released": _("Released a slot"),
    "slot.withdrawn": _("Withdrew a slot"), "feed.issued": _("Made a calendar address"),
    "feed.revoked": _("Revoked a calendar address"),
}  # fmt: skip
