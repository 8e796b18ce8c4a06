"""A stage's evidence as a form: one field for each thing it leaves behind, checked by the joint that records it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dure.blueprint.facts import Known, Sort, evidence_of
from dure.blueprint.model import Blueprint, FormDo, Stage
from dure.blueprint.reasons import fact_text
from dure.joints.values import FROM_ELSEWHERE
from dure.programmes.models import Turn, TurnState
from dure.site import words
from dure.site.flaws import JudgedForm


class EvidenceForm(JudgedForm):
    """Fields by the blueprint. They take any text: what is right is the recording operation's word."""

    def __init__(
        self, blueprint: Blueprint, stage: Stage, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any],
        asked_only: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=dict(initial))
        for name, known in fields_of(blueprint, stage).items():
            self.fields[name] = _field(blueprint, stage, name, known)


def fields_of(blueprint: Blueprint, stage: Stage) -> dict[str, Known]:
    """What is recorded at a stage."""
    return {name: fact for name, fact in evidence_of(blueprint, stage).items() if name not in FROM_ELSEWHERE}


def known_values(turn: Turn) -> dict[str, Any]:
    """What the turn has shown so far, as a form's initial values; nothing where it is tried again."""
    values = turn.evidence.values if turn.evidence and turn.state != TurnState.OUT else {}
    return {name: ", ".join(value) if isinstance(value, list) else value for name, value in values.items()}


def _field(blueprint: Blueprint, stage: Stage, name: str, known: Known) -> forms.Field:
    label = words.say(fact_text(blueprint, name))
    label = label[:1].upper() + label[1:]
    required = isinstance(stage.do, FormDo) and name != "files"
    if known.choices:
        choices = [("", _("Choose …")), *((c, words.say(fact_text(blueprint, c))) for c in known.choices)]
        return _marked(forms.ChoiceField(choices=choices, label=label, required=False), required=required)
    widget: forms.Widget = forms.TextInput()
    match known.sort:
        case Sort.NUMBER:
            widget = forms.TextInput(attrs={"inputmode": "decimal"})
        case Sort.DATE:
            widget = forms.DateInput(attrs={"type": "date"})
        case Sort.TEXT if isinstance(stage.do, FormDo):
            widget = forms.Textarea(attrs={"rows": 3})
    help_text = _("Several, with commas between them") if known.sort is Sort.WORDS else ""
    return _marked(forms.CharField(widget=widget, label=label, required=False, help_text=help_text), required=required)


def _marked(field: forms.Field, *, required: bool) -> forms.Field:
    """Let the browser know that an answer is required; the operation checks it."""
    if required:
        field.widget.attrs["required"] = True
    return field
