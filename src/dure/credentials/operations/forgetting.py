"""What is kept of somebody who is forgotten: that something was issued, and whether it holds, for the lists' sake."""

from django.db import transaction

from dure.audit.operations import erase_texts
from dure.credentials.models import Credential, CredentialState
from dure.credentials.models.credentials import new_share
from dure.credentials.operations.proposing import decline
from dure.people.models import Person

GONE = "–"


@transaction.atomic
def forget(person: Person) -> None:
    """Erase what their credentials say, close their pages and links, and decline what was only proposed.

    What they hold themselves goes on to verify elsewhere: its proof and its bit in the status list stay.
    """
    own = Credential.objects.filter(person=person)
    for row in own.filter(state=CredentialState.PROPOSED):
        decline(row, reason=GONE, by=person)
    for row in own.only("pk"):
        erase_texts(row)
        own.filter(pk=row.pk).update(share=new_share())
    own.update(document="", token="", reason="", public=False)
