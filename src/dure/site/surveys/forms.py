"""Forms of those who hold surveys: what it is about, its questions, who is asked."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dure.assessments.surveying import NOTHING, Question, Sort
from dure.core.text import Text
from dure.people.models import Organisation
from dure.site import survey_words as labels
from dure.site import words
from dure.site.reading import MomentField


class WindowForm(forms.Form):
    """When a survey takes answers."""

    opens_at = MomentField(_("Takes answers from"))
    closes_at = MomentField(_("Takes answers until"))


class ExtendForm(forms.Form):
    closes_at = MomentField(_("Takes answers until"))


class SurveyForm(WindowForm):
    """What a survey is about, what it promises, and who may answer."""

    title_ko = forms.CharField(label=_("Title in Korean"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    about_ko = forms.CharField(
        label=_("About it, in Korean"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What it is for, and what will be done with the answers. Markdown."),
    )  # fmt: skip
    about_en = forms.CharField(
        label=_("About it, in English"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    promise = forms.ChoiceField(
        label=_("Anonymous or with names"), choices=list(labels.PROMISES.items()), initial="anonymous",
        help_text=_("Said to those who answer before they do. It cannot be changed once the survey is opened."),
    )  # fmt: skip
    reach = forms.ChoiceField(label=_("Who may answer"), choices=list(labels.REACHES.items()), initial="asked")

    field_order = ("organisation", "title_ko", "title_en", "about_ko", "about_en", "promise", "reach")


class NewSurveyForm(SurveyForm):
    """The same, of one of the organisations that somebody looks after."""

    def __init__(self, homes: Mapping[str, Organisation], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        choices = [(short, words.say(one.title)) for short, one in homes.items()]
        self.fields["organisation"] = forms.ChoiceField(label=_("Organisation"), choices=choices)
        self.order_fields(self.field_order)


class QuestionForm(forms.Form):
    """A question of one sort; the others' fields are left away."""

    text_ko = forms.CharField(label=_("Question in Korean"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    text_en = forms.CharField(label=_("Question in English"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    choices_ko = forms.CharField(
        label=_("Choices in Korean"), widget=forms.Textarea(attrs={"rows": 5}), help_text=_("One a line.")
    )
    choices_en = forms.CharField(
        label=_("Choices in English"), widget=forms.Textarea(attrs={"rows": 5}), help_text=_("In the same order.")
    )
    low_ko = forms.CharField(label=_("Word at 1, in Korean"), required=False, max_length=80)
    low_en = forms.CharField(label=_("Word at 1, in English"), required=False, max_length=80)
    high_ko = forms.CharField(label=_("Word at 5, in Korean"), required=False, max_length=80)
    high_en = forms.CharField(label=_("Word at 5, in English"), required=False, max_length=80)
    required = forms.BooleanField(label=_("Must be answered"), required=False, initial=True)

    def __init__(self, sort: Sort, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.sort = sort
        away = ("choices_ko", "choices_en") if not sort.has_choices else ()
        ends = ("low_ko", "low_en", "high_ko", "high_en") if sort is not Sort.SCALE else ()
        for name in (*away, *ends):
            del self.fields[name]

    def clean(self) -> dict[str, Any] | None:
        told = super().clean()
        lines = [_lines(self.cleaned_data.get(name, "")) for name in ("choices_ko", "choices_en")]
        if len(lines[0]) != len(lines[1]) and not self.errors:
            self.add_error("choices_en", _("There must be as many choices in English as in Korean."))
        return told

    def question(self, key: str) -> Question:
        told = self.cleaned_data
        pairs = zip(_lines(told.get("choices_ko", "")), _lines(told.get("choices_en", "")), strict=True)
        return Question(
            key=key, sort=self.sort, text=Text(ko=told["text_ko"].strip(), en=told["text_en"].strip()),
            choices=tuple(Text(ko=ko, en=en) for ko, en in pairs), required=told["required"],
            low=_end(told, "low"), high=_end(told, "high"),
        )  # fmt: skip


def initial_of(one: Question) -> dict[str, Any]:
    """A question as its form shows it."""
    return {
        "text_ko": one.text.ko, "text_en": one.text.en, "required": one.required,
        "choices_ko": "\n".join(choice.ko for choice in one.choices),
        "choices_en": "\n".join(choice.en for choice in one.choices),
        "low_ko": one.low.ko, "low_en": one.low.en, "high_ko": one.high.ko, "high_en": one.high.en,
    }  # fmt: skip


def _lines(written: str) -> list[str]:
    return [line.strip() for line in written.splitlines() if line.strip()]


def _end(told: Mapping[str, Any], name: str) -> Text:
    """A word for both languages where only one is said."""
    ko, en = told.get(f"{name}_ko", "").strip(), told.get(f"{name}_en", "").strip()
    return Text(ko=ko or en, en=en or ko) if ko or en else NOTHING
