"""Every write of interviews: held, booked, scored, decided, forgotten."""

from dure.assessments.operations.interviews.booking import give_up, offer_times, pick
from dure.assessments.operations.interviews.deciding import (
    ask_interviewer,
    expect_again,
    note_absence,
    release,
    release_all,
    reopen,
    settle,
)
from dure.assessments.operations.interviews.forgetting import forget_interviews
from dure.assessments.operations.interviews.holding import (
    admit_interviewees,
    appoint_interviewer,
    archive_interview,
    change_interview,
    dismiss_interviewer,
    open_interview,
    plan_interview,
)
from dure.assessments.operations.interviews.repeating import meet_again
from dure.assessments.operations.interviews.scoring import excuse, keep_scores, send_scores, take_back_scores

__all__ = [
    "admit_interviewees",
    "appoint_interviewer",
    "archive_interview",
    "ask_interviewer",
    "change_interview",
    "dismiss_interviewer",
    "excuse",
    "expect_again",
    "forget_interviews",
    "give_up",
    "keep_scores",
    "meet_again",
    "note_absence",
    "offer_times",
    "open_interview",
    "pick",
    "plan_interview",
    "release",
    "release_all",
    "reopen",
    "send_scores",
    "settle",
    "take_back_scores",
]
