"""The catalogue as people look through it: what was asked for, what there is of each facet, why an item is listed."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Value, When

from dure.core import clock
from dure.core.text import Text
from dure.learning.models import Facet, Item, ItemPieces, ItemSkill, ItemText, Provider, Tag
from dure.skills.models import JobRole, RoleSkill

HOURS: Mapping[str, tuple[int, int | None]] = {"1": (0, 60), "4": (60, 240), "20": (240, 1200), "more": (1200, None)}
"""Bands of time by name: minutes from, and below."""
TAGGED = {"roles": Facet.ROLE, "levels": Facet.LEVEL, "products": Facet.PRODUCT, "subjects": Facet.SUBJECT}
SHOWN = 15  # values of one facet
KEPT = 60  # seconds


@dataclass(frozen=True)
class Asked:
    """What somebody looks for: all that is named must fit, of several values of one facet one.

    What can be read in ``language`` comes first.
    """

    typed: str = ""
    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    skills: tuple[UUID, ...] = ()
    providers: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    job: UUID | None = None
    language: str = ""


_Counted = tuple[str, Text | str, int]  # key, name, how many
_Counter = Callable[["QuerySet[Item]"], list[_Counted]]
FACETS = ("kinds", *TAGGED, "skills", "providers", "hours")


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet: what it is called and how many items have it beside all else that was asked."""

    key: str
    name: Text | str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Shown:
    """An item in one reader's language. ``locale`` is the text's own: another one where there is none in theirs."""

    item: Item
    text: ItemText
    fits: bool
    why: list[RoleSkill] = field(default_factory=list)

    @property
    def tags(self) -> list[Tag]:
        return list(self.item.tags.all())

    @property
    def levels(self) -> list[Tag]:
        return [tag for tag in self.tags if tag.facet == Facet.LEVEL]


def listed(asked: Asked) -> "QuerySet[Item]":
    """Items that fit: first those whose title has what was typed, then those in the reader's language, by name."""
    rows = Item.objects.filter(retired_at=None)
    for name in FACETS:
        if getattr(asked, name):
            rows = rows.filter(_fitting(name, getattr(asked, name)))
    if asked.job:
        asks = RoleSkill.objects.filter(role=asked.job).values("skill")
        rows = rows.filter(Exists(ItemSkill.objects.filter(item=OuterRef("pk"), skill__in=asks)))
    order: list[Any] = ["name_key", "pk"]
    if asked.language:
        order.insert(0, Exists(ItemText.objects.filter(item=OuterRef("pk"), locale=asked.language)).desc())
    if asked.typed:
        rows = rows.filter(_found(asked.typed, "body"))
        order.insert(0, Case(When(_found(asked.typed, "title"), then=Value(0)), default=Value(1)))
    return rows.order_by(*order)


def _found(typed: str, column: str) -> Q:
    return Q(pk__in=ItemPieces.objects.filter(**{f"{column}__holds": typed}).values("text__item"))


def _fitting(name: str, values: Sequence[object]) -> Q:
    """Items with one of the values of a facet."""
    if name in TAGGED:
        tags = Tag.objects.filter(facet=TAGGED[name], key__in=values).values("pk")
        return Q(pk__in=Item.tags.through.objects.filter(tag__in=tags).values("item"))
    if name == "skills":
        return Q(pk__in=ItemSkill.objects.filter(skill__pk__in=list(values)).values("item"))
    if name == "providers":
        return Q(provider__key__in=values)
    if name == "kinds":
        return Q(kind__in=values)
    found = Q(pk__in=[])
    for value in values:
        found |= _within(str(value))
    return found


def _within(band: str) -> Q:
    least, below = HOURS.get(band, (0, 0))
    return Q(minutes__gte=least) & (Q() if below is None else Q(minutes__lt=below))


def facets(asked: Asked) -> dict[str, list[FacetValue]]:
    """The values of every facet, each counted beside all else that was asked; the most frequent first.

    Counted once for all who ask the same while no item changes; a provider's new name may take ``KEPT`` to show.
    """
    return _facets(replace(asked, language=""), *_edition())


def counted(asked: Asked) -> int:
    """How many items fit: counted once while no item changes. What a job role asks for may change without one."""
    return listed(asked).order_by().count() if asked.job else _all(replace(asked, language=""), *_edition())


