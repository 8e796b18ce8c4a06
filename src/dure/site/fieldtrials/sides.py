"""The comparison as people read it: both sides line by line, and day by day as pairs of bars."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dure.challenges.field.tally import Brief, Counts, Tally, percentile
from dure.challenges.models import Adoption, Ending, FieldState
from dure.site.charts import Bar, bars
from dure.site.figures import number

STATES: dict[str, Promise] = {
    FieldState.DRAFT: _("Planned"), FieldState.RUNNING: _("Under way"), FieldState.PAUSED: _("Paused"),
    FieldState.ENDED: _("Ended"), FieldState.STOPPED: _("Stopped"),
}  # fmt: skip
TAGS = {
    FieldState.DRAFT: "due", FieldState.RUNNING: "running", FieldState.PAUSED: "due", FieldState.ENDED: "done",
    FieldState.STOPPED: "out",
}  # fmt: skip
ENDINGS: dict[str, Promise] = {
    Ending.PERIOD: _("Its time is over."), Ending.TOTAL: _("As many requests were tried as was agreed."),
    Ending.SOURCE: _("The source has no more requests."),
    Ending.FAILURES: _("The guard stopped it: too many requests failed."),
    Ending.TIME: _("The guard stopped it: answers took too long."),
    Ending.PERSON: _("An organiser stopped it."),
}  # fmt: skip
ADOPTIONS: dict[str, Promise] = {
    Adoption.ADOPT: _("Adopt it"), Adoption.LATER: _("Adopt it later"), Adoption.NOT: _("Do not adopt it"),
}  # fmt: skip
CAUSES: dict[str, Promise] = {
    "missing": _("No answer to this request"), "file": _("The file of predictions cannot be read"),
    "code": _("The code cannot be started"), "exit": _("The code ended with an error"),
    "time_limit": _("Out of time"), "cpu_limit": _("Out of time"), "memory_limit": _("Out of memory"),
    "no_predictions": _("No file of predictions"),
}  # fmt: skip
WITHIN: dict[int, Promise] = {
    50: _("Half answered within"), 95: _("95 per cent answered within"), 99: _("99 per cent answered within"),
}  # fmt: skip
MOST_DAYS = 31
Figures = tuple[float | None, float | None]  # the model's, the service's


@dataclass(frozen=True)
class Line:
    """One figure for both sides; empty: that side has none."""

    name: str
    model: str
    service: str


@dataclass(frozen=True)
class Pair:
    """A day's or week's two bars and what they say; empty: not known."""

    day: str
    model: Bar
    service: Bar
    mine: str
    theirs: str
    is_labelled: bool
    is_sparse: bool

    @property
    def middle(self) -> float:
        return (self.model.middle + self.service.middle) / 2


def lines(tally: Tally, *, numeric: bool) -> list[Line]:
    """Every figure that is known of either side."""
    found = [
        Line(gettext("Requests answered"), number(tally.answered), ""),
        Line(gettext("Requests that failed"), _counted(tally.failed, tally.failures), ""),
        Line(gettext("The same answer as the service"), _counted(tally.agreed, tally.agreement), ""),
        Line(gettext("Right, by the truth"), _counted(tally.right, tally.quality),
             _counted(tally.service_right, tally.service_quality)),
    ]  # fmt: skip
    if numeric:
        found += [
            Line(gettext("Mean distance from the service"), _mean(tally.gap, tally.compared), ""),
            Line(gettext("Mean distance from the truth"), _mean(tally.error, tally.judged),
                 _mean(tally.service_error, tally.service_judged)),
        ]  # fmt: skip
    for rank, name in WITHIN.items():
        found.append(Line(str(name), _ms(percentile(tally.ms, rank)), _ms(percentile(tally.service_ms, rank))))
    return [line for line in found if line.model or line.service]


def spans(days: Sequence[tuple[date, Brief]]) -> tuple[Sequence[tuple[date, Brief]], bool]:
    """The days as a chart has room for them: beyond a month by the week, told by its Monday; and whether it is so."""
    if len(days) <= MOST_DAYS:
        return days, False
    weeks = groupby(days, key=lambda one: one[0] - timedelta(days=one[0].weekday()))
    return [(monday, Brief.total(brief for _, brief in of_week)) for monday, of_week in weeks], True


def pairs(days: Sequence[tuple[date, Brief]], figures: Callable[[Brief], Figures]) -> list[Pair]:
    """Two bars a day or week, the model's first, on one scale; none where nothing is known of both sides."""
    values = [figures(tally) for _, tally in days]
    if not any(value is not None for both in values for value in both):
        return []
    drawn = bars((f"{day:%m-%d}", value or 0.0) for (day, _), both in zip(days, values, strict=True) for value in both)
    axis = bars((f"{day:%m-%d}", 0.0) for day, _ in days)
    return [
        Pair(
            one.label, drawn[2 * at], drawn[2 * at + 1], _shown(mine), _shown(theirs), one.is_labelled, one.is_sparse
        )
        for at, (one, (mine, theirs)) in enumerate(zip(axis, values, strict=True))
    ]  # fmt: skip


def _shown(value: float | None) -> str:
    return "" if value is None else number(value)


def quality(tally: Counts) -> Figures:
    """Per cent that are right; where the truth is not known, of the same answer as the service's."""
    if tally.judged or tally.service_judged:
        return _percent(tally.quality), _percent(tally.service_quality)
    return _percent(tally.agreement), None


def slowness(brief: Brief) -> Figures:
    """Milliseconds that 95 % of the answers do not exceed; of a week on its slowest day."""
    return brief.slow, brief.service_slow


def percent(share: Fraction | None) -> str:
    found = _percent(share)
    return "" if found is None else f"{number(found)}%"


def _percent(share: Fraction | None) -> float | None:
    return None if share is None else round(float(100 * share), 2)


def _counted(many: int, share: Fraction | None) -> str:
    return f"{percent(share)} ({number(many)})" if share is not None else ""


def _mean(total: Decimal, of: int) -> str:
    return number(float(total / of)) if of else ""


def _ms(value: int | None) -> str:
    return "" if value is None else gettext("%(ms)s ms") % {"ms": number(value)}
