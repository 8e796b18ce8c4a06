"""How templates speak of learning paths and revision tasks."""

from django import template

from dure.learning.models import Item, ItemText
from dure.learning.queries.catalogue import best_text
from dure.site import path_words as labels
from dure.site import words

register = template.Library()


@register.filter
def path_label(value: str, kind: str) -> str:
    """The word for a reason or a state: ``{{ lack.why|path_label:"WHYS" }}``."""
    return str(getattr(labels, kind).get(value, value))


@register.filter
def own_text(item: Item) -> ItemText:
    """What an item is called in the visitor's language, or the nearest."""
    return best_text(list(item.texts.all()), words.language())
