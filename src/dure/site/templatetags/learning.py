"""How templates speak of learning."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from dure.learning.records import plain as plain_of
from dure.site import learning_words as labels

register = template.Library()


@register.filter
def learning_label(value: str, kind: str) -> str:
    """The word for a kind or state: ``{{ item.kind|learning_label:"ITEM_KINDS" }}``."""
    return str(getattr(labels, kind).get(value, value))


@register.filter
def minutes(value: int | None) -> str:
    return labels.time_of(value)


@register.filter
def tongue(locale: str) -> str:
    return labels.language(locale)


@register.filter
def plain(html: str) -> str:
    """A summary as text."""
    return " ".join(plain_of(html).split())


@register.filter
def sanitised(html: str) -> SafeString:
    """HTML that was sanitised when it was kept."""
    return mark_safe(html)  # noqa: S308 -- nh3 cleaned it before it became a row (records.sanitised)
