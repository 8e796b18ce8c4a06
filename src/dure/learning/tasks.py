"""What workers do for learning: read catalogues, ask live ones every day, sweep files."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from dure.core.errors import Refused, Unready
from dure.jobs.registry import Claim, Effect, long_task, task
from dure.learning.files import SHELF
from dure.learning.models import Connection, Format, Import, ImportState
from dure.learning.mslearn import listing_of, read_catalogue
from dure.learning.operations import imports
from dure.learning.platform import Platform
from dure.learning.records import Listing
from dure.learning.tables import read_table


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
