"""Questions as pages show them: the text as HTML, choices in the order of whoever looks."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from dure.assessments.content import Content, Kind
from dure.assessments.models import Asked, Bank
from dure.core.text import Text
from dure.site import words
from dure.site.markdown import as_html


@dataclass(frozen=True)
class Choice:
    """A choice at the place where it is seen; ``put``: its place in what was answered, from 1."""

    place: int
    text: str
    is_chosen: bool = False
    is_right: bool = False
    put: int = 0


@dataclass(frozen=True)
class Shown:
    """A question in the visitor's language; ``right`` is what would have been right, as a line."""

    kind: str
    text: SafeString
    choices: list[Choice]
    written: str
    starter: str
    units: tuple[str, ...]
    right: str
    why: SafeString
    asked: Asked | None = None


def shown(asked: Asked, bank: Bank) -> Shown:
    """A question of an attempt, as it was put and answered."""
    return _shown(asked.version.read, asked.order, asked.shown_answer, bank, asked)


def previewed(content: Content, bank: Bank) -> Shown:
    """A question as its bank has it."""
    return _shown(content, list(range(len(content.choices))), None, bank, None)


def _shown(content: Content, order: list[int], answer: Any, bank: Bank, asked: Asked | None) -> Shown:
    chosen = answer if isinstance(answer, list) else []
    choices = [
        Choice(at, words.say(content.choices[place]), at in chosen, place in content.right,
               chosen.index(at) + 1 if at in chosen else 0)
        for at, place in enumerate(order)
    ]  # fmt: skip
    written = answer if isinstance(answer, str) else ""
    return Shown(
        content.kind.value, _html(content.text, bank), choices, written, content.starter, content.units,
        _right(content), _html(content.why, bank), asked,
    )  # fmt: skip


def _right(content: Content) -> str:
    match content.kind:
        case Kind.NUMERIC:
            bound = f" ± {content.tolerance:f}" if content.tolerance else ""
            return f"{content.value:f}{bound} {' / '.join(content.units)}".strip()
        case Kind.SHORT:
            return " / ".join(content.accepted)
        case Kind.ORDERING:
            return " → ".join(words.say(one) for one in content.choices)
        case Kind.SINGLE | Kind.MULTIPLE:
            return " / ".join(words.say(content.choices[place]) for place in content.right)
        case Kind.CODE:
            return ""


def _html(text: Text, bank: Bank) -> SafeString:
    both = Text(ko=text.ko or text.en, en=text.en or text.ko)
    return as_html(words.say(both), files=reverse("bank-picture", args=[bank.pk, "x"]).removesuffix("x"))
