"""How templates speak of surveys."""

from django import template

from dure.site import survey_words as labels

register = template.Library()


@register.filter
def survey_label(value: str, kind: str) -> str:
    """The word for a sort or state: ``{{ survey.state|survey_label:"STATES" }}``."""
    return str(getattr(labels, kind).get(str(value), value))
