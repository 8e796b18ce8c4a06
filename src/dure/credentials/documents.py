"""What a credential says, before it is signed: Open Badges 3.0 on the W3C's data model 2.0.

Names and sentences that readers elsewhere show as they stand are written in both languages, Korean first. Revocation
and suspension have an entry each, as the W3C has it; 1EdTech's own JSON schema knows one entry, so it is not named.
"""

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any

from dure.core.text import Text
from dure.credentials import addresses
from dure.credentials.bits import encoded_list
from dure.credentials.contexts import BADGE, STATUS_LIST
from dure.credentials.models import Alignment, Credential, Kind, SigningKey, StatusList, Version
from dure.credentials.moments import written
from dure.people.days import day_of
from dure.people.models import Organisation, Person
from dure.skills.models import Evidence

Document = dict[str, Any]
TYPES = {
    Kind.BADGE: "Badge",
    Kind.CERTIFICATE: "Certificate",
    Kind.DEGREE: "Degree",
    Kind.TITLE: "ext:Title",
    Kind.LICENCE: "License",
}


def badge_of(credential: Credential, *, key: SigningKey, at: datetime) -> Document:
    """The document of a credential that is issued at that moment.

    Reads ``version.achievement.issuer.organisation``, ``version.alignments``, ``person`` and ``evidence``.
    """
    version, day = credential.version, day_of(at)
    organisation = version.achievement.issuer.organisation
    until = {"validUntil": written(credential.valid_until)} if credential.valid_until else {}
    evidence = [_evidence(row) for row in credential.evidence.all()]
    return {
        "@context": BADGE,
        "id": credential.pk.urn,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": both(version.name_on(day)),
        "issuer": issuer_of(organisation, key),
        "validFrom": written(at),
        "awardedDate": written(at),
        **until,
        "credentialSubject": _subject(credential, at),
        **({"evidence": evidence} if evidence else {}),
        "credentialStatus": [_status(credential, organisation, purpose) for purpose in addresses.PURPOSES],
    }


def both(text: Text) -> str:
    """``한국어 (English)``; once where both are the same."""
    return text.ko if text.ko == text.en else f"{text.ko} ({text.en})"


def paragraphs(text: Text) -> str:
    return text.ko if text.ko == text.en else f"{text.ko}\n\n{text.en}"


def issuer_of(organisation: Organisation, key: SigningKey) -> Document:
    return {
        "id": key.did,
        "type": ["Profile"],
        "name": both(organisation.title),
        "url": addresses.profile(organisation.short),
    }


def _subject(credential: Credential, at: datetime) -> Document:
    level = credential.version.level
    result = {"type": ["Result"], "resultDescription": f"{credential.version.pk.urn}#level", "value": level}
    return {
        "type": ["AchievementSubject"],
        "identifier": identifiers_of(credential.person),
        **({"result": [result]} if level else {}),
        "achievement": _achievement(credential.version, at),
    }


def identifiers_of(person: Person) -> list[Document]:
    """Whose it is: the name to be read, the address hashed with a salt, so that who knows it can compare it."""
    salt = secrets.token_urlsafe(12)
    hashed = sha256(f"{person.email}{salt}".encode()).hexdigest()
    address: Document = {
        "type": "IdentityObject", "hashed": True, "identityHash": f"sha256${hashed}",
        "identityType": "emailAddress", "salt": salt,
    }  # fmt: skip
    name = {"type": "IdentityObject", "hashed": False, "identityHash": person.name, "identityType": "name"}
    return [address, name] if person.name else [address]


def _achievement(version: Version, at: datetime) -> Document:
    day = day_of(at)
    described = {
        "id": f"{version.pk.urn}#level",
        "type": ["ResultDescription"],
        "name": "수준 (Level)",
        "resultType": "ext:Level",
    }
    aligned = [_alignment(row) for row in version.alignments.all()]
    return {
        "id": addresses.achievement(version.pk),
        "type": ["Achievement"],
        "achievementType": TYPES[version.kind_on(day)],
        "name": both(version.name_on(day)),
        "description": paragraphs(version.description),
        "criteria": {"narrative": paragraphs(version.criteria)},
        "image": {"id": addresses.picture(version.pk), "type": "Image"},
        "humanCode": version.achievement.code,
        "version": str(version.number),
        "inLanguage": "ko",
        **({"resultDescription": [described]} if version.level else {}),
        **({"alignment": aligned} if aligned else {}),
    }


def _alignment(row: Alignment) -> Document:
    skill = row.skill
    return {
        "type": ["Alignment"],
        "targetName": both(skill.name),
        "targetUrl": skill.uri or skill.pk.urn,
        "targetCode": skill.code,
        "targetFramework": both(skill.taxonomy.title),
        "targetType": "ext:Skill",
        **({"targetDescription": f"수준 {row.level} (level {row.level} of 5)"} if row.level else {}),
    }


def _evidence(row: Evidence) -> Document:
    """That it is there and what it is, with the hash by which it is known here; what it says stays here."""
    return {
        "id": row.pk.urn,
        "type": ["Evidence"],
        "name": row.kind,
        "genre": row.via,
        "narrative": f"{written(row.recorded_at)} sha256:{row.sha256}",
    }


def _status(credential: Credential, organisation: Organisation, purpose: str) -> Document:
    assert credential.status_list_id  # noqa: S101 -- whatever is approved has its place
    address = addresses.status_list(organisation.short, credential.status_list_id, purpose)
    return {
        "id": f"{address}#{credential.status_index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(credential.status_index),
        "statusListCredential": address,
    }


def status_list_of(listed: StatusList, purpose: str, *, places: list[int], key: SigningKey, at: datetime) -> Document:
    """The credential that tells which of a list's are revoked, or suspended."""
    address = addresses.status_list(listed.issuer.organisation.short, listed.pk, purpose)
    return {
        "@context": STATUS_LIST,
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": key.did,
        "validFrom": written(at),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded_list(places),
        },
    }
