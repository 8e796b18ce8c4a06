"""What a holder lets others see of a credential."""

from django.db import transaction

from dure.audit.operations import record
from dure.credentials.models import Credential
from dure.credentials.models.credentials import new_share


@transaction.atomic
def show(credential: Credential, *, public: bool) -> Credential:
    """Open its page to everybody, or to those alone who have its link."""
    before, credential.public = credential.public, public
    credential.save(update_fields=["public"])
    record("credential.shown", credential, before={"public": before}, after={"public": public})
    return credential


@transaction.atomic
def new_link(credential: Credential) -> Credential:
    """Give it another link; those given away before open nothing from now on, on paper neither."""
    credential.share = new_share()
    credential.save(update_fields=["share"])
    record("credential.link-changed", credential)
    return credential
