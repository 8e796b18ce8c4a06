"""How parts of forms are drawn."""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any
from uuid import UUID

from django.forms import widgets
from django.forms.renderers import DjangoTemplates
from django.forms.utils import ErrorList
from django.http import HttpRequest
from django.urls import reverse
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
BOXES = frozenset((widgets.CheckboxSelectMultiple.template_name, widgets.RadioSelect.template_name))


class FormRenderer(DjangoTemplates):
    """Django's own, but for what forms are full of: each choice of a list, each input and each absence of errors would
    take two templates or three."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name == widgets.Select.template_name:
            return _list(context["widget"])
        if template_name in BOXES:
            return _boxes(context["widget"])
        if template_name in INPUTS:
            return _input(context["widget"])
        if template_name == ErrorList.template_name and not context["errors"]:
            return ""
        return super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = () if widget["value"] is None else (("value", widget["value"]),)
    attributes = {"type": widget["type"], "name": widget["name"], **dict(value), **widget["attrs"]}
    return SafeString(f"<input{_attributes(attributes)}>")


def _list(widget: Mapping[str, Any]) -> SafeString:
    empty = _("Choose …") if widget["required"] else "–"
    groups = "".join(_group(name, options, empty) for name, options, _index in widget["optgroups"])
    return SafeString(f"<select{_attributes({'name': widget['name'], **widget['attrs']})}>{groups}</select>")


def _group(name: str | None, options: Iterable[Option], empty: str) -> str:
    drawn = "\n".join(_option(option, empty) for option in options)
    return f'<optgroup label="{escaped(name)}">{drawn}</optgroup>' if name else drawn


def _option(option: Option, empty: str) -> str:
    attributes = _attributes(option["attrs"]) if option["attrs"] else ""
    return f'<option value="{escaped(option["value"])}"{attributes}>{escaped(_label(option, empty))}</option>'


def _boxes(widget: Mapping[str, Any]) -> SafeString:
    """Choices that stand open, each to be ticked or to be the one that is picked."""
    groups = "".join(_boxes_in(name, options) for name, options, _index in widget["optgroups"])
    told = {name: widget["attrs"].get(name) or None for name in ("id", "class")}
    return SafeString(f"<div{_attributes(told)}>{groups}</div>")


def _boxes_in(name: str | None, options: Iterable[Option]) -> str:
    boxes = "".join(f"<div>{_box(option)}</div>" for option in options)
    return f"<div><label>{escaped(name)}</label>{boxes}</div>" if name else boxes


def _box(option: Option) -> str:
    box = _input(option)
    if not option["wrap_label"]:
        return box
    return f"<label{_attributes({'for': option['attrs'].get('id')})}>{box} {escaped(option['label'])}</label>"


def _attributes(known: Mapping[str, Any]) -> str:
    """As they stand in a tag: those that are true by their names alone, those that are not there not at all."""
    there = ((name, value) for name, value in known.items() if value is not None and value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{escaped(value)}"' for name, value in there)


def drawn(form: str, *parts: object) -> SafeString:
    """``form`` with its parts as text, what is marked as safe as it stands: :func:`django.utils.html.format_html`."""
    return SafeString(form.format(*map(escaped, parts)))


def addresses(name: str, *about: object) -> Callable[[object], str]:
    """The address of each of many by its id, which comes last: looked for among all addresses once, not for each."""
    nobody = UUID(int=0)
    begins, ends = reverse(name, args=[*about, nobody]).split(str(nobody))
    return lambda key: f"{begins}{key}{ends}"


def escaped(text: object) -> str:
    """As :func:`django.utils.html.conditional_escape`, which takes ten times as long where there are hundreds."""
    told = str(text)
    return told if isinstance(told, SafeString) else escape(told)


def _label(option: Option, empty: str) -> str:
    label: str = option["label"]
    return empty if label == NOTHING else label
