"""How templates speak of degrees."""

from decimal import Decimal

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dure.learning.models import Candidacy
from dure.learning.requirements import read_requirement
from dure.match.audits import Left, Line
from dure.match.audits.sayings import WHY, said, written
from dure.site import words

register = template.Library()
STATES: dict[str, Promise] = {
    "": _("All"), "ready": _("Can graduate"), "studying": _("On the way"), "proposed": _("Proposed for award"),
    "awarded": _("Degree awarded"), "revoked": _("Degree taken back"), "left": _("Left the degree"),
}  # fmt: skip
TAGS = {"studying": "running", "proposed": "waiting", "awarded": "done", "revoked": "bad", "left": "closed"}
DUTIES: dict[str, Promise] = {"registrar": _("Registrar"), "committee": _("Awarding committee")}


@register.filter
def degree_state(value: str) -> str:
    return str(STATES.get(value, value))


@register.filter
def degree_tag(value: str) -> str:
    """The colour of a state."""
    return TAGS.get(value, "")


@register.filter
def degree_duty(value: str) -> str:
    return str(DUTIES.get(value, value))


@register.filter
def exact(amount: Decimal) -> str:
    """Without zeros that say nothing."""
    return written(amount)


@register.filter
def line_said(line: Line) -> str:
    """A condition of an audit as a sentence."""
    return words.say(said(line))


@register.filter
def left_why(left: Left) -> str:
    return words.say(WHY[left.why])


@register.filter
def track_of(candidacy: Candidacy) -> str:
    """What somebody's track is called; empty where there are none."""
    tracks = read_requirement(candidacy.version.source, home=candidacy.degree.organisation.short).tracks
    return next((words.say(track.title) for track in tracks if track.key == candidacy.track), "")
