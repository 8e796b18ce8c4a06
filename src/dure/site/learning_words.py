"""Words of learning as people read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from dure.site.figures import number

ITEM_KINDS: dict[str, Promise] = {
    "course": _("Course"), "module": _("Module"), "path": _("Learning path"), "lab": _("Lab"),
    "outside": _("Elsewhere"),
}  # fmt: skip
SOURCES: dict[str, Promise] = {
    "own": _("Written here"), "file": _("Catalogue files"), "platform": _("Live catalogue"),
}  # fmt: skip
FACETS: dict[str, Promise] = {
    "kinds": _("Sort of item"), "levels": _("Level"), "roles": _("Audience"), "skills": _("Skill"),
    "hours": _("Duration"), "products": _("Product"), "subjects": _("Topic"), "providers": _("Provider"),
}  # fmt: skip
HOURS: dict[str, Promise] = {
    "1": _("under 1 hour"), "4": _("1 to 4 hours"), "20": _("4 to 20 hours"), "more": _("20 hours and more"),
}  # fmt: skip
IMPORT_STATES: dict[str, Promise] = {"waiting": _("Working"), "done": _("Done"), "refused": _("Refused")}
FORMATS: dict[str, Promise] = {
    "catalogue": _("Catalogue file"), "table": _("Spreadsheet"), "platform": _("Live catalogue"),
}  # fmt: skip
LANGUAGES: dict[str, Promise] = {
    "ko": _("Korean"), "en": _("English"), "ja": _("Japanese"), "zh": _("Chinese"), "de": _("German"),
    "fr": _("French"), "es": _("Spanish"),
}  # fmt: skip


def language(locale: str) -> str:
    """What a language is called in the visitor's."""
    return str(LANGUAGES.get(locale, locale))


def time_of(minutes: int | None) -> str:
    """35 min; 2 h 10 min; 96 h."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(n)s min", "%(n)s min", rest) % {"n": rest}
    if not rest:
        return ngettext("%(n)s h", "%(n)s h", hours) % {"n": number(hours)}
    return gettext("%(hours)s h %(minutes)s min") % {"hours": number(hours), "minutes": rest}


COURSE_STATES: dict[str, Promise] = {"draft": _("Draft"), "open": _("Open"), "archived": _("Archived")}
MODES: dict[str, Promise] = {
    "online": _("Online"), "offline": _("In person"), "blended": _("Online and in person"),
}  # fmt: skip
LESSON_KINDS: dict[str, Promise] = {
    "page": _("Reading"), "quiz": _("Quiz"), "outside": _("Learnt elsewhere"), "session": _("Class session"),
    "assignment": _("Course assignment"),
}  # fmt: skip
ENROLMENT_STATES: dict[str, Promise] = {
    "waiting": _("On the waiting list"), "active": _("Taking it"), "finished": _("Finished"),
    "withdrawn": _("Left the course"),
}  # fmt: skip
DUTIES: dict[str, Promise] = {"instructor": _("Instructor"), "mentor": _("Mentor")}
GROUPS: dict[str, Promise] = {
    "all": _("All of them"), "active": _("Those who are learning"), "finished": _("Those who have finished"),
    "waiting": _("Those who wait"),
}  # fmt: skip
EVIDENCE: dict[str, Promise] = {
    "completion": _("Completion"), "attendance": _("Attendance"), "grade": _("Grade"), "credits": _("Credits"),
    "hours": _("Hours"),
}  # fmt: skip
ASSIGNMENT_STATES: dict[str, Promise] = {"draft": _("Draft"), "open": _("Open")}
SCHEMES: dict[str, Promise] = {"scale": _("Counts towards the grade"), "pass": _("Passed or not")}
WORK_STANDINGS: dict[str, Promise] = {
    "marking": _("Being marked"), "apart": _("Graders differ"), "draft": _("Graders agree"),
    "moderated": _("Mark confirmed"), "released": _("Mark released"), "regrade": _("Regrade asked for"),
}  # fmt: skip
MARKING_STATES: dict[str, Promise] = {"draft": _("Left to mark"), "sent": _("Marks sent")}
REGRADE_STATES: dict[str, Promise] = {
    "waiting": _("Waits for an answer"), "upheld": _("Upheld"), "rejected": _("Not upheld"),
}  # fmt: skip
