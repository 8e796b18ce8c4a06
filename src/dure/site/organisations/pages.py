"""Organisations: what each takes part in and who is there."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dure.core.errors import Missing
from dure.core.text import Text
from dure.people import rules
from dure.people.days import today
from dure.people.models import Organisation, Person
from dure.people.queries import colleagues_of
from dure.programmes.models import Programme, ProgrammeState
from dure.programmes.queries.listing import phase_in
from dure.site.visitors import person_of, visitor
from dure.store.worded import found

SHOWN = 50
NO_ORGANISATION = Text(
    ko="찾으시는 기관이 없습니다. 이름을 다시 확인하거나 검색해 보세요.",
    en="There is no such organisation. Check the name, or search for it.",
)

GONE = Text(ko="찾으시는 항목이 없습니다. 페이지를 새로 고치세요.", en="It is not there any more. Reload the page.")


@require_safe
def show(request: HttpRequest, short: str) -> HttpResponse:
    """The announced programmes it takes part in; for those who belong there also its people."""
    organisation, person = organisation_called(short), visitor(request)
    programmes = Programme.objects.filter(parties__organisation=organisation).exclude(state=ProgrammeState.DRAFT)
    if person is None and not programmes.exists():
        raise Missing("organisation.missing", NO_ORGANISATION)
    frame = frame_of(person, organisation, tab="overview")
    seen = {
        **frame,
        "programmes": [
            (row, phase_in(row)) for row in programmes.select_related("listing").distinct().order_by("-pk")[:SHOWN]
        ],
        "people": colleagues_of(organisation, on=today())[:SHOWN] if frame["belongs"] else (),
    }
    return render(request, "organisations/show.html", seen)


def frame_of(person: Person | None, organisation: Organisation, *, tab: str) -> dict[str, object]:
    """What the frame of an organisation's pages shows: which tabs are there for the visitor, and where they are."""
    administers = person is not None and rules.may_change_organisation(person, organisation)
    belongs = administers or (person is not None and rules.belongs_to(person, organisation))
    return {"organisation": organisation, "tab": tab, "belongs": belongs, "administers": administers}


def organisation_called(short: str) -> Organisation:
    """The organisation of that short name. Raises Missing."""
    for organisation in found(_called, short):
        return organisation
    raise Missing("organisation.missing", NO_ORGANISATION)


def _called(short: str) -> "QuerySet[Organisation]":
    return Organisation.objects.filter(short=short)


def looked_after(request: HttpRequest, short: str) -> Organisation:
    """The organisation, for its administrators and the platform's operators. Raises Missing."""
    organisation = organisation_called(short)
    if not rules.may_change_organisation(person_of(request), organisation):
        raise Missing("organisation.missing", NO_ORGANISATION)
    return organisation
