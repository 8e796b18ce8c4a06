"""Transcripts are signed with their institution's key: by workers, who alone read it."""

import json
from typing import Any

import jwt

from dure.audit.operations import record
from dure.core.errors import Refused
from dure.credentials import keys
from dure.credentials.queries import active_key, issuer_called
from dure.credentials.tokens import ALGORITHM
from dure.joints.learning.degrees import KEYLESS
from dure.learning.models import Transcript
from dure.learning.operations.degrees import keep_token


def token_for(transcript: Transcript) -> str:
    """A compact JWS over what it says, by the institution's key."""
    issuer = issuer_called(transcript.candidacy.degree.organisation.short)
    key = issuer and active_key(issuer)
    if not key:
        raise Refused("award.no-key", KEYLESS.format(organisation=transcript.candidacy.degree.organisation.short))
    claims: dict[str, Any] = {"iss": key.did, "jti": transcript.code, "iat": int(transcript.at.timestamp())}
    claims["transcript"] = json.loads(transcript.content)
    return jwt.encode(claims, keys.private(key.public), algorithm=ALGORITHM, headers={"kid": key.method})


def keep_signed(transcript: Transcript, token: str) -> None:
    keep_token(transcript, token=token)
    record("transcript.signed", transcript, about=transcript.candidacy.person)
