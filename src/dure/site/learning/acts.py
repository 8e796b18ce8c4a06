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
    "course.made": _("Made a course"), "course.described": _("Changed a course"), "course.opened": _("Opened a course"),
    "course.archived": _("Archived a course"), "course.ordered": _("Put lessons in order"),
    "lesson.written": _("Wrote a lesson"), "lesson.edited": _("Changed a lesson"),
    "lesson.retired": _("Took a lesson out"), "lesson.attached": _("Laid a file beside a lesson"),
    "lesson.detached": _("Took a file from a lesson"), "lesson.answered": _("Answered a quiz"),
    "lesson.done": _("Did a lesson"), "lesson.proven": _("Proved a lesson"),
    "lesson.unproven": _("Took a lesson's proof back"),
    "cohort.planned": _("Planned a cohort"), "cohort.changed": _("Changed a cohort"),
    "cohort.seated": _("Let somebody teach a cohort"), "cohort.unseated": _("Took a teacher off a cohort"),
    "cohort.lessons-held": _("Said which sessions hold which lessons"),
    "cohort.written-to": _("Told a cohort something"),
    "enrolment.made": _("Entered a course"), "enrolment.changed": _("Changed somebody in a course"),
    "enrolment.withdrawn": _("Left a course"), "enrolment.moved-up": _("Moved up from the waiting list"),
    "enrolment.extended": _("Gave somebody more time"), "enrolment.noted": _("Noted attendance or grade"),
    "enrolment.finished": _("Finished a course"), "roster.taken": _("Brought a roster in"),
    "roster.read": _("Took a roster out"), "report.taken": _("Took a learning report out"),
}  # fmt: skip
