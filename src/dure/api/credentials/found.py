"""What an address names, for whoever asks."""

from uuid import UUID

from dure.api.find import allow, one
from dure.core.text import Text
from dure.credentials import rules
from dure.credentials.models import Achievement, Credential, Issuer
from dure.credentials.queries import WITH
from dure.people.models import Person

ISSUER = Text(ko="발급 기관", en="issuer")
ACHIEVEMENT = Text(ko="수여 항목", en="achievement")
CREDENTIAL = Text(ko="자격", en="credential")
NOT_YOURS = "credentials.not-yours"


def run_issuer(person: Person, short: str) -> Issuer:
    """The issuer, for whoever runs it."""
    rows = Issuer.objects.select_related("organisation")
    issuer = one(rows, "credentials.issuer-missing", ISSUER, organisation__short=short)
    allow(rules.may_run(person, issuer), NOT_YOURS)
    return issuer


def run_achievement(person: Person, short: str, code: str) -> Achievement:
    rows = run_issuer(person, short).achievements.select_related("current", "issuer__organisation")
    return one(rows.filter(code=code), "credentials.achievement-missing", ACHIEVEMENT)


def seen_credential(person: Person, credential_id: UUID) -> Credential:
    """For its holder once it is issued, and for whoever runs its issuer."""
    rows = Credential.objects.select_related(*WITH, "status_list")
    found = one(rows, "credentials.missing", CREDENTIAL, pk=credential_id)
    if rules.may_run(person, found.achievement.issuer) or (found.is_signed and rules.holds(person, found)):
        return found
    return one(rows.none(), "credentials.missing", CREDENTIAL)


def run_credential(person: Person, credential_id: UUID) -> Credential:
    found = seen_credential(person, credential_id)
    allow(rules.may_run(person, found.achievement.issuer), NOT_YOURS)
    return found


def held_credential(person: Person, credential_id: UUID) -> Credential:
    found = seen_credential(person, credential_id)
    allow(rules.holds(person, found), NOT_YOURS)
    return found
