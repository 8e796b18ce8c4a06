"""What audits find is kept beside each candidate, so that lists of very many need not audit them."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from dure.jobs.operations import enqueue
from dure.learning.models import UNDECIDED, Candidacy
from dure.learning.queries.degrees import WITH, audits_of
from dure.match.audits import Audit
from dure.people.days import today
from dure.store.bulk import update_rows

AUDIT = "learning.audit"
PIECE = 200  # a moment's work, for nobody else writes meanwhile


@transaction.atomic
def keep_audits(candidacies: Iterable[Candidacy]) -> dict[UUID, Audit]:
    """Audit them as of today and keep whether all is met and how many credits are missing."""
    found, day = audits_of(candidacies), today()
    rows = [(audit.met, audit.further, day, pk) for pk, audit in found.items()]
    update_rows(Candidacy, ("met", "further", "audited_on"), rows)
    return found


@transaction.atomic
def audit_later(candidacies: Iterable[UUID]) -> None:
    """Have a worker audit them, for what is asked or what they have is another than before."""
    Candidacy.objects.filter(pk__in=list(candidacies)).update(audited_on=None)
    enqueue(AUDIT, key=AUDIT)


def audit_next() -> None:
    """Audit a piece of those who were not audited today; whoever is left comes next."""
    due = Candidacy.objects.filter(Q(audited_on=None) | Q(audited_on__lt=today()), state__in=UNDECIDED)
    piece = list(due.select_related(*WITH).order_by("pk")[:PIECE])
    keep_audits(piece)
    if len(piece) == PIECE:
        enqueue(AUDIT, key=AUDIT)
