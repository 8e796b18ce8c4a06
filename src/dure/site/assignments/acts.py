"""What happened to assignments, as the log tells it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ASSIGNMENTS: dict[str, Promise] = {
    "assignment.made": _("Made an assignment"), "assignment.changed": _("Changed an assignment"),
    "assignment.opened": _("Opened an assignment"), "assignment.rubric": _("Changed an assignment's rubric"),
    "assignment.graders": _("Chose an assignment's graders"), "assignment.groups": _("Formed groups"),
    "cohort.scale": _("Changed a cohort's grade scale"),
    "work.attached": _("Added a file to an assignment"), "work.detached": _("Took a file from an assignment"),
    "work.handed-in": _("Handed an assignment in"), "work.extended": _("Gave more time for an assignment"),
    "marking.sent": _("Sent marks"), "marking.taken-back": _("Took marks back"),
    "marking.third": _("Asked a third grader"),
    "note.written": _("Wrote a note on a hand-in"), "note.answered": _("Answered a note on a hand-in"),
    "note.struck": _("Took a note back"),
    "mark.settled": _("Decided a mark"), "mark.unsettled": _("Took a decided mark back"),
    "mark.moderated": _("Confirmed a mark"), "mark.released": _("Released marks"),
    "mark.corrected": _("Corrected a released mark"), "marks.read": _("Took marks out"),
    "regrade.asked": _("Asked for a regrade"), "regrade.answered": _("Answered a request for a regrade"),
}  # fmt: skip
