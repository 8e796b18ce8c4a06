"""What workers do for this room: sign credentials and status lists, and sweep. They alone read private keys."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from dure.core import clock
from dure.credentials import signing
from dure.credentials.models import Batch, StatusList, Version
from dure.credentials.operations.lists import SIGN_LIST, keep_lists
from dure.credentials.operations.proposing import SIGN
from dure.credentials.operations.renewing import warn_of_ends
from dure.credentials.operations.signing import keep_signed
from dure.credentials.pictures import SHELF
from dure.jobs.leases import Lost
from dure.jobs.registry import Claim, Effect, long_task, task


@long_task(SIGN)
def sign(claim: Claim, *, batch: str, first: str, last: str) -> Effect:
    """Sign a piece of a batch; what was signed meanwhile is left alone."""
    row = Batch.objects.select_related("achievement__issuer").get(pk=batch)
    key, at, done = signing.key_of(row.achievement.issuer), clock.now(), []
    for credential in signing.waiting(row.pk, first=UUID(first), last=UUID(last)):
        if claim.lost.is_set():
            raise Lost(claim)
        done.append(signing.signed(credential, key=key, at=at))
    return partial(keep_signed, row, done, key=key, at=at)


@long_task("credentials.sweep", every=timedelta(days=1))
def sweep(_claim: Claim) -> Effect:
    """Remove pictures that no version names, left by a form that was refused."""
    SHELF.sweep(lambda: set(Version.objects.values_list("image", flat=True)))
    return lambda: None


@task("credentials.warn-of-ends", every=timedelta(minutes=15))
def tell_ends() -> None:
    warn_of_ends()


@long_task(SIGN_LIST)
def sign_list(_claim: Claim, *, listed: str) -> Effect:
    """Sign a status list as it stands now; the job runs again for whatever changes while it does."""
    row = StatusList.objects.select_related("issuer__organisation").get(pk=listed)
    return partial(keep_lists, row.pk, signing.signed_lists(row, at=clock.now()))
