"""How parts of forms are drawn."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import widgets
from django.forms.renderers import DjangoTemplates
from django.forms.utils import ErrorList, flatatt
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Option = Mapping[str, Any]
NOTHING = "---------"  # Django's own word for no choice yet
INPUTS = frozenset(
    one.template_name
    for one in (
        widgets.TextInput, widgets.NumberInput, widgets.EmailInput, widgets.URLInput, widgets.PasswordInput,
        widgets.HiddenInput, widgets.DateInput, widgets.DateTimeInput, widgets.TimeInput, widgets.CheckboxInput,
    )
)  # fmt: skip


class FormRenderer(DjangoTemplates):
    """Django's own, but for what forms are full of: each choice of a list, each input and each absence of errors would
    take two templates or three."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name == widgets.Select.template_name:
            return _list(context["widget"])
        if template_name in INPUTS:
            return _input(context["widget"])
        if template_name == ErrorList.template_name and not context["errors"]:
            return ""
        return super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = () if widget["value"] is None else (("value", widget["value"]),)
    attributes = {"type": widget["type"], "name": widget["name"], **dict(value), **widget["attrs"]}
    return format_html("<input{}>", flatatt(attributes))


def _list(widget: Mapping[str, Any]) -> SafeString:
    empty = _("Choose …") if widget["required"] else "–"
    groups = [(_group(name, options, empty),) for name, options, _index in widget["optgroups"]]
    attributes = flatatt(widget["attrs"])
    return format_html(
        '<select name="{}"{}>{}</select>', widget["name"], attributes, format_html_join("", "{}", groups)
    )


def _group(name: str | None, options: Iterable[Option], empty: str) -> SafeString:
    told = ((option["value"], _attributes(option), _label(option, empty)) for option in options)
    drawn = format_html_join("\n", '<option value="{}"{}>{}</option>', told)
    return format_html('<optgroup label="{}">{}</optgroup>', name, drawn) if name else drawn


def _attributes(option: Option) -> str:
    return flatatt(option["attrs"]) if option["attrs"] else ""


def _label(option: Option, empty: str) -> str:
    label: str = option["label"]
    return empty if label == NOTHING else label
