"""Lists to choose from and inputs are drawn as Django draws them, and so are errors."""

from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from dure.site.drawing import FormRenderer, addresses, drawn

CHOICES = [("", "–"), ("a&b", '<Eins> & "zwei"'), (3, "three"), ("More", [("x", "X"), ("y", "Y")])]


class Form(forms.Form):
    plain = forms.ChoiceField(choices=CHOICES, required=False)
    chosen = forms.ChoiceField(
        choices=CHOICES, widget=forms.Select({"class": "small", "translate": "no", "hidden": True})
    )
    several = forms.MultipleChoiceField(choices=CHOICES)
    ticked = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple({"class": "small"}))
    picked = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    name = forms.CharField(
        max_length=9, help_text="Short", widget=forms.TextInput({"class": "small", "disabled": True})
    )
    count = forms.IntegerField(min_value=1, max_value=9)
    mail, page = forms.EmailField(), forms.URLField(assume_scheme="https")
    secret, hidden = forms.CharField(widget=forms.PasswordInput), forms.CharField(widget=forms.HiddenInput)
    day = forms.DateField(widget=forms.DateInput({"type": "date"}))
    at = forms.DateTimeField()
    hour = forms.TimeField()
    agreed = forms.BooleanField()


GIVEN = {"name": "<Kim> & \"Lee\"", "count": 3, "mail": "a@b.c", "secret": "x", "hidden": "&", "day": date(2026, 3, 1),
         "at": datetime(2026, 3, 1, 9, 30, tzinfo=UTC), "hour": time(9, 30), "agreed": True}  # fmt: skip
CHOSEN = {"plain": "3", "chosen": "a&b", "several": ["x", "3"], "ticked": ["x", "3"], "picked": "y"}


@pytest.mark.parametrize("given", [{}, CHOSEN, {"chosen": "y"}, GIVEN])
def test_every_list_and_input_says_what_django_would_say(given: dict[str, object]) -> None:
    ours, usual = Form(initial=given, renderer=FormRenderer()), Form(initial=given, renderer=DjangoTemplates())

    assert [parse_html(str(field)) for field in ours] == [parse_html(str(field)) for field in usual]


def test_what_was_typed_in_wrong_comes_back_with_its_errors() -> None:
    typed = {"name": "far too long a name", "count": "0", "mail": "<b>", "day": "tomorrow", "agreed": ""}
    ours, usual = Form(typed, renderer=FormRenderer()), Form(typed, renderer=DjangoTemplates())

    assert [(parse_html(str(field)), str(field.errors)) for field in ours] == [
        (parse_html(str(field)), str(field.errors)) for field in usual
    ]


@pytest.mark.parametrize("text", ["<b> & \"c\" 'd'", SafeString("<b>"), 3, gettext_lazy("Save"), None])
def test_a_text_stands_in_a_form_of_words_as_django_would_have_it(text: object) -> None:
    assert drawn("<p>{}</p>", text) == format_html("<p>{}</p>", text)


def test_the_address_of_each_of_many_is_that_of_its_id() -> None:
    ids = [UUID(int=number) for number in (0, 1, 2**127)]

    assert [addresses("person")(pk) for pk in ids] == [reverse("person", args=[pk]) for pk in ids]
    assert addresses("uninvite-member", "naver")(ids[2]) == reverse("uninvite-member", args=["naver", ids[2]])
