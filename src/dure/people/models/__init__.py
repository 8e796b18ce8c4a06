"""Persons and organisations, how they belong together, what was stated and known about them, what they are told."""

from dure.people.models.belonging import (
    INVITATION_MOVES,
    Invitation,
    InvitationState,
    Membership,
    Memberships,
    Organisation,
    OrganisationKind,
    Role,
)
from dure.people.models.known import Bond, Consent, KnownFact, Relation, Source
from dure.people.models.persons import Answer, ApiToken, NamePart, People, Person
from dure.people.models.providers import Domain, IdentityProvider, Protocol
from dure.people.models.teams import (
    MERGE_MOVES,
    CodeTries,
    MergeState,
    Team,
    TeamBound,
    TeamCode,
    TeamMember,
    TeamMerge,
)
from dure.people.models.told import (
    ALWAYS_MAILED,
    EXPORT_LASTS,
    EXPORT_MOVES,
    EXPORT_TAKES,
    MAILED_BY_CHOICE,
    NEVER_MAILED,
    Export,
    ExportState,
    Muted,
    Notice,
    NoticeKind,
)

__all__ = [
    "ALWAYS_MAILED", "EXPORT_LASTS", "EXPORT_MOVES", "EXPORT_TAKES", "INVITATION_MOVES",
    "MAILED_BY_CHOICE", "MERGE_MOVES", "NEVER_MAILED",
    "Answer", "ApiToken", "Bond", "CodeTries", "Consent", "Domain", "Export", "ExportState", "IdentityProvider",
    "Invitation", "InvitationState", "KnownFact", "Membership", "Memberships", "MergeState", "Muted", "NamePart",
    "Notice", "NoticeKind", "Organisation", "OrganisationKind", "People", "Person", "Protocol", "Relation", "Role",
    "Source", "Team", "TeamBound", "TeamCode", "TeamMember", "TeamMerge",
]  # fmt: skip
