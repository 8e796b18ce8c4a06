"""Degrees and who is on the way to them, as pages, endpoints and operations ask for them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from dure.learning.models import Candidacy, CandidacyState, CreditRecord, Degree, DegreeVersion
from dure.learning.requirements import read_requirement
from dure.match.audits import Audit, Record, Requirement, audit
from dure.people.days import today
from dure.people.models import Person
from dure.people.queries.names import persons_called
from dure.people.rules import administered_by, is_operator
from dure.store.chunks import chunked

WITH = ("degree__organisation", "version", "person", "advisor")


def requirement_for(candidacy: Candidacy, *, version: DegreeVersion | None = None) -> Requirement:
    """What is asked of somebody, by the version that holds for them or by another one."""
    source = (version or candidacy.version).source
    return read_requirement(source, home=candidacy.degree.organisation.short).on_track(candidacy.track)


def standing_records(candidacies: Iterable[UUID]) -> "QuerySet[CreditRecord]":
    """Records as they stand, corrections in the place of what they correct, the oldest first."""
    rows = CreditRecord.objects.filter(candidacy__in=candidacies, replaced_by=None, struck=False)
    return rows.select_related("issuer").order_by("earned_on", "id")


def as_record(row: CreditRecord) -> Record:
    """A row as audits read it; its id is the key."""
    return Record(
        str(row.pk), row.issuer.short, row.course, row.credits, row.earned_on, area=row.area, grade=row.grade,
        attendance=row.attendance, transfer=row.transfer, thesis=row.thesis,
    )  # fmt: skip


def audit_of(
    candidacy: Candidacy,
    *,
    on: date | None = None,
    version: DegreeVersion | None = None,
    planned: Sequence[Record] = (),
) -> Audit:
    """What somebody has and lacks on a day (left out: today), as if they had passed what is ``planned``."""
    records = [as_record(row) for row in standing_records([candidacy.pk])]
    return audit([*records, *planned], requirement_for(candidacy, version=version), on=on or today())


def audits_of(candidacies: Iterable[Candidacy]) -> dict[UUID, Audit]:
    """Today's, of very many at once."""
    found, day = dict[UUID, Audit](), today()
    for piece in chunked(candidacies, 500):
        records = defaultdict[UUID, list[Record]](list)
        for row in standing_records(one.pk for one in piece):
            records[row.candidacy_id].append(as_record(row))
        found |= {one.pk: audit(records[one.pk], requirement_for(one), on=day) for one in piece}
    return found


def candidates_of(degree: Degree, *, typed: str = "", group: str = "") -> "QuerySet[Candidacy]":
    """Who is on the way, by name. ``group``: a state, or ``ready``: studying, and the audit finds everything."""
    rows = degree.candidacies.select_related(*WITH)
    if group == "ready":
        rows = rows.filter(state=CandidacyState.STUDYING, met=True)
    elif group:
        rows = rows.filter(state=group)
    else:
        rows = rows.exclude(state=CandidacyState.LEFT)
    if typed:
        rows = rows.filter(Q(person__in=persons_called(typed)) | Q(person__email__istartswith=typed))
    return rows.order_by("person__name_key", "pk")


def own_candidacies(person: Person) -> "QuerySet[Candidacy]":
    return person.candidacies.exclude(state=CandidacyState.LEFT).select_related(*WITH).order_by("pk")


def advised_by(person: Person) -> "QuerySet[Candidacy]":
    """Whom somebody advises, those who are still on the way first."""
    rows = person.advised_candidacies.exclude(state=CandidacyState.LEFT)
    return rows.select_related(*WITH).order_by("-state", "person__name_key", "pk")


def worked_for(person: Person) -> "QuerySet[Degree]":
    """Degrees whose registrar or committee somebody is, or whose institution they look after; by name."""
    rows = Degree.objects.select_related("organisation", "current").order_by("name_key", "pk")
    if is_operator(person):
        return rows
    return rows.filter(Q(pk__in=person.degree_seats.values("degree")) | Q(organisation__in=administered_by(person)))
