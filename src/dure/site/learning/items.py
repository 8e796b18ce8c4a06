"""Items as curators write, rework, tie to skills and retire them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from dure.core.errors import Missing, Refused
from dure.learning.models import Facet, Item, Provider
from dure.learning.operations.items import adapt_item, edit_item, list_again, retire_item, teach, write_item
from dure.learning.queries.catalogue import best_text
from dure.learning.records import Record, Taught, Words
from dure.learning.rules import curated_by, may_curate
from dure.people.days import today
from dure.people.models import Organisation, Person
from dure.people.queries import organisations_of
from dure.site import learning_words as labels
from dure.site import words
from dure.site.choosing import let_choose
from dure.site.learning.catalogue import NO_ITEM, item_by
from dure.site.learning.providers import frame_of, provider_for
from dure.site.visitors import person_of

TAGS = {"levels": Facet.LEVEL, "roles": Facet.ROLE, "products": Facet.PRODUCT, "subjects": Facet.SUBJECT}
_BETWEEN = _("Between commas.")


class SkillsField(forms.CharField):
    """Skills with the level that is reached: sql=3, starter/python=2."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Skills it teaches"), required=False, max_length=2000,
            help_text=_("Each with the level that is reached, 1 to 5, between commas: sql=3, starter/python=2."),
        )  # fmt: skip

    def to_python(self, value: str | None) -> Any:
        found = []
        for written in _listed(super().to_python(value) or ""):
            code, _sign, level = written.rpartition("=")
            if not code.strip() or level.strip() not in set("12345"):
                raise ValidationError(gettext("Write it as code=level: %(skill)s"), params={"skill": written})
            found.append(Taught(code.strip(), int(level)))
        return found

    def validate(self, value: Any) -> None:
        """Checked when it was read."""

    def run_validators(self, value: Any) -> None:
        """None apply to a list."""


class SkillsForm(forms.Form):
    skills = SkillsField()


