"""What happened in tests, as the log tells it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ASSESSMENTS: dict[str, Promise] = {
    "survey.made": _("Wrote a survey"), "survey.changed": _("Changed a survey"), "survey.opened": _("Opened a survey"),
    "survey.asked": _("Asked people to answer a survey"), "survey.extended": _("Moved a survey's end"),
    "survey.reminded": _("Reminded people of a survey"), "survey.closed": _("Closed a survey"),
    "survey.read": _("Took the results of a survey out"),
    "bank.opened": _("Opened a question bank"), "bank.examiner-appointed": _("Made somebody an examiner"),
    "bank.examiner-dismissed": _("Took an examiner off"), "bank.table-taken": _("Brought questions in"),
    "bank.read": _("Took a bank's questions out"), "bank.picture-added": _("Added a picture to a bank"),
    "question.written": _("Wrote a question"), "question.edited": _("Changed a question"),
    "question.retired": _("Retired a question"), "question.restored": _("Put a question back"),
    "paper.made": _("Made a paper"), "paper.changed": _("Changed a paper"),
    "exam.planned": _("Planned an exam"), "exam.changed": _("Changed an exam"), "exam.opened": _("Opened an exam"),
    "exam.archived": _("Archived an exam"), "exam.admitted": _("Admitted people to an exam"),
    "exam.released": _("Released results"), "exam.read": _("Took the results of an exam out"),
    "candidate.time-given": _("Gave a candidate their own time"), "attempt.begun": _("Began an exam"),
    "attempt.handed-in": _("Handed an exam in"), "attempt.marked": _("Marked an exam"),
    "attempt.released": _("Released a result"), "attempt.incident-noted": _("Noted something during an exam"),
    "attempt.voided": _("Took an attempt out"), "appeal.made": _("Appealed against a question"),
    "appeal.answered": _("Answered an appeal"), "remarking.proposed": _("Proposed to mark a question again"),
    "remarking.applied": _("Marked a question again"), "remarking.discarded": _("Discarded a proposal to mark again"),
}  # fmt: skip
