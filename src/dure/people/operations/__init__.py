"""Every write of this room."""

from dure.people.operations.accounts import change_person, forget, introduce, register
from dure.people.operations.answers import KeyTaken, answer_under, claim_key, forget_answers, keep_answer
from dure.people.operations.arrivals import admit, arrive, end_lapsed, vouch_for
from dure.people.operations.domains import add_domain, check_domain, claim_domain, confirm_domain, remove_domain
from dure.people.operations.exports import (
    ask_for_export,
    expire_exports,
    finish_export,
    note_download,
    note_progress,
)
from dure.people.operations.invitations import accept, decline, invite, withdraw
from dure.people.operations.notices import Letter, choose_mail, read, read_all, tell, write_to
from dure.people.operations.operators import (
    appoint_operator,
    deactivate,
    end_operator,
    make_operator,
    reactivate,
    reset_second_factor,
)
from dure.people.operations.organisations import (
    change_organisation,
    change_role,
    found_organisation,
    join_organisation,
    leave,
)
from dure.people.operations.providers import (
    map_claims,
    remove_provider,
    set_up_oidc,
    set_up_saml,
    switch_sign_in,
    take_metadata,
)
from dure.people.operations.sessions import end_sessions
from dure.people.operations.statements import (
    end_relation,
    give_consent,
    state_fact,
    state_relation,
    withdraw_consent,
)
from dure.people.operations.team_bounds import bind_team, lock_teams
from dure.people.operations.team_codes import issue_code, join_by_code, revoke_code, take_try
from dure.people.operations.team_merges import accept_merge, ask_merge, decline_merge, withdraw_merge
from dure.people.operations.teams import dismiss, form_team, hand_over, join_team, leave_team, rename_team
from dure.people.operations.tokens import authenticate_token, issue_token, revoke_token

__all__ = [
    "KeyTaken",
    "Letter",
    "accept",
    "accept_merge",
    "add_domain",
    "admit",
    "answer_under",
    "appoint_operator",
    "arrive",
    "ask_for_export",
    "ask_merge",
    "authenticate_token",
    "bind_team",
    "change_organisation",
    "change_person",
    "change_role",
    "check_domain",
    "choose_mail",
    "claim_domain",
    "claim_key",
    "confirm_domain",
    "deactivate",
    "decline",
    "decline_merge",
    "dismiss",
    "end_lapsed",
    "end_operator",
    "end_relation",
    "end_sessions",
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
    "issue_code",
    "issue_token",
    "join_by_code",
    "join_organisation",
    "join_team",
    "keep_answer",
    "leave",
    "leave_team",
    "lock_teams",
    "make_operator",
    "map_claims",
    "note_download",
    "note_progress",
    "reactivate",
    "read",
    "read_all",
    "register",
    "remove_domain",
    "remove_provider",
    "rename_team",
    "reset_second_factor",
    "revoke_code",
    "revoke_token",
    "set_up_oidc",
    "set_up_saml",
    "state_fact",
    "state_relation",
    "switch_sign_in",
    "take_metadata",
    "take_try",
    "tell",
    "vouch_for",
    "withdraw",
    "withdraw_consent",
    "withdraw_merge",
    "write_to",
]
