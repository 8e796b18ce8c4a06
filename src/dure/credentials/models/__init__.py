"""Issuers and their keys, what they issue, and what was issued."""

from dure.credentials.models.achievements import Achievement, Alignment, Kind, Version
from dure.credentials.models.credentials import (
    CREDENTIAL_MOVES,
    SIGNED,
    Basis,
    Batch,
    Credential,
    CredentialState,
    StatusList,
)
from dure.credentials.models.issuers import KEY_MOVES, Issuer, KeyState, Method, SigningKey

__all__ = [
    "CREDENTIAL_MOVES",
    "KEY_MOVES",
    "SIGNED",
    "Achievement",
    "Alignment",
    "Basis",
    "Batch",
    "Credential",
    "CredentialState",
    "Issuer",
    "KeyState",
    "Kind",
    "Method",
    "SigningKey",
    "StatusList",
    "Version",
]
