"""Every write of this room."""

from dure.people.operations.accounts import change_person, forget, introduce, register
from dure.people.operations.answers import claim_key, forget_answers, keep_answer
from dure.people.operations.exports import (
    ask_for_export,
    expire_exports,
    finish_export,
    note_download,
    note_progress,
)
from dure.people.operations.invitations import accept, decline, invite, withdraw
from dure.people.operations.notices import choose_mail, read, read_all, tell
from dure.people.operations.organisations import (
    add_domain,
    change_organisation,
    found_organisation,
    join_organisation,
    leave,
)
from dure.people.operations.statements import (
    end_relation,
    give_consent,
    state_fact,
    state_relation,
    withdraw_consent,
)
from dure.people.operations.teams import form_team, hand_over, join_team, leave_team
from dure.people.operations.tokens import authenticate_token, issue_token, revoke_token

__all__ = [
    "accept",
    "add_domain",
    "ask_for_export",
    "authenticate_token",
    "change_organisation",
    "change_person",
    "choose_mail",
    "claim_key",
    "decline",
    "end_relation",
    "expire_exports",
    "finish_export",
    "forget",
    "forget_answers",
    "form_team",
    "found_organisation",
    "give_consent",
    "hand_over",
    "introduce",
    "invite",
    "issue_token",
    "join_organisation",
    "join_team",
    "keep_answer",
    "leave",
    "leave_team",
    "note_download",
    "note_progress",
    "read",
    "read_all",
    "register",
    "revoke_token",
    "state_fact",
    "state_relation",
    "tell",
    "withdraw",
    "withdraw_consent",
]
