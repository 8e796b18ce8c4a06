"""The examiners' room: everybody who is interviewed, a page at a time."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from dure.assessments.models import Interview, Interviewee, IntervieweeState, InterviewState
from dure.assessments.queries.interviews import Row, found_in, interviewees_of, part_in, rows_of, states_in
from dure.site import interview_words as labels
from dure.site.drawing import addresses, drawn
from dure.site.figures import number, when
from dure.site.interviews.doors import frame_of, held

PAGE = 40


_LINE = (
    '<tr><th scope="row"><a href="{}" translate="no">{}</a></th><td><span class="tag {}">{}</span></td><td>{}</td>'
    '<td translate="no">{}</td><td class="right num">{}</td><td class="right num">{}</td></tr>'
)
_TIMELESS = '<span class="muted">{}</span>'


@login_required
@require_safe
def room(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Everybody who is interviewed: when, by whom, how far they are."""
    interview = held(request, interview_id)
    typed, state = request.GET.get("q", "").replace("\0", "").strip()[:80], request.GET.get("state", "")
    counted, found = states_in(interview), found_in(interview, typed=typed, state=state) if typed else []
    count = len(found) if typed else _asked_for(state, counted)
    page = Paginator(range(count), PAGE).get_page(request.GET.get("page"))
    part = slice(PAGE * (page.number - 1), PAGE * page.number)
    if typed:
        shown = _in_order(interviewees_of(interview, state=state), found[part])
    else:
        shown = part_in(interview, state=state, part=part, count=count)
    seen = {
        **frame_of(interview, "room"), "page": page, "lines": _lines(interview, rows_of(shown)),
        "typed": typed, "state": state, "states": labels.STATES,
        "counted": [(name, counted[name]) for name in IntervieweeState.values], "unbooked": counted["unbooked"],
        "ready": ready(counted), "may_open": interview.state != InterviewState.OPEN,
    }  # fmt: skip
    return render(request, "interviews/room.html", seen)


def _asked_for(state: str, counted: Mapping[str, int]) -> int:
    """How many there are in a state; in all where it is none."""
    return counted[state] if state in counted else sum(counted[name] for name in IntervieweeState.values)


def ready(counted: Mapping[str, int]) -> int:
    """How many results wait for their release."""
    return counted[IntervieweeState.SCORED] + counted[IntervieweeState.ABSENT]


def _in_order(rows: "QuerySet[Interviewee]", keys: Sequence[UUID]) -> list[Interviewee]:
    found = rows.in_bulk(keys)
    return [found[key] for key in keys]


def _lines(interview: Interview, rows: Sequence[Row]) -> SafeString:
    """There are forty, and a template takes three times as long for each."""
    address = addresses("interview-interviewee")
    return SafeString("".join(_line(interview, row, address(row.interviewee.pk)) for row in rows))


def _line(interview: Interview, row: Row, address: str) -> SafeString:
    """An interviewee as the table writes them."""
    one = row.interviewee
    tag = "due" if one.state == IntervieweeState.APART else one.state
    time = when(row.starts_at, interview.series.zone) or drawn(_TIMELESS, gettext("No time chosen"))
    score = "" if one.score is None or one.most is None else f"{_told(one.score)} / {_told(one.most)}"
    sent = f"{row.sent}/{row.scoring}" if row.scoring else ""
    return drawn(_LINE, address, one.person, tag, labels.STATES[one.state], time, ", ".join(row.hosts), sent, score)


def _told(points: Decimal) -> str:
    return number(float(points))
