"""How templates speak of interviews."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template

from dure.site import interview_words as labels

register = template.Library()


@register.filter
def interview_label(value: str, kind: str) -> str:
    """The word for a state: ``{{ row.state|interview_label:"STATES" }}``."""
    return str(getattr(labels, kind).get(str(value), value))


@register.filter
def clock_at(at: datetime, zone: str) -> str:
    """The time of day where the interview is held."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"
