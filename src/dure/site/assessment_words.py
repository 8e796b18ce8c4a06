"""Words of tests as people read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Promise] = {
    "single": _("One choice"), "multiple": _("Several choices"), "numeric": _("A number"), "short": _("Short answer"),
    "ordering": _("Put in order"), "code": _("Program"),
}  # fmt: skip
EXAM_STATES: dict[str, Promise] = {"draft": _("Draft"), "open": _("Open"), "archived": _("Archived")}
ATTEMPT_STATES: dict[str, Promise] = {
    "running": _("In the exam"), "sent": _("Being marked"), "marked": _("Marked"), "released": _("Result released"),
    "void": _("Does not count"),
}  # fmt: skip
REVIEWS: dict[str, Promise] = {
    "score": _("The score alone"), "marks": _("Their answers and the mark of each"),
    "answers": _("And what is right, once the exam is over"),
}  # fmt: skip
APPEAL_STATES: dict[str, Promise] = {
    "waiting": _("Waits for an answer"), "upheld": _("Upheld"), "rejected": _("Not upheld"),
}  # fmt: skip
REMEDIES: dict[str, Promise] = {
    "drop": _("The question counts no more, for anybody"), "credit": _("Everybody gets its points"),
    "correct": _("Mark the answers by what the question says now"),
}  # fmt: skip
REMARKING_STATES: dict[str, Promise] = {
    "proposed": _("Proposed"), "applied": _("Applied"), "discarded": _("Discarded"),
}  # fmt: skip
DIFFICULTIES: dict[str, Promise] = {
    "1": _("1 very easy"), "2": _("2 easy"), "3": _("3 medium"), "4": _("4 hard"), "5": _("5 very hard"),
}  # fmt: skip
