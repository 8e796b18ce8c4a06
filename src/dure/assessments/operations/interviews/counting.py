"""What an interview comes to, counted whenever an interviewer sends, takes back or steps aside."""

from typing import Any

from dure.assessments.agreeing import Means, agreed, kept, summed
from dure.assessments.models import INTERVIEWEE_MOVES, Interviewee, IntervieweeState, ScoringState
from dure.store.models import move

NOTHING: dict[str, Any] = {"by_criterion": {}, "score": None, "most": None, "passed": None, "reason": "",
                           "settled_by": None, "released_at": None}  # fmt: skip


def count_up(row: Interviewee) -> None:
    """Walk the interviewee to where the points lead; its row is held by the caller."""
    scorings = list(row.scorings.exclude(state=ScoringState.EXCUSED))
    if not scorings or any(one.state != ScoringState.SENT for one in scorings):
        _walk(row, IntervieweeState.WAITING, NOTHING)
        return
    interview = row.interview
    found = agreed(
        [one.read for one in scorings], seats=sum(not one.is_extra for one in scorings), most=interview.read.most,
        gap=interview.gap,
    )  # fmt: skip
    if found is None:
        _walk(row, IntervieweeState.APART, NOTHING)
    else:
        _walk(row, IntervieweeState.SCORED, result_of(row, found))


def result_of(row: Interviewee, points: Means) -> dict[str, Any]:
    """The columns of a result. Whether it passes is decided by the exact share, before anything is rounded."""
    most = row.interview.read.most
    exact = summed(points.values())
    return {
        **NOTHING, "by_criterion": {key: str(kept(value)) for key, value in points.items()}, "score": kept(exact),
        "most": most, "passed": exact >= most * row.interview.pass_share,
    }  # fmt: skip


def _walk(row: Interviewee, state: IntervieweeState, columns: dict[str, Any]) -> None:
    if row.state != state:
        move(row, state, by=INTERVIEWEE_MOVES, **columns)
        return
    Interviewee.objects.filter(pk=row.pk, state=state).update(**columns)
    for name, value in columns.items():
        setattr(row, name, value)
