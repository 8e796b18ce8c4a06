"""What an address names, for whoever may see it. Raises Missing for everybody else."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from dure.core.errors import Forbidden, Missing
from dure.core.text import Text
from dure.learning import rules
from dure.learning.models import Candidacy, CreditRecord, Degree
from dure.learning.queries.degrees import WITH
from dure.site.visitors import person_of
from dure.store.worded import found

NO_DEGREE = Text(
    ko="찾으시는 학위 과정이 없습니다. 주소를 확인하세요.", en="There is no such degree. Check the address."
)
NOT_YOURS = Text(
    ko="이 학위의 학적 담당자만 할 수 있습니다. 담당자에게 요청하세요.",
    en="Only the registrars of this degree may do this. Ask one of them.",
)


def degree_worked_for(request: HttpRequest, key: str) -> Degree:
    """The degree, for its registrars and its committee."""
    found = Degree.objects.select_related("organisation", "current").filter(key=key).first()
    if found is None or not rules.works_for(person_of(request), found):
        raise Missing("degree.missing", NO_DEGREE)
    return found


def degree_kept(request: HttpRequest, key: str) -> Degree:
    """The degree, for its registrars. Raises Forbidden for its committee."""
    found = degree_worked_for(request, key)
    if not rules.may_keep(person_of(request), found):
        raise Forbidden("degree.not-yours", NOT_YOURS)
    return found


def candidacy_seen(request: HttpRequest, candidacy_id: UUID) -> Candidacy:
    """Somebody on the way, for themselves, their advisor and those who work for the degree."""
    candidacy = next(iter(found(_candidacy, candidacy_id)), None)
    if candidacy is None or not rules.may_see_candidacy(person_of(request), candidacy):
        raise Missing("candidate.missing", NO_DEGREE)
    return candidacy


def _candidacy(candidacy: UUID) -> "QuerySet[Candidacy]":
    return Candidacy.objects.select_related(*WITH, "degree__current").filter(pk=candidacy)


def candidacy_kept(request: HttpRequest, candidacy_id: UUID) -> Candidacy:
    """The same, for registrars."""
    found = candidacy_seen(request, candidacy_id)
    if not rules.may_keep(person_of(request), found.degree):
        raise Forbidden("degree.not-yours", NOT_YOURS)
    return found


def credit_kept(request: HttpRequest, credit_id: UUID) -> CreditRecord:
    """A record that stands, for registrars."""
    rows = CreditRecord.objects.select_related("issuer", "source", "evidence")
    row = rows.filter(pk=credit_id, replaced_by=None, struck=False).first()
    if row is None:
        raise Missing("credit.missing", NO_DEGREE)
    row.candidacy = candidacy_kept(request, row.candidacy_id)
    return row


def frame(request: HttpRequest, degree: Degree, *, tab: str) -> dict[str, Any]:
    """What the frame of a degree's pages shows."""
    person = person_of(request)
    return {
        "degree": degree, "tab": tab, "keeps": rules.may_keep(person, degree),
        "awards": rules.may_award(person, degree), "seats": rules.may_seat(person, degree),
    }  # fmt: skip
