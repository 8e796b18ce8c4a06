"""Feeds: private addresses, issued, changed and revoked."""

from django.db import transaction

from dure.audit.operations import record
from dure.calendar.models import Feed, Series
from dure.core import clock
from dure.people.keys import Issued, new_secret, sha256_of
from dure.people.models import Person


@transaction.atomic
def issue_feed(person: Person, *, series: Series | None = None) -> Issued[Feed]:
    """A new address for somebody's own calendar, or for one series; the one before shows nothing any more."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # one at a time, so that one stays
    Feed.objects.filter(person=person, series=series, revoked_at=None).update(revoked_at=clock.now())
    secret = new_secret()
    feed = Feed.objects.create(person=person, series=series, sha256=sha256_of(secret))
    record("feed.issued", feed, after={"series": str(series.pk) if series else ""}, about=person)
    return Issued(feed, secret)


@transaction.atomic
def revoke_feed(feed: Feed) -> None:
    """Its address shows nothing from now on."""
    if Feed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=clock.now()):
        record("feed.revoked", feed, about=feed.person)
