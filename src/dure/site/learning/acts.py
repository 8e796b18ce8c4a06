"""What happened in learning, as the log tells it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LEARNING: dict[str, Promise] = {
    "provider.opened": _("Opened a provider"), "provider.described": _("Changed a provider"),
    "provider.curator-appointed": _("Made somebody a curator"), "provider.curator-dismissed": _("Took a curator off"),
    "provider.connected": _("Connected a live catalogue"), "provider.disconnected": _("Disconnected a live catalogue"),
    "catalogue.sent": _("Sent a catalogue"), "catalogue.checked": _("Checked a catalogue"),
    "catalogue.imported": _("Brought a catalogue in"), "catalogue.refused": _("Refused a catalogue"),
    "item.written": _("Wrote a learning item"), "item.edited": _("Changed a learning item"),
    "item.adapted": _("Reworked a learning item"), "item.skills-set": _("Said which skills an item teaches"),
    "item.retired": _("Retired a learning item"), "item.listed": _("Listed a learning item again"),
}  # fmt: skip
