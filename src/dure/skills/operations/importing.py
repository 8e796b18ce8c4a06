"""Editions of taxonomies brought in: new, renamed, changed, retired; the same again changes nothing."""

from django.db import transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.people.models import Person
from dure.skills.importing.own import ABOUT, VERSION, read_own, starter_files
from dure.skills.importing.records import Read
from dure.skills.models import Edition, Taxonomy
from dure.skills.operations.comparing import Report, compare
from dure.skills.operations.rewriting import write

LONGEST_VERSION = 40
_FLAWED = Text(
    ko="{n}곳을 고쳐야 합니다. 아무것도 가져오지 않았습니다. 파일을 고쳐 다시 시도하세요.",
    en="{n} places must be corrected. Nothing was brought in: correct the files and try again.",
)
_VERSION = Text(ko="판의 이름을 40자 이내로 쓰세요(예: 29.0).", en="Name the version, in at most 40 letters: 29.0.")


@transaction.atomic
def bring_in(read: Read, *, version: str, by: Person | None, dry_run: bool = False) -> Report:
    """Bring an edition in, or only tell what that would change.

    Raises Flawed("taxonomy.flawed") with every flaw and its row, Flawed("taxonomy.version").
    """
    named = version.strip()
    if not 0 < len(named) <= LONGEST_VERSION:
        raise Flawed("taxonomy.version", _VERSION)
    if read.flaws:
        told = [flaw.as_dict() for flaw in read.flaws]
        raise Flawed("taxonomy.flawed", _FLAWED.format(n=len(told)), errors=told)
    report = Report(read.about.key, named, dry=dry_run)
    found = compare(read, report)
    same = Edition.objects.filter(taxonomy__key=read.about.key, version=named, sha256=read.sha256)
    report.known = report.is_idle and same.exists()
    if not (dry_run or report.known):
        write(found, edition=_edition(read, report, by))
    return report


def _edition(read: Read, report: Report, by: Person | None) -> Edition:
    about = read.about
    told = {
        "title_ko": about.title.ko, "title_en": about.title.en, "licence": about.licence, "address": about.address,
        "attribution_ko": about.attribution.ko, "attribution_en": about.attribution.en,
    }  # fmt: skip
    taxonomy, _ = Taxonomy.objects.update_or_create(key=about.key, defaults=told)
    counts = {name: part.counts for name, part in report.parts.items()}
    edition, _ = Edition.objects.update_or_create(
        taxonomy=taxonomy, version=report.version, sha256=read.sha256,
        defaults={"by": by, "at": clock.now(), "report": counts},
    )  # fmt: skip
    record("taxonomy.imported", edition, after={"taxonomy": about.key, "version": report.version, **counts})
    return edition


def keep_starter() -> Report | None:
    """Bring the set in that comes with Dure; None where somebody put another in its place."""
    if Edition.objects.filter(taxonomy__key=ABOUT.key).exclude(by=None).exists():
        return None
    return bring_in(read_own(starter_files()), version=VERSION, by=None)
