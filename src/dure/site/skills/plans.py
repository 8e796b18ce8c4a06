"""A company's plans: so many people of which roles by when, beside those who share their levels with it."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.core.errors import Missing, Refused
from dure.core.text import Text
from dure.joints.sheets import csv_pieces
from dure.people.days import today
from dure.people.models import Organisation
from dure.site import words
from dure.site.desk.batches import streamed
from dure.site.organisations.pages import NO_ORGANISATION, frame_of, organisation_called
from dure.site.visitors import person_of
from dure.skills.models import JobRole, Plan
from dure.skills.operations import end_plan, make_plan, set_seats
from dure.skills.operations.plans import MOST_SEATS, Line
from dure.skills.queries.gaps import LEAST, plan_gaps, running_plans, sharing_in
from dure.skills.queries.terms import OWN
from dure.skills.rules import may_plan, may_see_plans

BLANK, LACKING = 4, 8  # lines of a form, skills of a line
NO_PLAN = Text(ko="찾으시는 계획이 없습니다. 목록에서 확인하세요.", en="There is no such plan. Look in the list.")
Roles = Mapping[str, JobRole]  # by their ids


class LineForm(forms.Form):
    """One line of a plan; an empty one is none. All lines of a form choose from the same ``roles``."""

    role = forms.TypedChoiceField(label=_("Job role"), required=False, empty_value=None)
    seats = forms.IntegerField(label=_("Seats in the plan"), min_value=1, max_value=MOST_SEATS, required=False)
    by = forms.DateField(label=_("Needed by"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, roles: Roles, **rest: Any) -> None:
        super().__init__(*args, **rest)
        field = cast("forms.TypedChoiceField", self.fields["role"])
        field.choices = [*BLANK_CHOICE_DASH, *((key, words.say(role.name)) for key, role in roles.items())]
        field.coerce = lambda key: roles.get(str(key))  # none of a role that is there no longer

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        given = [bool(told.get(name)) for name in ("role", "seats", "by")]
        if any(given) and not all(given) and not self.errors:
            raise forms.ValidationError(gettext("Choose a role, how many people, and a day; or leave all three empty."))
        return told

    def line(self) -> Line | None:
        told = self.cleaned_data
        return Line(told["role"], told["seats"], told["by"]) if told.get("role") else None


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name of the plan"), max_length=120)


Lines = forms.formset_factory(LineForm, extra=BLANK, max_num=200, absolute_max=200)


def _roles() -> Roles:
    """The job roles that a line may ask for."""
    own = JobRole.objects.filter(taxonomy__key=OWN, retired_in=None)
    return {str(role.pk): role for role in own.order_by("name_key", "pk")}


@login_required
@require_safe
def index(request: HttpRequest, short: str) -> HttpResponse:
    """The plans that run, and how many of the company's people share their levels."""
    organisation = _company(request, short)
    plans = running_plans(organisation, on=today())
    seen = {
        **_frame(request, organisation),
        **_counted(sharing_in(organisation)),
        "plans": [(plan, sum(line.seats for line in plan.lines.all())) for plan in plans],
    }
    return render(request, "skills/plans.html", seen)


@login_required
@require_safe
def show(request: HttpRequest, short: str, plan_id: UUID) -> HttpResponse:
    """Each line beside the people who share their levels: counts for those who look after the company."""
    organisation, plan = _plan(request, short, plan_id)
    sharing = sharing_in(organisation)
    lines = [(gap, gap.lacking[:LACKING]) for gap in plan_gaps(plan, sharing)]
    seen = {**_frame(request, organisation), **_counted(sharing), "plan": plan, "lines": lines}
    return render(request, "skills/plan.html", seen)


