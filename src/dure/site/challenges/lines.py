"""The lines of a board as HTML: every score makes new ones for everybody who looks, so no template is read for them."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from dure.challenges.models import Ratio, Round, Task
from dure.challenges.queries import Beside, Row
from dure.site import words
from dure.site.figures import number, when

MEDALS = 3
_NONE = "–"
_LINE = """<tr data-entrant="{}"><td class="right num"><span class="{}">{}</span></td><th scope="row">{}</th>\
<td class="right num">{}</td>{}<td class="right num">{}</td><td class="small">{}</td></tr>"""


def drawn(task: Task, lines: Iterable[tuple[Row, Beside]]) -> SafeString:
    """Each line with what stands beside its score."""
    return format_html_join("", _LINE, (_cells(task, row, side) for row, side in lines))


def _cells(task: Task, row: Row, side: Beside) -> tuple[object, ...]:
    medal = f"medal m{row.place}" if row.place <= MEDALS else ""
    beside = format_html_join("", '<td class="{}">{}</td>', _beside(task.round, side))
    score = f"{row.score:.{task.precision}f}"
    return row.entrant, medal, row.place, row.title, score, beside, number(row.attempts), when(row.at)


def _beside(round_: Round, side: Beside) -> Iterator[tuple[str, object]]:
    """What programs said, answers, and the figures that the round shows: each with its class."""
    yield from (("right num", _shown(value)) for value in side.values)
    yield from (("", words.say(answer) or _NONE) for answer in side.answers)
    if round_.ratio_to != Ratio.NONE:
        yield "right num", _NONE if side.ratio is None else f"{side.ratio:.4f}"
    if round_.shows_seconds:
        yield "right num", _shown(side.seconds)


def _shown(value: Decimal | None) -> object:
    return _NONE if value is None else value
