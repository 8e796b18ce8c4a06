"""Who may do what with series, sessions and slots."""

from django.db.models import Q, QuerySet

from dure.calendar.models import Booking, Feed, Role, Series, Slot
from dure.people.models import Organisation, Person
from dure.people.rules import administered_by, is_operator, may_change_organisation


def may_open_series(actor: Person, organisation: Organisation) -> bool:
    return may_change_organisation(actor, organisation)


def may_run(actor: Person, series: Series) -> bool:
    """Plan, show codes, mark, decide on excuses: its teachers and its organisation's administrators."""
    if not actor.is_active:
        return False
    teaches = series.attendees.filter(person=actor, role=Role.TEACHER, left_at=None).exists()
    return teaches or may_change_organisation(actor, series.organisation)


def takes_part(actor: Person, series: Series) -> bool:
    return actor.is_active and series.attendees.filter(person=actor, left_at=None).exists()


def may_see(actor: Person, series: Series) -> bool:
    return takes_part(actor, series) or may_run(actor, series)


def may_release(actor: Person, booking: Booking) -> bool:
    """Whoever booked it, its hosts, and whoever runs the series."""
    own = actor.pk == booking.person_id or actor in booking.slot.hosts
    return actor.is_active and (own or may_run(actor, booking.slot.series))


def may_withdraw_slot(actor: Person, slot: Slot) -> bool:
    return actor.is_active and (actor in slot.hosts or may_run(actor, slot.series))


def feed_is_open(feed: Feed) -> bool:
    """A feed shows as long as it was not revoked and its person may see what it shows."""
    if feed.revoked_at or not feed.person.is_active:
        return False
    return feed.series is None or may_see(feed.person, feed.series)


def run_by(actor: Person) -> "QuerySet[Series]":
    """The series that somebody runs, the newest first."""
    rows = Series.objects.order_by("-pk")
    if is_operator(actor):
        return rows
    taught = actor.attended_series.filter(role=Role.TEACHER, left_at=None).values("series")
    return rows.filter(Q(organisation__in=administered_by(actor)) | Q(pk__in=taught))
