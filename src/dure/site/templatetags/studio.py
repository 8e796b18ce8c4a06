"""Single fields of a blueprint's forms: a page has dozens, and a template takes several times as long for each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from dure.core.text import Text
from dure.site import words
from dure.site.drawing import drawn
from dure.site.templatetags.dure import options

register = template.Library()
_NEEDED = mark_safe(' <span class="muted" aria-hidden="true">*</span>')
_FIELD = '<div class="field{}"><label for="{}">{} <code>{}</code>{}</label>{}</div>'
_LINE = '<input id="{}" name="{}{}" value="{}"{} autocomplete="off">{}'
_CHOICE = '<select id="{}" name="v{}"><option value=""></option>{}</select>'
_LINES = '<textarea id="{}" name="l{}" rows="{}" placeholder="{}">{}</textarea>'
_SOURCE = (
    '<textarea id="{0}" class="yaml" name="y{1}" rows="{2}" spellcheck="false" aria-describedby="{0}-help">{3}'
    '</textarea><span id="{0}-help" class="help">{4}</span>'
)


class Single(Protocol):
    """What a field of the studio is that is one input."""

    id: str
    name: str
    letter: str
    sort: str
    key: str
    label: Text
    value: str
    needed: bool
    height: int
    offers: Sequence[tuple[str, Text]]


@register.simple_tag
def single(field: Single) -> SafeString:
    """One input with its label."""
    needed, whole = _NEEDED if field.needed else "", " whole" if field.sort == "source" else ""
    return drawn(_FIELD, whole, field.id, words.say(field.label), field.key, needed, _DRAWN[field.sort](field))


@register.simple_tag
def offers(field: Single) -> SafeString:
    """What could be written in a field, for its input to suggest."""
    if not field.offers:
        return SafeString()
    return drawn('<datalist id="{}-list">{}</datalist>', field.id, _options(field, chosen=""))


def _line(field: Single) -> SafeString:
    suggests = drawn(' list="{}-list"', field.id) if field.offers else ""
    return drawn(_LINE, field.id, field.letter, field.name, field.value, suggests, offers(field))


def _choice(field: Single) -> SafeString:
    return drawn(_CHOICE, field.id, field.name, _options(field, chosen=field.value))


def _lines(field: Single) -> SafeString:
    return drawn(_LINES, field.id, field.name, field.height, gettext("One a line"), field.value)


def _source(field: Single) -> SafeString:
    said = gettext("This part is shown as YAML: it is written in a way that has no fields.")
    return drawn(_SOURCE, field.id, field.name, field.height, field.value, said)


def _options(field: Single, *, chosen: str) -> SafeString:
    return options(((one, words.say(said)) for one, said in field.offers), chosen)


_DRAWN: Mapping[str, Callable[[Single], SafeString]] = {
    "line": _line, "choice": _choice, "lines": _lines, "source": _source,
}  # fmt: skip
