"""Lists to choose from are drawn as Django draws them."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from dure.site.drawing import FormRenderer

CHOICES = [("", "–"), ("a&b", '<Eins> & "zwei"'), (3, "three"), ("More", [("x", "X"), ("y", "Y")])]


class Form(forms.Form):
    plain = forms.ChoiceField(choices=CHOICES, required=False)
    chosen = forms.ChoiceField(
        choices=CHOICES, widget=forms.Select({"class": "small", "translate": "no", "hidden": True})
    )
    several = forms.MultipleChoiceField(choices=CHOICES)


@pytest.mark.parametrize("given", [{}, {"plain": "3", "chosen": "a&b", "several": ["x", "3"]}, {"chosen": "y"}])
def test_every_list_says_what_django_would_say(given):
    ours, usual = Form(initial=given, renderer=FormRenderer()), Form(initial=given, renderer=DjangoTemplates())

    assert [parse_html(str(field)) for field in ours] == [parse_html(str(field)) for field in usual]
