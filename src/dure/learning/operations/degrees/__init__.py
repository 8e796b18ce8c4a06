"""Every write of degrees."""

from dure.learning.operations.degrees.auditing import keep_audits
from dure.learning.operations.degrees.awarding import award, decline_award, note_revoked, propose_awards
from dure.learning.operations.degrees.candidates import admit, admit_all, guide, leave_degree, resume_degree
from dure.learning.operations.degrees.credits import Credit, correct_credit, enter_credit, note_course, strike_credit
from dure.learning.operations.degrees.forgetting import forget_degrees
from dure.learning.operations.degrees.requirements import (
    found_degree,
    seat_for_degree,
    unseat_from_degree,
    write_requirement,
)
from dure.learning.operations.degrees.rosters import COLUMNS, CreditRoster, take_credits
from dure.learning.operations.degrees.transcripts import keep_token, write_transcript

__all__ = [
    "COLUMNS",
    "Credit",
    "CreditRoster",
    "admit",
    "admit_all",
    "award",
    "correct_credit",
    "decline_award",
    "enter_credit",
    "forget_degrees",
    "found_degree",
    "guide",
    "keep_audits",
    "keep_token",
    "leave_degree",
    "note_course",
    "note_revoked",
    "propose_awards",
    "resume_degree",
    "seat_for_degree",
    "strike_credit",
    "take_credits",
    "unseat_from_degree",
    "write_requirement",
    "write_transcript",
]
