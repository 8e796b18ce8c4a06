"""Every write of this room."""

from dure.credentials.operations.achievements import Content, Recognition, allow_again, define, edit, retire
from dure.credentials.operations.forgetting import forget
from dure.credentials.operations.issuers import add_key, become_issuer, end_key, rotate_key
from dure.credentials.operations.proposing import Deserved, SignOff, approve, decline, issue, propose
from dure.credentials.operations.renewing import ask_renewal, renew, warn_of_ends
from dure.credentials.operations.sharing import new_link, show
from dure.credentials.operations.standing import reinstate, revoke, suspend

__all__ = [
    "Content",
    "Deserved",
    "Recognition",
    "SignOff",
    "add_key",
    "allow_again",
    "approve",
    "ask_renewal",
    "become_issuer",
    "decline",
    "define",
    "edit",
    "end_key",
    "forget",
    "issue",
    "new_link",
    "propose",
    "reinstate",
    "renew",
    "retire",
    "revoke",
    "rotate_key",
    "show",
    "suspend",
    "warn_of_ends",
]
