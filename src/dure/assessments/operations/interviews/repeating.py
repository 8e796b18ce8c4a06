"""Another interview after one whose result is out: a new time, new points; what there was stays written."""

from typing import Any

from django.db import transaction

from dure.assessments.models import INTERVIEWEE_MOVES, Interviewee, IntervieweeState, ScoringState
from dure.assessments.operations.interviews.counting import NOTHING
from dure.assessments.queries.interviews import booking_of
from dure.audit.operations import record
from dure.calendar.operations import withdraw_slot
from dure.core import clock
from dure.core.text import Text
from dure.people.models import NoticeKind
from dure.people.operations import tell
from dure.store.models import move

AGAIN = Text(
    ko="면접을 다시 볼 수 있습니다. 시간을 고르세요: {title}", en="You may be interviewed again. Choose a time: {title}"
)


@transaction.atomic
def meet_again(row: Interviewee) -> Interviewee:
    """Let somebody with a released result choose a time for another interview, of which they are told.

    Interviewers give points anew, with their own notes of the time before; who was too close stays so. Raises
    Refused("state.move" or "state.changed").
    """
    before = _kept(row)
    move(row, IntervieweeState.WAITING, by=INTERVIEWEE_MOVES, **NOTHING, earlier=[*row.earlier, before])
    row.scorings.exclude(state=ScoringState.EXCUSED).delete()
    held = booking_of(row)
    if held is not None:
        withdraw_slot(held.slot)
    told = {"score": before["score"], "passed": before["passed"]}
    record("interviewee.meets-again", row, before=told, about=("people.person", row.person_id))
    path = f"/interviews/{row.interview_id}/"
    tell([row.person_id], kind=NoticeKind.OPENED, text=AGAIN.format(title=row.interview.title), path=path)
    return row


def _kept(row: Interviewee) -> dict[str, Any]:
    given = row.scorings.filter(state=ScoringState.SENT).order_by("is_extra", "pk")
    scorings = [
        {"interviewer": str(one.interviewer_id), "points": one.points, "reason": one.reason, "notes": one.notes}
        for one in given
    ]
    return {
        "released_at": (row.released_at or clock.now()).isoformat(), "passed": row.passed,
        "score": _text(row.score), "most": _text(row.most), "by_criterion": row.by_criterion, "reason": row.reason,
        "scorings": scorings,
    }  # fmt: skip


def _text(points: object) -> str | None:
    return None if points is None else str(points)
