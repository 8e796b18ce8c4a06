"""Who may do what with an issuer's achievements and credentials."""

from dure.credentials.models import Credential, Issuer
from dure.people.models import Person
from dure.people.rules import administers, is_operator


def may_run(actor: Person, issuer: Issuer) -> bool:
    """Define achievements, see who has them, sign off, suspend, revoke, renew: whoever looks after the organisation."""
    return is_operator(actor) or administers(actor, issuer.organisation)


def holds(actor: Person, credential: Credential) -> bool:
    """It is theirs: they alone say what of it is public."""
    return actor.is_active and actor.pk == credential.person_id