class ItemForm(forms.Form):
    """An item in both languages."""

    key = forms.CharField(
        label=_("Key"), max_length=160, help_text=_("The provider's own name for it, such as ai-101.")
    )
    kind = forms.ChoiceField(label=_("Sort of item"), choices=list(labels.ITEM_KINDS.items()))
    title_ko = forms.CharField(label=_("Title in Korean"), max_length=300, required=False)
    title_en = forms.CharField(label=_("Title in English"), max_length=300, required=False)
    summary_ko = forms.CharField(label=_("Summary in Korean"), required=False, max_length=20_000, widget=forms.Textarea)
    summary_en = forms.CharField(
        label=_("Summary in English"), required=False, max_length=20_000, widget=forms.Textarea
    )
    address = forms.URLField(label=_("Where it opens"), required=False, max_length=500, assume_scheme="https")
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=999_999)
    skills = SkillsField()
    levels = forms.CharField(label=_("Level"), required=False, max_length=500, help_text=_BETWEEN)
    roles = forms.CharField(label=_("Audience"), required=False, max_length=500, help_text=_BETWEEN)
    products = forms.CharField(label=_("Product"), required=False, max_length=500, help_text=_BETWEEN)
    subjects = forms.CharField(label=_("Topic"), required=False, max_length=500, help_text=_BETWEEN)
    parts = forms.CharField(
        label=_("Its contents"), required=False, max_length=4000,
        help_text=_("Keys of this provider's items in order, between commas."),
    )  # fmt: skip
    needs = forms.CharField(
        label=_("Before you begin"), required=False, max_length=2000,
        help_text=_("Keys of this provider's items that come first, between commas."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not told.get("title_ko") and not told.get("title_en"):
            self.add_error("title_ko", gettext("Write a title, in Korean or English."))
        return told

    def record(self) -> Record:
        told = self.cleaned_data
        texts = {
            language: Words(told[f"title_{language}"], _as_html(told[f"summary_{language}"]), told["address"])
            for language in ("ko", "en")
            if told[f"title_{language}"]
        }
        tags = [(facet.value, key[:80]) for name, facet in TAGS.items() for key in _listed(told[name])]
        return Record(
            key=told["key"], kind=told["kind"], texts=texts, minutes=told["minutes"], tags=tuple(tags),
            parts=tuple(_listed(told["parts"])), needs=tuple(_listed(told["needs"])), skills=tuple(told["skills"]),
        )  # fmt: skip

    def submit(self, operation: Callable[[Record], Item]) -> Item | None:
        """What ``operation`` made of it; a refusal is shown above the form."""
        try:
            return operation(self.record())
        except Refused as refused:
            flaws: Any = refused.facts.get("errors") or [{"text": refused.text.as_dict()}]
            for flaw in flaws:
                self.add_error(None, flaw["text"][words.language()])
            return None


class AdaptForm(forms.Form):
    """Under which provider and key a copy is reworked, and for whom."""

    into = forms.ModelChoiceField(Provider.objects.none(), label=_("Under the provider"), to_field_name="key")
    key = forms.CharField(label=_("Key"), max_length=160)
    for_ = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Reworked for"), required=False, to_field_name="short"
    )

    def __init__(self, person: Person, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        let_choose(self, "into", curated_by(person))
        let_choose(self, "for_", organisations_of(person, on=today()))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Write an item of the provider's own."""
    provider = provider_for(request, key)
    form = ItemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (made := form.submit(lambda told: write_item(provider, told))):
        return redirect("learn-item", made.pk)
    return render(request, "learning/item_form.html", {**frame_of(request, provider, tab="items"), "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Say it anew; that is its next version."""
    item = curated(request, item_id)
    form = ItemForm(request.POST if request.method == "POST" else None, initial=_told(item))
    form.fields["key"].disabled = True
    if request.method == "POST" and form.is_valid() and form.submit(lambda told: edit_item(item, told)):
        messages.success(request, gettext("Saved as the next version."))
        return redirect("learn-item", item.pk)
    return render(request, "learning/item_form.html", {**_framed(request, item), "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def skills(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Tie an item to the skills that it teaches."""
    item = curated(request, item_id)
    form = SkillsForm(request.POST if request.method == "POST" else None, initial={"skills": _skills(item)})
    if request.method == "POST" and form.is_valid():
        try:
            teach(item, skills=form.cleaned_data["skills"])
            return redirect("learn-item", item.pk)
        except Refused as refused:
            flaws: Any = refused.facts.get("errors", ())
            for flaw in flaws:
                form.add_error("skills", flaw["text"][words.language()])
    return render(request, "learning/item_skills.html", {**_framed(request, item), "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adapt(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Make a copy to be reworked, under a provider that one looks after."""
    item, person = item_by(item_id), person_of(request)
    if not curated_by(person).exists():
        raise Missing("item.missing", NO_ITEM)
    form = AdaptForm(person, request.POST if request.method == "POST" else None, initial={"key": item.key})
    if request.method == "POST" and form.is_valid():
        try:
            made = adapt_item(item, by=person, **form.cleaned_data)
            return redirect("item-edit", made.pk)
        except Refused as refused:
            form.add_error("key", words.say(refused.text))
    return render(request, "learning/item_adapt.html", {"item": item, "title": title_of(item), "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Take it off the list, or put it back, once it is confirmed."""
    item = curated(request, item_id)
    if request.method == "POST":
        if item.retired_at:
            list_again(item)
        else:
            retire_item(item)
        return redirect("learn-item", item.pk)
    return render(request, "learning/item_retire.html", _framed(request, item))


def curated(request: HttpRequest, item_id: UUID) -> Item:
    """The item, for its provider's curators. Raises Missing."""
    item = item_by(item_id)
    if not may_curate(person_of(request), item.provider):
        raise Missing("item.missing", NO_ITEM)
    return item


def title_of(item: Item) -> str:
    return best_text(list(item.texts.all()), words.language()).title


def _framed(request: HttpRequest, item: Item) -> dict[str, object]:
    return {**frame_of(request, item.provider, tab="items"), "item": item, "title": title_of(item)}


def _told(item: Item) -> dict[str, object]:
    """What a form begins with."""
    told: dict[str, object] = {"key": item.key, "kind": item.kind, "minutes": item.minutes, "skills": _skills(item)}
    for text in item.texts.all():
        told[f"title_{text.locale}"], told[f"summary_{text.locale}"] = text.title, text.summary
        told["address"] = told.get("address") or text.address
    for name, facet in TAGS.items():
        told[name] = ", ".join(tag.key for tag in item.tags.all() if tag.facet == facet)
    told["parts"] = ", ".join(item.parts.values_list("part__key", flat=True))
    told["needs"] = ", ".join(item.needs.order_by("pk").values_list("before__key", flat=True))
    return told


def _skills(item: Item) -> str:
    rows = item.teaches.order_by("pk").values_list("skill__taxonomy__key", "skill__code", "level")
    return ", ".join(f"{taxonomy}/{code}={level}" for taxonomy, code, level in rows)


def _as_html(text: str) -> str:
    """Plain text becomes paragraphs; what has tags stays as it is."""
    if "<" in text or not text.strip():
        return text
    return "".join(f"<p>{part.strip()}</p>" for part in text.replace("\r\n", "\n").split("\n\n") if part.strip())


def _listed(written: str) -> list[str]:
    return [part.strip() for part in written.split(",") if part.strip()]
