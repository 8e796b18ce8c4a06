"""Catalogues brought in: accepted at once, worked off by a worker, written down."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.learning.events import CatalogueImported
from dure.learning.files import MOST_CATALOGUE, SHELF
from dure.learning.importing import Comparison, Report
from dure.learning.models import (
    IMPORT_MOVES,
    Connection,
    Format,
    Import,
    ImportState,
    LessonFile,
    Provider,
    WorkFile,
)
from dure.learning.records import Listing
from dure.people.models import Person
from dure.store.models import move

IMPORT = "learning.import"
_NOT_CONNECTED = Text(
    ko="실시간 카탈로그가 연결되어 있지 않습니다. 연결 정보를 먼저 저장하세요.",
    en="No live catalogue is connected. Save the connection first.",
)


def bring_in(
    provider: Provider,
    content: Iterable[bytes],
    *,
    by: Person,
    format: str = Format.CATALOGUE,  # noqa: A002 -- the word
    name: str = "",
    checks_only: bool = False,
) -> Import:
    """Take a catalogue in; a worker reads it, and only looks what it would change where ``checks_only``.

    Raises TooLarge, Refused("file.empty").
    """
    with SHELF.received(content, most=MOST_CATALOGUE) as file:
        SHELF.keep(file)
        return _begin(provider, by=by, format=format, name=name[:200], sha256=file.sha256, checks_only=checks_only)


def ask_platform(provider: Provider, *, by: Person | None, checks_only: bool = False) -> Import:
    """Have a worker ask the provider's live catalogue. Raises Refused("connection.missing")."""
    if not Connection.objects.filter(provider=provider).exists():
        raise Refused("connection.missing", _NOT_CONNECTED)
    return _begin(provider, by=by, format=Format.PLATFORM, checks_only=checks_only)


def carry_on(checked: Import, *, by: Person) -> Import:
    """Do what a check looked at: the same file again, this time for good."""
    told = {"format": checked.format, "name": checked.name, "sha256": checked.sha256}
    return _begin(checked.provider, by=by, checks_only=False, **told)


@transaction.atomic
def _begin(provider: Provider, *, by: Person | None, checks_only: bool, **told: str) -> Import:
    made = Import.objects.create(provider=provider, by=by, checks_only=checks_only, **told)
    record("catalogue.sent", made, after={"provider": provider.key, "check": checks_only, **told})
    enqueue(IMPORT, arguments={"made": made.pk}, key=f"{IMPORT}:{made.pk}")
    return made


def note_progress(made: Import, *, done: int, of: int) -> None:
    Import.objects.filter(pk=made.pk).update(done=done, of=of)


@transaction.atomic
def take_in(made: Import, listings: Sequence[Listing]) -> Import:
    """Compare and, unless it only checks, write: all of it or nothing."""
    reports = [_take_in(made, listing) for listing in listings]
    report = _together(reports)
    records = sum(len(listing.records) for listing in listings)
    move(
        made, ImportState.DONE, by=IMPORT_MOVES, report=report.as_dict(), done=records, of=records, ended_at=clock.now()
    )
    counts = report.as_dict()["counts"]
    if made.checks_only:
        record("catalogue.checked", made, after={"counts": counts}, actor=made.by)
        return made
    record("catalogue.imported", made, after={"provider": made.provider.key, "counts": counts}, actor=made.by)
    publish(CatalogueImported(made.provider_id, made.pk))
    return made


def _take_in(made: Import, listing: Listing) -> Report:
    comparison = Comparison(made.provider, listing, whole=made.format != Format.TABLE)
    if not made.checks_only:
        comparison.apply()
    return comparison.report


def _together(reports: Sequence[Report]) -> Report:
    """One report of several catalogues of the same items: each item under what becomes of it first."""
    whole, seen = Report(), set[str]()
    for report in reports:
        for name in ("new", "changed", "same", "retired"):
            getattr(whole, name).extend(key for key in getattr(report, name) if key not in seen)
        seen.update(report.new, report.changed, report.retired)
        whole.dangling += report.dangling
        whole.flaws += report.flaws
    return whole


@transaction.atomic
def refuse(made: Import, why: Refused) -> Import:
    """Nothing was done, and why."""
    flaws = why.facts.get("errors")
    report = {"flaws": flaws} if isinstance(flaws, list) else {}
    record("catalogue.refused", made, after={"code": why.code}, actor=made.by)
    return move(
        made, ImportState.REFUSED, by=IMPORT_MOVES,
        why_ko=why.text.ko, why_en=why.text.en, report=report, ended_at=clock.now(),
    )  # fmt: skip


def refresh(providers: Iterable[UUID]) -> None:
    """Ask live catalogues that are to be asked every day."""
    for provider in Provider.objects.filter(pk__in=providers):
        ask_platform(provider, by=None)


def sweep() -> int:
    """Remove files that no import, no lesson and no work on an assignment tells of."""
    return SHELF.sweep(_known)


def _known() -> set[str]:
    imports = Import.objects.exclude(sha256="").values_list("sha256", flat=True)
    rows = (model.objects.values_list("sha256", flat=True) for model in (LessonFile, WorkFile))
    return set(imports).union(*rows)
