"""What is asked where interviews are planned and times are offered."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from dure.assessments.models import Interview
from dure.assessments.queries.interviews import interviewers_of
from dure.calendar.recurrence import span
from dure.people.models import Organisation, Person
from dure.site import interview_words as labels
from dure.site.calendar.planning import SessionForm

SAME = ("title_ko", "title_en", "about_ko", "about_en", "rubric", "minutes", "place", "link", "shows")
EXAMPLE = """? Knowledge || 전문 지식
= 40 Explains why || 이유까지 설명함
= 20 Knows what || 개념을 앎
= 0 Does not know || 알지 못함
? Communication || 의사소통
= 30 Clear || 명확함
= 15 With help || 도움을 받아 설명함
= 0 Not clear || 불분명함"""


class InterviewForm(forms.Form):
    """How an interview is held, and what passes."""

    title_ko = forms.CharField(label=_("Title in Korean"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    about_ko = forms.CharField(
        label=_("About it, in Korean"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Markdown."),
    )  # fmt: skip
    about_en = forms.CharField(
        label=_("About it, in English"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    minutes = forms.IntegerField(
        label=_("Minutes for each interview"), min_value=5, max_value=480, initial=30, help_text=_("In fives.")
    )
    place = forms.CharField(label=_("Venue"), max_length=160, required=False)
    link = forms.URLField(label=_("Online link"), max_length=500, required=False, assume_scheme="https")
    rubric = forms.CharField(
        label=_("Rubric"), max_length=20_000, initial=EXAMPLE, widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("? begins a criterion, = a level of it with its points first; what stands after || is the Korean."),
    )  # fmt: skip
    pass_percent = forms.DecimalField(
        label=_("Passed from, in per cent of the points"), min_value=0, max_value=100, decimal_places=2, initial=60
    )
    gap_percent = forms.IntegerField(
        label=_("Interviewers talk from a difference of more than, in per cent"), min_value=0, max_value=100, initial=20
    )
    notice_hours = forms.IntegerField(
        label=_("Times can be moved until, in hours before"), min_value=0, max_value=720, initial=24
    )
    shows = forms.ChoiceField(
        label=_("Interviewees see of their result"), choices=list(labels.SHOWS.items()), initial="score"
    )

    def told(self) -> dict[str, Any]:
        """What the operations take."""
        told = dict(self.cleaned_data)
        shares = {"pass_share": told.pop("pass_percent") / 100, "gap": Decimal(told.pop("gap_percent")) / 100}
        return {**told, **shares, "rubric": told["rubric"].replace("\r\n", "\n")}


class NewInterviewForm(InterviewForm):
    """And whose it is."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    field_order = ("organisation",)


def initial_of(interview: Interview) -> dict[str, Any]:
    told = {name: getattr(interview, name) for name in SAME}
    percent = f"{(interview.pass_share * 100).normalize():f}"
    return {**told, "pass_percent": percent, "gap_percent": int(interview.gap * 100),
            "notice_hours": interview.series.notice_hours}  # fmt: skip


class TimesForm(forms.Form):
    """A part of a day, divided into times with these interviewers."""

    interviewers = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Interviewers"), widget=forms.CheckboxSelectMultiple
    )
    day = SessionForm.base_fields["day"]
    starts = SessionForm.base_fields["starts"]
    ends = SessionForm.base_fields["ends"]
    pause = forms.IntegerField(label=_("Minutes between them"), min_value=0, max_value=120, initial=0)
    place = forms.CharField(label=_("Venue"), max_length=160, required=False)
    link = forms.URLField(label=_("Online link"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, interview: Interview, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        asked = cast("forms.ModelMultipleChoiceField[Person]", self.fields["interviewers"])
        asked.queryset = interviewers_of(interview)

    def told(self, zone: str) -> dict[str, Any]:
        told = self.cleaned_data
        starts, ends = (datetime.combine(date.min, told[name]) for name in ("starts", "ends"))
        starts_at, ends_at = span(
            told["day"], told["starts"], minutes=int((ends - starts).total_seconds() // 60), zone=zone
        )
        same = {name: told[name] for name in ("pause", "place", "link")}
        return {"interviewers": list(told["interviewers"]), "starts_at": starts_at, "ends_at": ends_at, **same}
