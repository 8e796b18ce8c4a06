"""How templates speak: sentences in the visitor's language, money, moments, words of a blueprint."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dure.blueprint.model import Blueprint
from dure.blueprint.reasons import fact_text
from dure.core.text import Text
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Given
from dure.site import charts, figures, words
from dure.site.drawing import escaped
from dure.site.helping import HELP

register = template.Library()
KEPT = 512
FONTS = ("pretendard/pretendardvariable-dynamic-subset.css", "font/portal.css")  # of two that have it, the later serves


@register.filter
def text(sentence: Text) -> str:
    """The sentence in the visitor's language."""
    return words.say(sentence)


@register.filter
def coded(sentence: Text) -> SafeString:
    """The sentence with what stands between backticks as code."""
    parts = words.say(sentence).split("`")
    shown = (format_html("<code>{}</code>", part) if at % 2 else part for at, part in enumerate(parts))
    return format_html_join("", "{}", ((part,) for part in shown))


@register.filter
def word(blueprint: Blueprint, name: str) -> str:
    """What people read instead of an id of the blueprint."""
    return words.word(blueprint, name)


@register.filter
def money(amount: int | None, currency: str = "KRW") -> str:
    return "" if amount is None else figures.money(amount, currency or "KRW")


@register.filter
def percent(share: Decimal | float) -> str:
    return figures.percent(share)


@register.filter
def number(value: float) -> str:
    return figures.number(value)


@register.filter
def when(at: datetime | None, zone: str = "") -> SafeString:
    """The moment in the visitor's zone and, where it differs, in ``zone``."""
    return figures.when(at, zone)


@register.filter
def until(at: datetime | None, zone: str = "") -> SafeString:
    """The close of a window: midnight is the end of the day before."""
    return figures.when(at, zone, figures.until)


@register.filter
def left(at: datetime | None) -> str:
    """How long it is until the moment; empty once it is past."""
    return "" if at is None else figures.left(at)


@register.filter
def clock(at: datetime | None) -> str:
    """The time alone of what was today, else the day with it."""
    return "" if at is None else figures.clock_time(at)


@register.filter
def day(at: datetime | None) -> str:
    return "" if at is None else figures.day(at)


@register.filter
def short_day(value: date) -> str:
    return figures.short_day(value)


@register.filter
def on_day(value: date) -> str:
    """A day that has no time."""
    return figures.day(datetime.combine(value, time(12), tzinfo=timezone.get_current_timezone()))


@register.filter
def label(value: str, kind: str) -> str:
    """The word for a state or kind: ``{{ turn.state|label:"TURN_STATES" }}``."""
    return str(getattr(words, kind).get(value, value))


@register.filter
def either(both: Mapping[str, Any]) -> str:
    """A sentence that came as ``{"ko": …, "en": …}``, by itself or as the ``text`` of a flaw."""
    return words.say(Text.of(both.get("text", both)))


@register.filter
def called(given: Given) -> str:
    """The name of what somebody received, without amount or level."""
    return words.word(blueprint_of(given.programme), given.details.get("title") or given.name)


@register.filter
def named(given: Given) -> str:
    """What somebody received, in words: a credential with its level, money with its amount."""
    blueprint, name = blueprint_of(given.programme), called(given)
    if given.amount is not None:
        return f"{name} {figures.money(given.amount, given.currency)}"
    level = given.details.get("level")
    return f"{name} ({words.word(blueprint, level)})" if level else name


@register.filter
def quantity(amount: Decimal) -> str:
    """A provision's amount without needless zeros."""
    return figures.number(float(amount))


@register.filter
def shown(value: object) -> str:
    """A value of evidence: yes and no in words, lists with commas, numbers as they are."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return figures.number(value)
    return str(words.YES_NO.get(str(value), value))


@register.filter
def fact(blueprint: Blueprint, name: str) -> str:
    """The name of something that a stage leaves behind."""
    return words.say(fact_text(blueprint, name))


@register.filter
def score(value: float, precision: int) -> str:
    """A score with as many decimals as its task counts."""
    return f"{value:.{precision}f}"


@register.inclusion_tag("chart.html")
def chart(drawn: Sequence[charts.Bar], *, title: str, about: str, across: str, up: str, id: str) -> dict[str, object]:  # noqa: A002 -- the element's id
    """A bar chart: ``{% chart bars title=… about=… across="score" up="teams" id="scores" %}``."""
    told = {"height": charts.height(drawn), "shapes": charts.shapes(drawn), "rows": charts.rows(drawn)}
    return {"drawn": drawn, **told, "title": title, "about": about, "across": across, "up": up, "id": id}


@register.simple_tag
def kept(name: str, **told: Any) -> str:
    """A part of every page that says the same whenever it is told the same: drawn once a process and language.

    It knows what it is told and nothing else, neither who looks nor which page they look at.
    """
    drawn = _kept.__wrapped__ if settings.DEBUG else _kept
    return drawn(name, words.language(), **told)


@lru_cache(KEPT)
def _kept(name: str, _language: str, **told: Any) -> str:
    return render_to_string(name, told)


@register.simple_tag
def options(choices: Iterable[tuple[str, object]], chosen: str) -> SafeString:
    """The choices of a long list: a template takes several times as long for each, and Django's own joining as well."""
    told = ((escaped(value), " selected" if value == chosen else "", escaped(title)) for value, title in choices)
    return SafeString("".join(f'<option value="{value}"{mark}>{title}</option>' for value, mark, title in told))


@register.simple_tag
def items(texts: Iterable[str]) -> SafeString:
    """The items of a long list of texts."""
    return SafeString("".join(f"<li>{escaped(text)}</li>" for text in texts))


@register.simple_tag
def figures_in(cells: Iterable[str]) -> SafeString:
    """The cells of a row of figures."""
    return SafeString("".join(f'<td class="right num">{escaped(told)}</td>' for told in cells))


@register.simple_tag
def fonts() -> SafeString:
    """The web font's style sheets where set-up has installed them; else the system's Korean fonts serve."""
    found = ((static(name),) for name in FONTS if finders.find(name))
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', found)


@register.inclusion_tag("help.html", takes_context=True)
def help_link(context: Mapping[str, Any]) -> dict[str, str]:
    """A way to the page of the documentation that tells how what one does here is done; nothing where there is none."""
    match = getattr(context.get("request"), "resolver_match", None)
    shelf, _, name = HELP.get(match.url_name if match else "", "").partition("/")
    return {"address": reverse("docs-page", args=[shelf, name]) if name else ""}
