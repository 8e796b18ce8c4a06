"""How templates speak of tests."""

from decimal import Decimal

from django import template

from dure.site import assessment_words as labels

register = template.Library()


@register.filter
def assessment_label(value: str, kind: str) -> str:
    """The word for a kind or state: ``{{ exam.state|assessment_label:"EXAM_STATES" }}``."""
    return str(getattr(labels, kind).get(str(value), value))


@register.filter
def figure(value: float | None) -> str:
    """A coefficient with two decimals; a dash where there is none."""
    return "–" if value is None else f"{value:.2f}"


@register.filter
def grammatical(points: Decimal) -> int:
    """The number whose grammar an amount takes: one for exactly one, else several."""
    return 1 if points == 1 else 2
