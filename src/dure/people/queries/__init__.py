"""Every read of this room that two callers share."""

from dure.people.queries.belonging import (
    colleagues_of,
    invitation_by,
    invitations_for,
    invitations_to,
    mates_in,
    merges_of,
    organisations_of,
    teams_of,
    verified_emails_of,
)
from dure.people.queries.conflicts import Ties, conflicts_between, ties
from dure.people.queries.consent import consenting, consents_of, has_consented
from dure.people.queries.known import (
    Known,
    Value,
    history_of,
    known,
    known_of_organisations,
    sources_of,
)
from dure.people.queries.names import by_name, likeliest_persons, persons_called
from dure.people.queries.notices import exports_of, muted_by, notices_of, unread_count, unread_of
from dure.people.queries.providers import domains_of, provider_for, provider_of
from dure.people.queries.tokens import has_second_factor, signed_in_since, tokens_of

__all__ = [
    "Known",
    "Ties",
    "Value",
    "by_name",
    "colleagues_of",
    "conflicts_between",
    "consenting",
    "consents_of",
    "domains_of",
    "exports_of",
    "has_consented",
    "has_second_factor",
    "history_of",
    "invitation_by",
    "invitations_for",
    "invitations_to",
    "known",
    "known_of_organisations",
    "likeliest_persons",
    "mates_in",
    "merges_of",
    "muted_by",
    "notices_of",
    "organisations_of",
    "persons_called",
    "provider_for",
    "provider_of",
    "signed_in_since",
    "sources_of",
    "teams_of",
    "ties",
    "tokens_of",
    "unread_count",
    "unread_of",
    "verified_emails_of",
]
