"""What happened in interviews, as the log tells it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

INTERVIEWS: dict[str, Promise] = {
    "interview.planned": _("Planned an interview"), "interview.changed": _("Changed an interview"),
    "interview.opened": _("Opened an interview"), "interview.archived": _("Archived an interview"),
    "interview.interviewer-appointed": _("Made somebody an interviewer"),
    "interview.interviewer-dismissed": _("Took an interviewer off"),
    "interview.admitted": _("Asked people to an interview"), "interview.released": _("Released results of interviews"),
    "interview.read": _("Took the results of an interview out"), "scoring.sent": _("Sent points of an interview"),
    "scoring.taken-back": _("Took points of an interview back"),
    "scoring.excused": _("Declared a conflict of interest"),
    "interviewee.absent": _("Noted that somebody did not come"),
    "interviewee.expected-again": _("Let somebody choose another time"),
    "interviewee.interviewer-asked": _("Asked one more interviewer"),
    "interviewee.settled": _("Decided the points of an interview"),
    "interviewee.released": _("Released the result of an interview"),
    "interviewee.meets-again": _("Asked somebody to another interview"),
    "interviewee.reopened": _("Opened the result of an interview again"),
}  # fmt: skip
