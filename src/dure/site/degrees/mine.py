"""Degrees one has to do with; the audit of one candidate, what if, and the transcript."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from dure.learning import rules
from dure.learning.models import UNDECIDED, Candidacy, CandidacyState, CreditRecord, DegreeVersion
from dure.learning.operations.degrees import write_transcript
from dure.learning.queries.degrees import (
    advised_by,
    audit_of,
    own_candidacies,
    requirement_for,
    standing_records,
    worked_for,
)
from dure.match.audits import BEST, Area, Audit, Placed, Record
from dure.people.days import today
from dure.people.rules import looked_after_by
from dure.site import words
from dure.site.choosing import let_choose
from dure.site.degrees.found import candidacy_seen
from dure.site.visitors import person_of

PAGE, PLANNED = 50, 6


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One's own degrees, whom one advises, and what one looks after."""
    person = person_of(request)
    page = Paginator(advised_by(person), PAGE).get_page(request.GET.get("page"))
    seen = {
        "own": own_candidacies(person), "page": page, "part": "learn",
        "degrees": worked_for(person)[:PAGE], "founds": looked_after_by(person).exists(),
    }  # fmt: skip
    return render(request, "degrees/index.html", seen)


@login_required
@require_safe
def show(request: HttpRequest, candidacy_id: UUID) -> HttpResponse:
    """What somebody has, what is missing, what would complete it; of who was awarded, as it was on that day."""
    candidacy, person = candidacy_seen(request, candidacy_id), person_of(request)
    audit = audit_of(candidacy, on=candidacy.awarded_on)
    keeps, awards = rules.may_keep(person, candidacy.degree), rules.may_award(person, candidacy.degree)
    proposed = candidacy.state == CandidacyState.PROPOSED
    seen = {
        **told(candidacy, audit), "own": person.pk == candidacy.person_id, "keeps": keeps,
        "works": keeps or awards, "open": candidacy.state in UNDECIDED,
        "proposes": keeps and audit.met and candidacy.state == CandidacyState.STUDYING,
        "decides": awards and proposed and person.pk not in {candidacy.person_id, candidacy.proposed_by_id},
        "declines": awards and proposed and person.pk != candidacy.person_id,
    }  # fmt: skip
    return render(request, "degrees/candidate.html", seen)


def told(candidacy: Candidacy, audit: Audit) -> dict[str, object]:
    """What the pages of a candidate show of an audit."""
    rows = {str(row.pk): row for row in standing_records([candidacy.pk])}
    return {
        "candidacy": candidacy, "degree": candidacy.degree, "audit": audit, "asked": audit.requirement,
        "met": [line for line in audit.lines if line.met], "groups": list(_groups(audit, rows)),
        "left": [(left, rows.get(left.record.key)) for left in audit.left], "whole": audit.lines[0], "part": "learn",
    }  # fmt: skip


def _groups(
    audit: Audit, rows: dict[str, CreditRecord]
) -> Iterator[tuple[Area | None, Decimal, list[tuple[Placed, CreditRecord | None]]]]:
    """What counts by area, in the order of the requirement, what belongs to none last; each with its credits."""
    areas = [*audit.requirement.areas, None]
    placed = sorted(audit.placed, key=lambda one: areas.index(one.area))
    for area, group in groupby(placed, key=lambda one: one.area):
        found = list(group)
        yield (
            area,
            sum((one.record.credits for one in found), Decimal(0)),
            [(one, rows.get(one.record.key)) for one in found],
        )


# --- what if


class PlanForm(forms.Form):
    """Another day or version, and courses that are planned."""

    on = forms.DateField(label=_("On the day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    version = forms.ModelChoiceField(
        label=_("By the requirement"), queryset=DegreeVersion.objects.none(), required=False, empty_label=None
    )

    def __init__(self, candidacy: Candidacy, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # a form's own arguments
        versions = candidacy.degree.versions.order_by("-number")
        let_choose(self, "version", versions)
        self.fields["version"].label_from_instance = lambda row: str(row.number)  # type: ignore[attr-defined]


class PlannedForm(forms.Form):
    """One course that is planned; left empty, it is none."""

    course = forms.CharField(label=_("Code"), max_length=60, required=False)
    credits = forms.DecimalField(
        label=_("Credits"), min_value=Decimal("0.1"), max_value=999, decimal_places=1, required=False
    )
    area = forms.ChoiceField(label=_("Area"), required=False)
    grade = forms.DecimalField(label=_("Grade"), min_value=0, max_value=BEST, decimal_places=2, required=False)


@login_required
@require_safe
def what_if(request: HttpRequest, candidacy_id: UUID) -> HttpResponse:
    """The audit as it would be; the address holds all that is supposed, and nothing is kept."""
    candidacy = candidacy_seen(request, candidacy_id)
    asked = "on" in request.GET
    form = PlanForm(candidacy, request.GET if asked else None, initial={"on": today(), "version": candidacy.version})
    lines = [PlannedForm(request.GET if asked else None, prefix=str(at)) for at in range(PLANNED)]
    for line in lines:
        line.fields["area"].choices = _areas(candidacy)  # type: ignore[attr-defined]  # a choice field
    seen: dict[str, object] = {"candidacy": candidacy, "degree": candidacy.degree, "form": form, "lines": lines}
    if asked and all([form.is_valid(), *(line.is_valid() for line in lines)]):
        day = form.cleaned_data["on"] or today()
        planned = list(_planned(candidacy, lines, day))
        audit = audit_of(candidacy, on=day, version=form.cleaned_data["version"], planned=planned)
        seen |= {**told(candidacy, audit), "planned": planned, "now": audit_of(candidacy)}
    return render(request, "degrees/what_if.html", {**seen, "part": "learn"})


def _areas(candidacy: Candidacy) -> list[tuple[str, str]]:
    return [("", "–"), *((area.key, words.say(area.title)) for area in requirement_for(candidacy).areas)]


def _planned(candidacy: Candidacy, lines: Iterable[PlannedForm], day: date) -> Iterator[Record]:
    for at, line in enumerate(lines):
        told = line.cleaned_data
        if told["credits"]:
            yield Record(
                f"planned-{at}", candidacy.degree.organisation.short, told["course"] or f"+{at + 1}", told["credits"],
                day, area=told["area"], grade=told["grade"], planned=True,
            )  # fmt: skip


@login_required
@require_POST
def transcript(request: HttpRequest, candidacy_id: UUID) -> HttpResponse:
    """Make today's transcript."""
    candidacy = candidacy_seen(request, candidacy_id)
    return redirect("transcript", write_transcript(candidacy, by=person_of(request)).code)
