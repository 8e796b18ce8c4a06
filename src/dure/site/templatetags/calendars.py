"""How templates speak of the calendar."""

from fractions import Fraction

from django import template

from dure.calendar.models import Mark
from dure.calendar.queries import Rate
from dure.site.calendar import labels

register = template.Library()


@register.filter
def calendar_label(value: str, kind: str) -> str:
    """The word for a state or mark: ``{{ row.mark|calendar_label:"MARKS" }}``."""
    return str(getattr(labels, kind).get(value, value))


@register.filter
def share(rate: Fraction) -> str:
    """A rate in per cent, rounded down: nobody reads 80 % who has less."""
    return f"{int(rate * 100)}%"


@register.filter
def marked(rate: Rate | None, mark: str) -> int:
    """How often somebody got a mark."""
    return rate.of(Mark(mark)) if rate else 0
