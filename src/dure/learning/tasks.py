"""What workers do for learning: read catalogues, ask live ones every day, sweep files."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from dure.core.errors import Refused, Unready
from dure.jobs.registry import Claim, Effect, long_task, task
from dure.learning.files import SHELF
from dure.learning.models import Cohort, Connection, Format, Import, ImportState, LearningPath
from dure.learning.mslearn import listing_of, read_catalogue
from dure.learning.operations import imports, paths
from dure.learning.operations.degrees.auditing import AUDIT, audit_later, audit_next
from dure.learning.operations.paths.planning import PLAN, SECONDS
from dure.learning.operations.revisions import look_for_lag
from dure.learning.platform import Platform
from dure.learning.queries.briefs import brief_of
from dure.learning.records import Listing
from dure.learning.tables import read_table
from dure.match.paths import shortest
from dure.people.days import today


@long_task(imports.IMPORT)
def import_catalogue(claim: Claim, *, made: str) -> Effect:
    """Read what was sent, or ask; a catalogue that cannot be read is refused, one that cannot be had is tried again."""
    row = Import.objects.select_related("provider__connection", "by").get(pk=made)
    if row.state != ImportState.WAITING:
        return lambda: None
    try:
        listings = _listings(row)
    except Unready as later:
        if claim.attempt < claim.most_attempts:
            raise
        return partial(imports.refuse, row, later)
    except Refused as why:
        return partial(imports.refuse, row, why)
    imports.note_progress(row, done=0, of=sum(len(listing.records) for listing in listings))
    return partial(imports.take_in, row, listings)


def _listings(row: Import) -> Sequence[Listing]:
    if row.format == Format.PLATFORM:
        connection = Connection.objects.get(provider=row.provider)
        return [listing_of(told, feed=locale) for locale, told in Platform(connection).catalogues()]
    read = read_table if row.format == Format.TABLE else read_catalogue
    return [read(SHELF.path_of(row.sha256).read_bytes())]


@task("learning.refresh", every=timedelta(days=1))
def refresh() -> None:
    imports.refresh(Connection.objects.filter(daily=True).values_list("provider", flat=True))


@task("learning.sweep", every=timedelta(days=1))
def sweep() -> None:
    imports.sweep()


@long_task(PLAN)
def plan_path(_claim: Claim, *, path: str) -> Effect:
    """Look for the shortest way as things are now; whoever asks for another meanwhile has it looked for again."""
    row = LearningPath.objects.select_related("person", "role").filter(pk=UUID(path), left_at=None).first()
    if row is None:
        return lambda: None
    brief = brief_of(row, without=set(row.without.values_list("pk", flat=True)), on=today())
    found = shortest(brief.items, brief.wish, seconds=SECONDS)
    return partial(paths.settle, row, brief, found, asked=row.asked)


@task(paths.LOOK)
def look_at_cohort(*, cohort: str, planned: int) -> None:
    paths.look_at_cohort(Cohort.objects.select_related("course").get(pk=UUID(cohort)), planned=bool(planned))


@task("learning.renew-paths", every=timedelta(hours=1))
def renew_paths() -> None:
    """A new week begins on Monday; some at a time."""
    paths.renew_old(on=today())


@task("learning.look-for-lag", every=timedelta(days=1))
def look_for_revisions() -> None:
    look_for_lag(on=today())


@task(AUDIT)
def audit_degrees() -> None:
    audit_next()


@task("learning.audit-daily", every=timedelta(days=1))
def audit_daily() -> None:
    """Credits run out and recognition begins on days of their own."""
    audit_later(())
