"""The live picture of a round: attempts over time, why some fail, how scores spread, what waits, who is active."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dure.audit.models import AuditRow
from dure.challenges.models import Round
from dure.challenges.queries.picture import Failure, Picture, picture_of, public_scores
from dure.core import clock
from dure.programmes.frozen import blueprint_of
from dure.site import words
from dure.site.challenges.tasks import title_of
from dure.site.charts import Bar, bars, histogram
from dure.site.desk.rounds.door import Place, round_at
from dure.site.programmes.money import prizes_of
from dure.site.watched import unless_seen

SLOT = 10  # seconds that a picture may be old
CAUSES: Mapping[str, Promise] = {
    "empty": _("The file is empty"), "size": _("The file is too large"), "archive": _("A spreadsheet or an archive"),
    "encoding": _("Not UTF-8"), "nul": _("Not UTF-8"), "quote": _("Quotation marks out of place"),
    "delimiter": _("Not separated by commas"), "header": _("A wrong header"), "header-missing": _("No header"),
    "rows-missing": _("No row under the header"),
    "header-index": _("A column without a name"), "cells": _("Too many or too few values in a row"),
    "id-empty": _("An empty id"), "id-doubled": _("An id twice"), "id-unknown": _("An unknown id"),
    "id-missing": _("An id is missing"), "cell-empty": _("An empty value"), "not-finite": _("Not a finite number"),
    "decimal-comma": _("A decimal comma"), "full-width": _("Full-width digits"), "blanks": _("Blanks around a value"),
    "not-number": _("Not a number"), "bounds": _("A value out of bounds"), "class": _("An unknown class"),
    "sum": _("Probabilities that do not sum to 1"),
}  # fmt: skip


@login_required
@require_safe
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """The whole page."""
    place = round_at(request, slug, stage)
    return render(request, "desk/rounds/picture.html", {**place.seen("picture"), **_drawn(place)})


@login_required
@require_safe
def now(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """The part that changes; unchanged, it costs next to nothing."""
    place = round_at(request, slug, stage)
    return unless_seen(
        request,
        _version(_slot()),
        lambda: render(request, "desk/rounds/picture_part.html", {**place.seen("picture"), **_drawn(place)}),
    )


def _drawn(place: Place) -> dict[str, Any]:
    seen, scores = _pictured(place.round.pk, _version(_slot()))
    return {
        "picture": seen,
        "bars": _over_time(seen),
        "failures": [(cause_of(failure), failure) for failure in seen.failures],
        "spreads": [(title_of(task), histogram(scores[task.pk])) for task in place.tasks],
        "prizes": [prize for prize in prizes_of(blueprint_of(place.programme)) if prize.stage == place.title],
        "states": [(state, seen.states[state]) for state in words.SUBMISSION_STATES],
    }


@lru_cache(maxsize=32)
def _pictured(round_: UUID, version: str) -> tuple[Picture, dict[UUID, list[float]]]:  # noqa: ARG001 -- its key
    """Counting a large round takes a third of a second, so all who watch one share what was counted."""
    found = Round.objects.prefetch_related("tasks").get(pk=round_)
    return picture_of(found), public_scores(found)


@lru_cache(maxsize=2)
def _version(slot: int) -> str:  # noqa: ARG001 -- what it is remembered by
    """The newest row of the log: every write leaves one there. Asked once a slot, so nobody counts more often."""
    newest = AuditRow.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest.hex if newest else "0"


def _slot() -> int:
    return int(clock.now().timestamp() // SLOT)


def cause_of(failure: Failure) -> str:
    """Why attempts failed, in a few words."""
    return str(CAUSES.get(failure.code, failure.code)) if failure.code else words.say(failure.cause)


def _over_time(seen: Picture) -> list[Bar]:
    form = "%H:%M" if seen.is_hourly else "%m-%d"
    return bars([(timezone.localtime(moment).strftime(form), count) for moment, count in seen.by_time])