@login_required
@require_safe
def plan_file(request: HttpRequest, short: str, plan_id: UUID) -> HttpResponseBase:
    """Roles and the skills that are short, as a table."""
    organisation = _looked_after(request, short)
    plan = _plan(request, short, plan_id)[1]
    header = [gettext("Job role"), gettext("Needed by"), gettext("Seats in the plan"), gettext("People who fit"),
              gettext("Skill"), gettext("Level asked for"), gettext("People at that level")]  # fmt: skip
    rows = [
        (words.say(gap.line.role.name), gap.line.by, gap.line.seats, gap.fitting, words.say(cell.skill.name),
         cell.asked, cell.able)
        for gap in plan_gaps(plan, sharing_in(organisation))
        for cell in gap.lacking
    ]  # fmt: skip
    return streamed(csv_pieces(header, rows), "skills-plan.csv")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, short: str) -> HttpResponse:
    """Name a plan and say whom one needs by when."""
    organisation = _looked_after(request, short)
    name, lines = NameForm(request.POST or None), Lines(request.POST or None, form_kwargs={"roles": _roles()})
    if request.method == "POST" and name.is_valid() and lines.is_valid():
        try:
            wanted = _lines(lines)
            plan = make_plan(organisation, name=name.cleaned_data["name"], by=person_of(request), lines=wanted)
            return redirect("skills-plan", short, plan.pk)
        except Refused as refused:
            name.add_error(None, refused.text[words.language()])
    seen = {**_frame(request, organisation), "name": name, "lines": lines}
    return render(request, "skills/plan_form.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, short: str, plan_id: UUID) -> HttpResponse:
    """Change the lines of a plan."""
    organisation, plan = _looked_after(request, short), _plan(request, short, plan_id)[1]
    now = [{"role": line.role_id, "seats": line.seats, "by": line.by} for line in plan.lines.all()]
    lines, wrong = Lines(request.POST or None, initial=now, form_kwargs={"roles": _roles()}), ""
    if request.method == "POST" and lines.is_valid():
        try:
            set_seats(plan, lines=_lines(lines))
            messages.success(request, gettext("The plan is saved."))
            return redirect("skills-plan", short, plan.pk)
        except Refused as refused:
            wrong = refused.text[words.language()]
    seen = {**_frame(request, organisation), "plan": plan, "lines": lines, "wrong": wrong}
    return render(request, "skills/plan_form.html", seen)


@login_required
@require_POST
def end(request: HttpRequest, short: str, plan_id: UUID) -> HttpResponse:
    """A plan counts no more; what was planned stays readable in the log."""
    _looked_after(request, short)
    plan = end_plan(_plan(request, short, plan_id)[1])
    messages.success(request, gettext("The plan %(name)s has ended.") % {"name": plan.name})
    return redirect("skills-plans", short)


def _lines(formset: Any) -> list[Line]:
    return [line for form in formset for line in [form.line()] if line]


def _counted(sharing: set[UUID]) -> dict[str, object]:
    """How many share their levels, and whether that is enough for those who do not look after the company."""
    return {"sharing": len(sharing), "enough": len(sharing) >= LEAST, "least": LEAST}


def _company(request: HttpRequest, short: str) -> Organisation:
    organisation = organisation_called(short)
    if not may_see_plans(person_of(request), organisation):
        raise Missing("organisation.missing", NO_ORGANISATION)
    return organisation


def _looked_after(request: HttpRequest, short: str) -> Organisation:
    organisation = organisation_called(short)
    if not may_plan(person_of(request), organisation):
        raise Missing("organisation.missing", NO_ORGANISATION)
    return organisation


def _plan(request: HttpRequest, short: str, plan_id: UUID) -> tuple[Organisation, Plan]:
    organisation = _company(request, short)
    plan = Plan.objects.select_related("organisation").filter(pk=plan_id, organisation=organisation).first()
    if plan is None or plan.ended_at:
        raise Missing("plan.missing", NO_PLAN)
    return organisation, plan


def _frame(request: HttpRequest, organisation: Organisation) -> dict[str, object]:
    person = person_of(request)
    return {**frame_of(person, organisation, tab="skills"), "plans_here": may_plan(person, organisation)}
