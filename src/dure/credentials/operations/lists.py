"""Status lists: places in them, and the job that signs them anew."""

import secrets
from collections.abc import Mapping
from uuid import UUID

from django.db.models import F

from dure.core import clock
from dure.credentials.bits import SIZE, place
from dure.credentials.models import Issuer, StatusList
from dure.jobs.operations import enqueue

SIGN_LIST = "credentials.sign-list"
SEED_BYTES = 16


def take_places(issuer: Issuer, number: int) -> tuple[StatusList, list[int]]:
    """As many places of one list that nobody else gets: the counter goes up in one statement, before anybody reads.

    At most ``bits.SIZE`` at once. A list without room for all is left as it is, and a new one begun.
    """
    listed = issuer.status_lists.order_by("-pk").first()
    if listed is None or not _take(listed, number):
        listed = StatusList.objects.create(issuer=issuer, seed=secrets.token_bytes(SEED_BYTES), taken=number)
        publish_list(listed)
    listed.refresh_from_db(fields=["taken"])
    seed = bytes(listed.seed)
    return listed, [place(count, seed=seed) for count in range(listed.taken - number, listed.taken)]


def _take(listed: StatusList, number: int) -> bool:
    room = StatusList.objects.filter(pk=listed.pk, taken__lte=SIZE - number)
    return room.update(taken=F("taken") + number) == 1


def publish_lists(issuer: Issuer) -> None:
    """Have every list of an issuer signed anew."""
    for listed in issuer.status_lists.all():
        publish_list(listed)


def publish_list(listed: StatusList) -> None:
    """Have a list signed as it is when the worker comes to it; asked for twice, it is done once."""
    enqueue(SIGN_LIST, arguments={"listed": listed.pk}, key=f"{SIGN_LIST}:{listed.pk}", priority=1)


def keep_lists(listed: UUID, signed: Mapping[str, str]) -> None:
    """What verifiers are given from now on, by purpose."""
    StatusList.objects.filter(pk=listed).update(**signed, signed_at=clock.now())
