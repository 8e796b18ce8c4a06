"""A registrar's work on one candidate: records entered, corrected, struck; their version, track and advisor."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from dure.core.errors import Refused
from dure.core.text import Text
from dure.learning.models import Candidacy, CandidacyState, CreditRecord, DegreeVersion
from dure.learning.operations.degrees import (
    Credit,
    correct_credit,
    enter_credit,
    guide,
    leave_degree,
    resume_degree,
    strike_credit,
)
from dure.learning.queries.degrees import requirement_for
from dure.learning.requirements import read_requirement
from dure.match.audits import BEST
from dure.people.models import Organisation, Person
from dure.site import words
from dure.site.degrees.found import candidacy_kept, credit_kept
from dure.site.visitors import person_of


class CreditForm(forms.Form):
    """One record."""

    issuer = forms.ModelChoiceField(label=_("Institution"), queryset=Organisation.objects.none(), empty_label=None)
    course = forms.CharField(label=_("Course code"), max_length=60)
    title_ko = forms.CharField(label=_("Title in Korean"), max_length=200, required=False)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    credits = forms.DecimalField(label=_("Credits"), min_value=0, max_value=999, decimal_places=1)
    area = forms.ChoiceField(label=_("Area"), required=False)
    term = forms.CharField(label=_("Term"), max_length=20, required=False)
    earned_on = forms.DateField(label=_("Earned on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    grade = forms.DecimalField(
        label=_("Grade"), min_value=0, max_value=BEST, decimal_places=2, required=False,
        help_text=_("From 0 to 4.5. Left empty: passed without a grade."),
    )  # fmt: skip
    attendance = forms.DecimalField(
        label=_("Attendance"), min_value=0, max_value=1, decimal_places=3, required=False, help_text=_("From 0 to 1.")
    )
    transfer = forms.BooleanField(label=_("It is transferred from elsewhere"), required=False)
    thesis = forms.BooleanField(label=_("It is the thesis"), required=False)

    def __init__(self, candidacy: Candidacy, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = requirement_for(candidacy)
        known = [asked.home, *asked.partners, *asked.recognised]
        issuer: Any = self.fields["issuer"]
        issuer.queryset = Organisation.objects.filter(short__in=known).order_by("name_ko")
        issuer.label_from_instance = lambda row: words.say(row.title)
        area: Any = self.fields["area"]
        area.choices = [("", "–"), *((one.key, words.say(one.title)) for one in asked.areas)]

    def credit(self, former: CreditRecord | None = None) -> Credit:
        """What was written; where it comes from stays as it was."""
        told = dict(self.cleaned_data)
        title = Text(ko=told.pop("title_ko"), en=told.pop("title_en"))
        found = Credit(title=title, **told)
        return replace(found, source=former.source, evidence=former.evidence) if former else found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_credit(request: HttpRequest, candidacy_id: UUID) -> HttpResponse:
    """Enter a record."""
    candidacy = candidacy_kept(request, candidacy_id)
    initial = {"issuer": candidacy.degree.organisation}
    form = CreditForm(candidacy, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            enter_credit(candidacy, form.credit(), by=person_of(request))
        except Refused as refused:
            form.add_error(None, words.say(refused.text))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("candidacy", candidacy.pk)
    return render(request, "degrees/credit.html", {"candidacy": candidacy, "form": form, "part": "learn"})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_credit(request: HttpRequest, credit_id: UUID) -> HttpResponse:
    """Correct a record by a newer one, or strike it; what was written before stays below."""
    former = credit_kept(request, credit_id)
    candidacy, by = former.candidacy, person_of(request)
    initial = {name: getattr(former, name) for name in CreditForm.base_fields}
    strikes = "strike" in request.POST
    form = CreditForm(candidacy, request.POST if request.method == "POST" and not strikes else None, initial=initial)
    if strikes or (request.method == "POST" and form.is_valid()):
        try:
            strike_credit(former, by=by) if strikes else correct_credit(former, form.credit(former), by=by)
        except Refused as refused:
            messages.error(request, words.say(refused.text))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("candidacy", candidacy.pk)
    seen = {"candidacy": candidacy, "form": form, "former": former, "history": list(_history(former)), "part": "learn"}
    return render(request, "degrees/credit.html", seen)


def _history(row: CreditRecord) -> list[CreditRecord]:
    """What it said before, the newest first."""
    found: list[CreditRecord] = []
    while row.replaces_id and len(found) < 20:
        row = CreditRecord.objects.select_related("by", "issuer").get(pk=row.replaces_id)
        found.append(row)
    return found


class SettingsForm(forms.Form):
    """By which requirement somebody is audited, on which track, and who advises them."""

    version = forms.ModelChoiceField(
        label=_("By the requirement"), queryset=DegreeVersion.objects.none(), empty_label=None
    )
    track = forms.ChoiceField(label=_("Track"), required=False)
    advisor = forms.EmailField(label=_("Advisor's email"), required=False)

    def __init__(self, candidacy: Candidacy, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        version: Any = self.fields["version"]
        version.queryset = candidacy.degree.versions.order_by("-number")
        version.label_from_instance = lambda row: str(row.number)
        home, tracks = candidacy.degree.organisation.short, dict[str, Text]()
        for row in version.queryset:
            tracks |= {track.key: track.title for track in read_requirement(row.source, home=home).tracks}
        track: Any = self.fields["track"]
        track.choices = [("", "–"), *((key, words.say(title)) for key, title in tracks.items())]

    def clean_advisor(self) -> Person | None:
        email = self.cleaned_data["advisor"].lower()
        found = Person.objects.filter(email=email, is_active=True).first() if email else None
        if email and found is None:
            raise forms.ValidationError(_("Nobody has an account under this address. Ask them to sign up first."))
        return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, candidacy_id: UUID) -> HttpResponse:
    """Version, track and advisor; leaving and coming back."""
    candidacy = candidacy_kept(request, candidacy_id)
    initial = {"version": candidacy.version, "track": candidacy.track,
               "advisor": candidacy.advisor.email if candidacy.advisor else ""}  # fmt: skip
    form = SettingsForm(candidacy, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            guide(candidacy, **form.cleaned_data, by=person_of(request))
        except Refused as refused:
            form.add_error(None, words.say(refused.text))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("candidacy", candidacy.pk)
    left = candidacy.state == CandidacyState.LEFT
    seen = {"candidacy": candidacy, "form": form, "left": left, "part": "learn"}
    return render(request, "degrees/settings.html", seen)


@login_required
@require_POST
def place(request: HttpRequest, candidacy_id: UUID) -> HttpResponse:
    """Somebody leaves, or is on the way again."""
    candidacy, by = candidacy_kept(request, candidacy_id), person_of(request)
    if candidacy.state == CandidacyState.LEFT:
        resume_degree(candidacy, by=by)
    else:
        leave_degree(candidacy, by=by, reason=request.POST.get("reason", "")[:400])
    messages.success(request, gettext("Saved."))
    return redirect("candidacy", candidacy.pk)
