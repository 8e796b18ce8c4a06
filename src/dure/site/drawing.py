"""How parts of forms are drawn."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.forms.widgets import Select
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Option = Mapping[str, Any]
NOTHING = "---------"  # Django's own word for no choice yet


class FormRenderer(DjangoTemplates):
    """Django's own, but for lists to choose from: of those it draws every choice with two templates, and some have
    more than a hundred choices."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name == Select.template_name:
            return _list(context["widget"])
        return super().render(template_name, context, request)


def _list(widget: Mapping[str, Any]) -> SafeString:
    empty = _("Choose …") if widget["required"] else "–"
    groups = [(_group(name, options, empty),) for name, options, _index in widget["optgroups"]]
    attributes = flatatt(widget["attrs"])
    return format_html(
        '<select name="{}"{}>{}</select>', widget["name"], attributes, format_html_join("", "{}", groups)
    )


def _group(name: str | None, options: Iterable[Option], empty: str) -> SafeString:
    told = (
        (option["value"], flatatt(option["attrs"]), empty if option["label"] == NOTHING else option["label"])
        for option in options
    )
    drawn = format_html_join("\n", '<option value="{}"{}>{}</option>', told)
    return format_html('<optgroup label="{}">{}</optgroup>', name, drawn) if name else drawn
