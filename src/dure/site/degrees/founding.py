"""A degree is founded, what it asks for is written and compared, and who looks after it is said."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.learning import rules
from dure.learning.models import Degree, DegreeDuty
from dure.learning.operations.degrees import (
    found_degree,
    seat_for_degree,
    unseat_from_degree,
    write_requirement,
)
from dure.learning.requirements import read_requirement
from dure.people.models import Organisation, Person
from dure.people.rules import looked_after_by
from dure.site import words
from dure.site.degrees.found import NO_DEGREE, degree_kept, degree_worked_for, frame
from dure.site.reading import SlugField
from dure.site.studio.versions import compared
from dure.site.visitors import person_of

EXAMPLE = """degree: {ko: 인공지능 석사, en: Master in AI}
credits: 24
areas:
  - {id: majors, title: {ko: 전공, en: Majors}, credits: 12}
core:
  - {title: {ko: 필수 과목, en: Required courses}, courses: [ml, ethics, stats], take: 2}
grade: 3.0
residency: 12
thesis: true
"""
NOBODY = Text(ko="가입한 사람이 아닙니다: {email}", en="Nobody is registered as {email}")


class DegreeForm(forms.Form):
    """Which institution awards it, under which address, for what."""

    organisation = forms.ModelChoiceField(
        label=_("Institution"), queryset=Organisation.objects.none(), empty_label=None
    )
    key = SlugField(
        label=_("Address"), max_length=60, help_text=_("Small letters, digits and hyphens, such as ai-master.")
    )
    requirement = forms.CharField(
        label=_("Text of the requirement"), max_length=100_000, initial=EXAMPLE,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "code", "translate": "no"}),
    )  # fmt: skip

    def __init__(self, person: Person, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        organisation: Any = self.fields["organisation"]
        organisation.queryset = looked_after_by(person)
        organisation.label_from_instance = lambda row: words.say(row.title)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Found a degree."""
    person = person_of(request)
    form, flaws = DegreeForm(person, request.POST or None), list[Any]()
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = found_degree(_own(person, told["organisation"]), key=told["key"], source=_lines(told), by=person)
        except Flawed as flawed:
            flaws = _flaws(flawed)
            form.add_error("requirement", words.say(flawed.text))
        except Refused as refused:
            form.add_error("key", words.say(refused.text))
        else:
            messages.success(request, gettext("The degree is there. Say who looks after it."))
            return redirect("degree-people", made.key)
    return render(request, "degrees/new.html", {"form": form, "flaws": flaws, "part": "learn"})


def _own(person: Person, organisation: Organisation) -> Organisation:
    if not rules.may_found_degree(person, organisation):
        raise Missing("degree.missing", NO_DEGREE)
    return organisation


def _lines(told: dict[str, Any]) -> str:
    """As it is kept: browsers send other line ends."""
    return str(told["requirement"]).replace("\r\n", "\n").rstrip("\n") + "\n"


def _flaws(flawed: Flawed) -> list[dict[str, Any]]:
    errors: Any = flawed.facts["errors"]
    return [{"line": one["line"], "text": Text.of(one["text"])} for one in errors]


class RequirementForm(forms.Form):
    requirement = forms.CharField(
        label=_("Text of the requirement"), max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code", "translate": "no"}),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def requirement(request: HttpRequest, key: str) -> HttpResponse:
    """What it asks for: checked, written as the next version, compared with those before."""
    degree = degree_kept(request, key) if request.method == "POST" else degree_worked_for(request, key)
    source = degree.current.source if degree.current else ""
    form = RequirementForm(request.POST or None, initial={"requirement": source})
    seen: dict[str, Any] = {**frame(request, degree, tab="requirement"), "form": form, **_compared(request, degree)}
    if request.method == "POST" and form.is_valid():
        written = _lines(form.cleaned_data)
        try:
            asked = read_requirement(written, home=degree.organisation.short)
            if "save" in request.POST:
                write_requirement(degree, source=written, by=person_of(request))
                messages.success(request, gettext("It holds for who begins from now on."))
                return redirect("degree-requirement", key)
            seen |= {"checked": asked, "changes": list(compared(source, written))}
        except Flawed as flawed:
            seen |= {"flaws": _flaws(flawed)}
        except Refused as refused:
            form.add_error(None, words.say(refused.text))
    return render(request, "degrees/requirement.html", seen)


def _compared(request: HttpRequest, degree: Degree) -> dict[str, Any]:
    """All versions, and what changed with the one that is asked for."""
    versions = list(degree.versions.select_related("by").order_by("-number"))
    by_number = {str(row.number): row for row in versions}
    after = by_number.get(request.GET.get("version", ""))
    if after is None:
        return {"versions": versions}
    before = by_number.get(str(after.number - 1))
    lines = list(compared(before.source if before else "", after.source))
    return {"versions": versions, "after": after, "before": before, "lines": lines}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, key: str) -> HttpResponse:
    """Who keeps its records, and who awards it."""
    degree, by = degree_worked_for(request, key), person_of(request)
    if not rules.may_seat(by, degree):
        raise Missing("degree.missing", NO_DEGREE)
    if request.method == "POST":
        try:
            _change_seats(degree, by, request.POST)
            messages.success(request, gettext("Saved."))
        except Refused as refused:
            messages.error(request, words.say(refused.text))
        return redirect("degree-people", key)
    seats = degree.seats.select_related("person").order_by("duty", "person__name_key")
    seen = {**frame(request, degree, tab="people"), "seats_taken": seats, "duties": DegreeDuty.values}
    return render(request, "degrees/people.html", seen)


def _change_seats(degree: Degree, by: Person, told: Any) -> None:
    email, duty = told.get("email", "").strip().lower(), told.get("duty", "")
    person = Person.objects.filter(email=email, is_active=True).first()
    if person is None or duty not in DegreeDuty.values:
        raise Refused("person.missing", NOBODY.format(email=email))
    act = unseat_from_degree if "off" in told else seat_for_degree
    act(degree, person=person, duty=DegreeDuty(duty), by=by)