def _edition() -> tuple[datetime | None, int]:
    """What counts belong to: when an item changed last, and the ``KEPT`` seconds that go on."""
    return Item.objects.aggregate(last=Max("changed_at"))["last"], int(clock.now().timestamp() // KEPT)


@lru_cache(maxsize=512)
def _all(asked: Asked, _changed: datetime | None, _turn: int) -> int:
    return listed(asked).order_by().count()


@lru_cache(maxsize=512)
def _facets(asked: Asked, _changed: datetime | None, _turn: int) -> dict[str, list[FacetValue]]:
    free = {facet for name, facet in TAGGED.items() if not getattr(asked, name)}
    counted = _tagged(listed(asked), free)  # what nobody chose of is counted at once
    return {name: _shown_of(counted[TAGGED[name]], set()) if TAGGED.get(name) in free else _counted(name, asked)
            for name in FACETS}  # fmt: skip


def _counted(name: str, asked: Asked) -> list[FacetValue]:
    others: dict[str, Any] = {name: ()}
    rows = listed(replace(asked, **others)).order_by()
    chosen = {str(value) for value in getattr(asked, name)}
    return _shown_of(_NAMED[name](rows), chosen)


def _shown_of(found: list[_Counted], chosen: set[str]) -> list[FacetValue]:
    """The first values, and those that were chosen."""
    shown = found[:SHOWN] + [one for one in found[SHOWN:] if one[0] in chosen]
    return [FacetValue(key, text, count, key in chosen) for key, text, count in shown]


def _hours(rows: "QuerySet[Item]") -> list[_Counted]:
    counted = rows.aggregate(**{f"band_{band}": Count("pk", filter=_within(band)) for band in HOURS})
    return [(band, band, n) for band in HOURS if (n := counted[f"band_{band}"])]


def _kinds(rows: "QuerySet[Item]") -> list[_Counted]:
    counted = rows.values_list("kind").annotate(n=Count("pk")).order_by("-n", "kind")
    return [(kind, kind, n) for kind, n in counted]


def _providers(rows: "QuerySet[Item]") -> list[_Counted]:
    counted = dict(rows.values_list("provider").annotate(n=Count("pk")))
    named = Provider.objects.in_bulk(list(counted))
    return _most_first((row.key, row.name, counted[pk]) for pk, row in named.items())


def _skills(rows: "QuerySet[Item]") -> list[_Counted]:
    taught = ItemSkill.objects.filter(item__in=rows.values("pk")).values_list(
        "skill", "skill__name_ko", "skill__name_en"
    )
    return _most_first(
        (str(pk), Text(ko=ko or en, en=en or ko), n) for pk, ko, en, n in taught.annotate(n=Count("item"))
    )


def _tags(facet: Facet) -> _Counter:
    return lambda rows: _tagged(rows, {facet})[facet]


def _tagged(rows: "QuerySet[Item]", facets: Collection[Facet]) -> dict[Facet, list[_Counted]]:
    """The tags of items by facet."""
    through = Item.tags.through.objects.filter(item__in=rows.order_by().values("pk"))
    counted = dict(through.values_list("tag").annotate(n=Count("item")))
    tags = list(Tag.objects.filter(pk__in=counted, facet__in=facets))
    return {
        facet: _most_first((tag.key, tag.name, counted[tag.pk]) for tag in tags if tag.facet == facet)
        for facet in facets
    }


def _most_first(counted: Iterable[_Counted]) -> list[_Counted]:
    return sorted(counted, key=lambda one: (-one[2], one[0]))


_NAMED: Mapping[str, _Counter] = {
    "hours": _hours,
    "kinds": _kinds,
    "providers": _providers,
    "skills": _skills,
    **{name: _tags(facet) for name, facet in TAGGED.items()},
}


def shown(keys: Iterable[UUID], *, language: str, job: UUID | None = None) -> list[Shown]:
    """Items of a list as a reader of ``language`` sees them; with ``job`` what each teaches that this role asks for."""
    keys, parts = list(keys), ("tags", Prefetch("texts", ItemText.objects.defer("outline")))
    asks = {one.skill_id: one for one in RoleSkill.objects.filter(role=job).select_related("skill")} if job else {}
    items = Item.objects.select_related("provider").prefetch_related(*parts, *(["teaches"] if asks else []))
    rows = items.in_bulk(keys)
    return [_shown(rows[key], language, asks) for key in keys]


def shown_whole(item: Item, *, language: str) -> Shown:
    """One item with all that its own page tells of it."""
    rows = Item.objects.select_related("provider__organisation", "adapter", "adapter_for", "origin__provider")
    return _shown(rows.prefetch_related("texts", "tags", "teaches__skill__taxonomy").get(pk=item.pk), language, {})


def _shown(item: Item, language: str, asks: Mapping[UUID, RoleSkill]) -> Shown:
    text = best_text(list(item.texts.all()), language)
    why = [asks[one.skill_id] for one in item.teaches.all() if one.skill_id in asks] if asks else []
    return Shown(item, text, text.locale == language, sorted(why, key=lambda one: -one.weight))


def best_text(texts: Sequence[ItemText], language: str) -> ItemText:
    """The text in a language, else in English or Korean, else the first by language; never none."""
    by_locale = {text.locale: text for text in texts}
    for locale in (language, "en", "ko", *sorted(by_locale)):
        if locale in by_locale:
            return by_locale[locale]
    raise LookupError("an item without any text")


def roles_asking(item: Item) -> "QuerySet[RoleSkill]":
    """Why this item: the job roles that ask for what it teaches, those that cannot do without it first."""
    taught = item.teaches.values("skill")
    rows = RoleSkill.objects.filter(skill__in=taught, role__retired_in=None).select_related("role", "skill")
    return rows.order_by("-weight", "role__name_key", "skill__name_key")


def job_roles() -> "QuerySet[JobRole]":
    """Roles that ask for something that is taught here, by name."""
    taught = ItemSkill.objects.filter(item__retired_at=None, skill=OuterRef("skill"))
    asking = RoleSkill.objects.filter(Exists(taught)).values("role")
    return JobRole.objects.filter(pk__in=asking, retired_in=None).order_by("name_key", "pk")
