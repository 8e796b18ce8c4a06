"""The catalogue: found by words, sorted by facets, shared by its address; one item with where it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from dure.core.errors import Missing
from dure.core.text import Text
from dure.learning.models import Item
from dure.learning.queries.catalogue import (
    FACETS,
    Asked,
    FacetValue,
    counted,
    facets,
    job_roles,
    listed,
    roles_asking,
    shown,
    shown_whole,
)
from dure.learning.rules import curated_by, is_written_here, may_curate
from dure.site import learning_words as labels
from dure.site import words
from dure.site.middleware import is_part
from dure.site.visitors import visitor

PAGE = 18
MOST_ROLES = 12
NAMES = {"kind": "kinds", "level": "levels", "role": "roles", "skill": "skills", "time": "hours", "product": "products",
         "subject": "subjects", "provider": "providers"}  # fmt: skip
NO_ITEM = Text(
    ko="찾으시는 학습 항목이 없습니다. 카탈로그에서 찾아보세요.",
    en="There is no such learning item. Look for it in the catalogue.",
)


@dataclass(frozen=True)
class Choice:
    """A facet as a form shows it."""

    name: str
    title: str
    values: list[FacetValue]


@dataclass(frozen=True)
class Chip:
    """Something chosen, and the address without it."""

    text: str
    without: str


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everything that there is to learn; asked for by htmx, the list and its counts alone."""
    asked = asked_of(request.GET)
    pages: Paginator[UUID] = Paginator(listed(asked).values_list("pk", flat=True), PAGE)
    pages.count = counted(asked)
    page = pages.get_page(request.GET.get("page"))
    choices = _choices(asked)
    person = visitor(request)
    seen = {
        "page": page,
        "found": shown(page, language=words.language(), job=asked.job),
        "asked": asked,
        "choices": choices,
        "chips": _chips(request.GET, asked, choices),
        "jobs": [(str(role.pk), words.say(role.name)) for role in job_roles()],
        "job": str(asked.job or ""),
        "curates": person is not None and curated_by(person).exists(),
    }
    if is_part(request):
        return push_url(render(request, "learning/part.html", seen), _address(request.GET))
    return render(request, "learning/index.html", seen)


def asked_of(asked: QueryDict) -> Asked:
    """What an address asks for; what is no id counts as not said."""
    told = {facet: tuple(filter(None, asked.getlist(name)))[:50] for name, facet in NAMES.items()}
    jobs = _ids([asked.get("job", "")])
    return Asked(
        typed=asked.get("q", "").replace("\0", "").strip()[:200],
        job=jobs[0] if jobs else None,
        language=words.language(),
        skills=_ids(told.pop("skills")),
        **told,
    )


def _ids(written: Iterable[str]) -> tuple[UUID, ...]:
    found = []
    for text in written:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(found)


def _choices(asked: Asked) -> list[Choice]:
    found = facets(asked)
    names = {facet: name for name, facet in NAMES.items()}
    return [
        Choice(names[facet], str(labels.FACETS[facet]), [_named(facet, value) for value in found[facet]])
        for facet in labels.FACETS
        if found[facet] and facet in FACETS
    ]


def _named(facet: str, value: FacetValue) -> FacetValue:
    """The value in the visitor's words."""
    fixed = {"kinds": labels.ITEM_KINDS, "hours": labels.HOURS}.get(facet, {})
    name = fixed.get(value.key) or (words.say(value.name) if isinstance(value.name, Text) else value.name)
    return FacetValue(value.key, str(name), value.count, value.chosen)


def _chips(asked: QueryDict, told: Asked, choices: list[Choice]) -> list[Chip]:
    chips = [
        Chip(str(value.name), _without(asked, choice.name, value.key))
        for choice in choices
        for value in choice.values
        if value.chosen
    ]
    if told.typed:
        chips.append(Chip(f"‘{told.typed}’", _without(asked, "q", told.typed)))
    if told.job:
        chips.append(Chip(gettext("For a job role"), _without(asked, "job", str(told.job))))
    return chips


def _without(asked: QueryDict, name: str, value: str) -> str:
    left = asked.copy()
    left.setlist(name, [kept for kept in left.getlist(name) if kept.strip() != value])
    left.pop("page", None)
    return f"?{left.urlencode()}"


def _address(asked: QueryDict) -> str:
    """The list's address without what says nothing."""
    told = [(name, value) for name, values in asked.lists() for value in values if value]
    return f"{reverse('learn')}?{urlencode(told)}" if told else reverse("learn")


@require_safe
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One item: what it is about, what it teaches and to whom that matters, who made and reworked it."""
    found = item_by(item_id)
    person, language = visitor(request), words.language()
    one = shown_whole(found, language=language)
    wholes, adapted = Item.objects.filter(parts__part=found, retired_at=None), found.adaptations.filter(retired_at=None)
    seen = {
        "one": one,
        "parts": shown(found.parts.values_list("part", flat=True), language=language),
        "needs": shown(found.needs.values_list("before", flat=True), language=language),
        "part_of": shown(wholes.values_list("pk", flat=True)[:PAGE], language=language),
        "adaptations": shown(adapted.values_list("pk", flat=True)[:PAGE], language=language),
        "asking": roles_asking(found)[:MOST_ROLES],
        "curates": person is not None and may_curate(person, found.provider),
        "editable": is_written_here(found),
        "may_adapt": person is not None and curated_by(person).exists(),
        "others": [text for text in one.item.texts.all() if text.pk != one.text.pk],
    }
    return render(request, "learning/item.html", seen)


def item_by(item_id: UUID) -> Item:
    """The item of that id. Raises Missing."""
    found = Item.objects.select_related("provider__organisation").filter(pk=item_id).first()
    if found is None:
        raise Missing("item.missing", NO_ITEM)
    return found
