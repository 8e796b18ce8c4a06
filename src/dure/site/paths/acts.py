"""What happened to learning paths and revision tasks, as the log tells it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PATHS: dict[str, Promise] = {
    "path.opened": _("Planned a learning path"), "path.changed": _("Changed the pace of a learning path"),
    "path.left": _("Gave a learning path up"), "path.item-left-out": _("Left an item out of a learning path"),
    "path.item-let-in": _("Let an item into a learning path again"),
    "item.said-done": _("Said that they have done an item"),
    "item.said-undone": _("Took back that they have done an item"),
    "revision.opened": _("Asked a provider to teach a skill"), "revision.answered": _("Answered a revision task"),
    "revision.closed": _("Closed a revision task"),
}  # fmt: skip
