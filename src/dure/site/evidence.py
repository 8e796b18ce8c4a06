"""A stage's evidence as a form: one field for each thing it leaves behind, checked by the joint that records it."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dure.blueprint.facts import Known, Sort, evidence_of
from dure.blueprint.model import Blueprint, FormDo, Kind, Stage
from dure.blueprint.reasons import fact_text
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.joints.values import FROM_ELSEWHERE
from dure.programmes.models import Turn, TurnState
from dure.site import words


class EvidenceForm(forms.Form):
    """Fields by the blueprint. They take any text: what is right is the recording operation's word."""

    def __init__(
        self, blueprint: Blueprint, stage: Stage, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any],
        asked_only: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=dict(initial))
        for name, known in fields_of(blueprint, stage, asked_only=asked_only).items():
            self.fields[name] = _field(blueprint, stage, name, known)

    def submit(self, keep: Callable[[dict[str, Any]], object]) -> bool:
        """Hand what was written to ``keep``; False where it was flawed, with each flaw at its field."""
        if not self.is_valid():
            return False
        try:
            keep(self.cleaned_data)
        except Flawed as flawed:
            for flaw in flawed.facts.get("errors", ()):  # type: ignore[attr-defined]  # a list of {field, ko, en}
                field = flaw["field"] if flaw["field"] in self.fields else None
                self.add_error(field, words.say(Text.of(flaw)))
            return False
        return True


def fields_of(blueprint: Blueprint, stage: Stage, *, asked_only: bool) -> dict[str, Known]:
    """What is entered at a stage; of a form only what it asks, where its holder fills it in."""
    known = {name: fact for name, fact in evidence_of(blueprint, stage).items() if name not in FROM_ELSEWHERE}
    if asked_only and isinstance(stage.do, FormDo):
        return {question.name: known[question.name] for question in stage.do.ask}
    return known


def known_values(turn: Turn) -> dict[str, Any]:
    """What the turn has shown so far, as a form's initial values; nothing where it is tried again."""
    values = turn.evidence.values if turn.evidence and turn.state != TurnState.OUT else {}
    return {name: ", ".join(value) if isinstance(value, list) else value for name, value in values.items()}


def written_by_hand(stage: Stage) -> bool:
    """Whether the holder fills the stage in."""
    return stage.kind is Kind.FORM


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
