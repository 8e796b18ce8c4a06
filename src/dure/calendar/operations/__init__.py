"""Every write of this room."""

from dure.calendar.operations.excusing import ask_excuse, decide_excuse, withdraw_excuse
from dure.calendar.operations.feeds import issue_feed, revoke_feed
from dure.calendar.operations.marking import mark
from dure.calendar.operations.moving import cancel_session, change_session
from dure.calendar.operations.planning import plan, plan_weekly
from dure.calendar.operations.running import close_session, open_session
from dure.calendar.operations.series import change_series, enrol, enrol_many, leave, open_series
from dure.calendar.operations.sheets import take_marks
from dure.calendar.operations.signing import sign_in, take_try
from dure.calendar.operations.slots import book, publish_slots, rebook, release, withdraw_slot

__all__ = [
    "ask_excuse",
    "book",
    "cancel_session",
    "change_series",
    "change_session",
    "close_session",
    "decide_excuse",
    "enrol",
    "enrol_many",
    "issue_feed",
    "leave",
    "mark",
    "open_series",
    "open_session",
    "plan",
    "plan_weekly",
    "publish_slots",
    "rebook",
    "release",
    "revoke_feed",
    "sign_in",
    "take_marks",
    "take_try",
    "withdraw_excuse",
    "withdraw_slot",
]
