"""The live style guide: every component as pages use it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dure.core import clock
from dure.site import words
from dure.site.charts import bars, histogram

SCORES = [0.52, 0.58, 0.61, 0.64, 0.66, 0.67, 0.71, 0.72, 0.72, 0.74, 0.75, 0.76, 0.77, 0.78, 0.79, 0.81, 0.83, 0.88]
COLOURS = ["ground", "surface", "sunken", "ink", "muted", "line", "edge", "brand", "brand-soft", "info", "info-soft",
           "warn", "warn-soft", "bad", "bad-soft", "bar", "bar-2", "mark"]  # fmt: skip


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Colours, type, buttons, fields, notes, tables, charts, empty states: to look at and to copy from."""
    seen = {
        "colours": COLOURS,
        "states": list(words.TURN_STATES),
        "programme_states": list(words.PROGRAMME_STATES),
        "scores": histogram(SCORES, own=0.76),
        "flow": bars([("1", 1284), ("2", 600), ("3", 80), ("4", 24)]),
        "amounts": [12_345, 15_000_000, 205_000_000],
        "now": clock.now(),
    }
    return render(request, "styleguide.html", seen)
