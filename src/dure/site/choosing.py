"""Which rows a form offers, where that depends on who sees it."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet


def let_choose(form: forms.BaseForm, field: str, rows: "QuerySet[Any]") -> None:
    """Let a ``ModelChoiceField`` of the form choose among these rows."""
    cast("forms.ModelChoiceField[Any]", form.fields[field]).queryset = rows
