"""Forms whose judge is an operation: what it finds flawed is shown at its field."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext

from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.site import words


class JudgedForm(forms.Form):
    """Its fields take what they get; ``submit`` hands it to an operation and shows the flaws that come back."""

    def submit(self, operation: Callable[[dict[str, Any]], object]) -> bool:
        """Whether ``operation`` took what was written."""
        if not self.is_valid():
            return False
        try:
            operation(self.cleaned_data)
        except Flawed as flawed:
            self.show(flawed)
            return False
        return True

    def show(self, refused: Refused) -> None:
        """Put every flaw at its field, and those without one above the form."""
        flaws = flaws_of(refused)
        for flaw in flaws:
            field = flaw.get("field")
            self.add_error(field if field in self.fields else None, _placed(flaw))
        if not flaws:
            self.add_error(None, words.say(refused.text))


def flaws_of(refused: Refused) -> list[Mapping[str, Any]]:
    """The single flaws that are sentences; where a refusal lists bare words, its own sentence names them."""
    told: Any = refused.facts.get("errors", ())
    return [flaw for flaw in told if isinstance(flaw, Mapping)]


def _placed(flaw: Mapping[str, Any]) -> str:
    """The sentence behind the row that it is about, where it is about one."""
    said = words.say(Text.of(flaw.get("text", flaw)))
    return f"{gettext('Row %(row)s') % {'row': flaw['row']}}: {said}" if flaw.get("row") else said
