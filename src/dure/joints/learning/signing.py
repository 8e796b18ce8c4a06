"""Transcripts are signed as a token and as a credential, with their institution's key, which workers alone read."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import jwt

from dure.audit.operations import record
from dure.core.errors import Refused
from dure.core.text import Text
from dure.credentials import keys
from dure.credentials.addresses import home
from dure.credentials.contexts import BADGE
from dure.credentials.documents import Document, both, identifiers_of, issuer_of, paragraphs
from dure.credentials.models import SigningKey
from dure.credentials.moments import written
from dure.credentials.proofs import proven
from dure.credentials.queries import active_key, issuer_called
from dure.credentials.signing import text_of
from dure.credentials.tokens import ALGORITHM
from dure.joints.learning.degrees import KEYLESS
from dure.learning.models import Transcript
from dure.learning.operations.degrees import keep_token

MOST_GRADE = "4.5"
NAME = Text(ko="{title} 성적 증명", en="Transcript: {title}")
WHAT = Text(ko="{on} 기준 이수 기록입니다.", en="Credits earned as of {on}.")
EARNED = Text(ko="각 과목의 학점을 취득합니다.", en="Earn the credits of each course.")
COURSE = Text(ko="{title}, {credits}학점", en="{title}, credits: {credits}")


@dataclass(frozen=True)
class Signed:
    """``token``: a compact JWS over what it says; ``document``: Open Badges 3.0 with its Data Integrity proof."""

    token: str
    document: str


def signed(transcript: Transcript) -> Signed:
    """Both, by the institution's key. Raises Refused("award.no-key")."""
    key = _key_of(transcript)
    private = keys.private(key.public)
    proof = proven(credential_of(transcript, key=key), key=private, method=key.method, at=transcript.at)
    return Signed(_token(transcript, key), text_of(proof))


def keep_signed(transcript: Transcript, made: Signed) -> None:
    keep_token(transcript, token=made.token, document=made.document)
    record("transcript.signed", transcript, about=transcript.candidacy.person)


def _key_of(transcript: Transcript) -> SigningKey:
    organisation = transcript.candidacy.degree.organisation
    issuer = issuer_called(organisation.short)
    key = issuer and active_key(issuer)
    if not key:
        raise Refused("award.no-key", KEYLESS.format(organisation=organisation.short))
    return key


def _token(transcript: Transcript, key: SigningKey) -> str:
    claims: dict[str, Any] = {"iss": key.did, "jti": transcript.code, "iat": int(transcript.at.timestamp())}
    claims["transcript"] = json.loads(transcript.content)
    return jwt.encode(claims, keys.private(key.public), algorithm=ALGORITHM, headers={"kid": key.method})


def credential_of(transcript: Transcript, *, key: SigningKey) -> Document:
    """What it says as a credential: one achievement, whose results are the courses with their grades.

    A transcript is of a day and is never taken back, so it has no status. What does not count stays out.
    """
    said, candidacy = json.loads(transcript.content), transcript.candidacy
    counted = [row for row in said["records"] if not row["left_out"]]
    about = {"title": Text(**said["title"]), "on": said["on"]}
    described = [_described(transcript, number, row) for number, row in enumerate(counted)]
    results = [
        {"type": ["Result"], "resultDescription": f"{transcript.pk.urn}#course-{number}", "value": row["grade"]}
        for number, row in enumerate(counted) if row["grade"] is not None
    ]  # fmt: skip
    achievement: Document = {
        "id": f"{home()}/transcripts/{transcript.code}/",
        "type": ["Achievement"],
        "achievementType": "ext:Transcript",
        "name": both(NAME.format(**about)),
        "description": paragraphs(WHAT.format(**about)),
        "criteria": {"narrative": paragraphs(EARNED)},
        "inLanguage": "ko",
        **({"resultDescription": described} if described else {}),
    }
    return {
        "@context": BADGE,
        "id": transcript.pk.urn,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement["name"],
        "issuer": issuer_of(candidacy.degree.organisation, key),
        "validFrom": written(transcript.at),
        "awardedDate": written(transcript.at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": identifiers_of(candidacy.person),
            "creditsEarned": _number(sum((Decimal(row["credits"]) for row in counted), Decimal(0))),
            **({"result": results} if results else {}),
            "achievement": achievement,
        },
    }


def _number(amount: Decimal) -> int | float:
    """Whole where it is whole: readers elsewhere write 24.0 as 24, and it has to be signed as they write it."""
    return float(amount) if amount % 1 else int(amount)


def _described(transcript: Transcript, number: int, row: dict[str, Any]) -> Document:
    course = COURSE.format(title=Text(**row["title"]), credits=row["credits"])
    return {
        "id": f"{transcript.pk.urn}#course-{number}",
        "type": ["ResultDescription"],
        "name": both(course),
        "resultType": "GradePointAverage",
        "valueMax": MOST_GRADE,
    }
