"""The catalogue: looked through by anybody, brought in and written by its curators."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import File, Query, Router
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from dure.api.base import ANYBODY, Asked, AskedByAnybody
from dure.api.find import allow, one, organisation_by, organisation_for
from dure.api.shapes import In, Line, Moment, OrganisationRef, Out, Page, Paging, PersonRef, Prose, Words, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.joints.sheets import read_sent
from dure.learning.models import Facet, Format, Import, Item, ItemKind, Provider, Source
from dure.learning.operations import imports, items, providers
from dure.learning.queries.catalogue import Asked as Wanted
from dure.learning.queries.catalogue import FacetValue, facets, listed
from dure.learning.records import Record, Taught, address_of, sanitised
from dure.learning.records import Words as Said
from dure.learning.rules import may_appoint, may_curate, may_open_provider
from dure.learning.tables import packed

router = Router(tags=["learning"])
ITEM = Text(ko="학습 항목", en="learning item")
PROVIDER = Text(ko="제공 기관", en="provider")
IMPORT = Text(ko="가져오기", en="import")
Key = Annotated[str, StringConstraints(min_length=1, max_length=160)]
Keys = Annotated[list[Key], Field(max_length=500)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]{2,7})?$")]


class Search(Paging):
    """Of several values of one name one must fit, of several names all. ``hours``: 1, 4, 20 (up to), more."""

    q: Line = ""
    kind: list[str] = []
    level: list[str] = []
    role: list[str] = []
    product: list[str] = []
    subject: list[str] = []
    skill: list[UUID] = []
    provider: list[str] = []
    hours: list[str] = []
    job: UUID | None = None

    def wanted(self) -> Wanted:
        return Wanted(
            typed=self.q, kinds=tuple(self.kind), levels=tuple(self.level), roles=tuple(self.role),
            products=tuple(self.product), subjects=tuple(self.subject), skills=tuple(self.skill),
            providers=tuple(self.provider), hours=tuple(self.hours), job=self.job,
        )  # fmt: skip


class TextOut(Out):
    """``summary`` is HTML without anything that runs."""

    title: str
    summary: str
    address: str


class TaughtOut(Out):
    skill: UUID
    code: str
    name: Words
    level: int


class ItemOut(Out):
    """``texts`` by language; ``tags`` by facet. ``origin``, ``adapter``: what was reworked into this, and for whom."""

    id: UUID
    provider: str
    key: str
    kind: str
    version: str
    minutes: int | None
    texts: dict[str, TextOut]
    tags: dict[str, list[str]]
    teaches: list[TaughtOut]
    origin: UUID | None
    adapter: OrganisationRef | None
    retired_at: Moment | None

    @classmethod
    def of(cls, item: Item) -> Self:
        return cls.many([item])[0]

    @classmethod
    def many(cls, rows: Sequence[Item]) -> list[Self]:
        whole = Item.objects.select_related("provider", "adapter_for").prefetch_related("texts", "tags")
        found = whole.prefetch_related("teaches__skill").in_bulk([row.pk for row in rows])
        return [cls._read(found[row.pk]) for row in rows]

    @classmethod
    def _read(cls, item: Item) -> Self:
        tags: dict[str, list[str]] = {facet.value: [] for facet in Facet}
        for tag in item.tags.all():
            tags[tag.facet].append(tag.key)
        texts = {
            text.locale: TextOut(title=text.title, summary=text.summary, address=text.address)
            for text in item.texts.all()
        }
        taught = [
            TaughtOut(skill=row.skill_id, code=row.skill.code, name=Words.of(row.skill.name), level=row.level)
            for row in item.teaches.all()
        ]
        told = {name: getattr(item, name) for name in ("id", "key", "kind", "version", "minutes", "retired_at")}
        adapter = OrganisationRef.of(item.adapter_for) if item.adapter_for else None
        return cls(
            **told, provider=item.provider.key, texts=texts, tags=tags, teaches=taught, origin=item.origin_id,
            adapter=adapter,
        )  # fmt: skip


class PartOut(Out):
    id: UUID
    key: str


class WholeOut(ItemOut):
    """``parts`` in order; ``needs``: what comes first."""

    parts: list[PartOut]
    needs: list[PartOut]

    @classmethod
    def of(cls, item: Item) -> Self:
        told = ItemOut.of(item)
        parts = [PartOut(id=row.part_id, key=row.part.key) for row in item.parts.select_related("part")]
        needs = [PartOut(id=row.before_id, key=row.before.key) for row in item.needs.select_related("before")]
        return cls(**dict(told), parts=parts, needs=needs)


class ValueOut(Out):
    """One value of a facet: how many items have it beside all else that was asked."""

    key: str
    name: Words
    count: int
    chosen: bool

    @classmethod
    def of(cls, value: FacetValue) -> Self:
        name = value.name if isinstance(value.name, Text) else Text(ko=value.name, en=value.name)
        return cls(key=value.key, name=Words.of(name), count=value.count, chosen=value.chosen)


class ProviderIn(In):
    organisation: Slug
    key: Slug
    name: Words
    source: Literal["own", "file", "platform"] = "own"


class ProviderOut(Out):
    key: str
    organisation: OrganisationRef
    name: Words
    source: str
    attribution: Words

    @classmethod
    def of(cls, row: Provider) -> Self:
        return cls(
            key=row.key, organisation=OrganisationRef.of(row.organisation), name=Words.of(row.name), source=row.source,
            attribution=Words.of(row.attribution),
        )  # fmt: skip


class ConnectionIn(In):
    """``secret`` left out keeps the one that is there."""

    tenant: Line
    client_id: Line
    secret: Line = ""
    locales: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}-[a-z]{2}(,[a-z]{2}-[a-z]{2})*$")] = "ko-kr,en-us"
    daily: bool = False


class ImportOut(Out):
    """``report``: counts of new, changed, same, retired, dangling and flaws, and their keys."""

    id: UUID
    provider: str
    state: str
    checks_only: bool
    done: int
    total: int
    report: dict[str, object]
    why: Words | None
    by: PersonRef | None

    @classmethod
    def of(cls, row: Import) -> Self:
        told = {name: getattr(row, name) for name in ("id", "state", "checks_only", "done", "report")}
        why = Words.of(row.why) if row.why_en else None
        by = PersonRef.of(row.by) if row.by else None
        return cls(**told, total=row.of, provider=row.provider.key, why=why, by=by)


class TextIn(In):
    title: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    summary: Prose = ""
    address: Annotated[str, StringConstraints(max_length=500)] = ""


class TaughtIn(In):
    code: Line
    level: Annotated[int, Field(ge=1, le=5)]


class ItemIn(In):
    """``parts`` and ``needs`` are keys of the same provider; ``teaches`` names skills by code or taxonomy/code."""

    key: Key
    kind: Literal["course", "module", "path", "lab", "outside"]
    texts: Annotated[dict[Locale, TextIn], Field(min_length=1, max_length=20)]
    minutes: Annotated[int, Field(ge=1, le=999_999)] | None = None
    tags: dict[Literal["role", "level", "product", "subject"], Annotated[list[Line], Field(max_length=50)]] = {}
    teaches: Annotated[list[TaughtIn], Field(max_length=100)] = []
    parts: Keys = []
    needs: Keys = []

    def record(self) -> Record:
        texts = {
            language: Said(text.title, sanitised(text.summary), address_of(text.address))
            for language, text in self.texts.items()
        }
        return Record(
            key=self.key, kind=ItemKind(self.kind).value, texts=texts, minutes=self.minutes,
            tags=tuple((facet, key[:80]) for facet, keys in self.tags.items() for key in keys),
            parts=tuple(self.parts), needs=tuple(self.needs), skills=_taught(self.teaches),
        )  # fmt: skip


class SkillsIn(In):
    teaches: Annotated[list[TaughtIn], Field(max_length=100)]


class AdaptIn(In):
    """Under which provider and key the copy is made, and for whom it is reworked."""

    into: Slug
    key: Key
    organisation: Slug | None = None


class RetiredIn(In):
    retired: bool


def _taught(told: Sequence[TaughtIn]) -> tuple[Taught, ...]:
    return tuple(Taught(one.code, one.level) for one in told)


# --- looked through


@router.get("/learning/items", response=Page[ItemOut], auth=ANYBODY)
def catalogue(request: AskedByAnybody, asked: Query[Search]) -> Page[ItemOut]:
    """Learning items that fit; retired ones are not listed."""
    return paged(listed(asked.wanted()), asked, ItemOut.many)


@router.get("/learning/facets", response=dict[str, list[ValueOut]], auth=ANYBODY)
def counted(request: AskedByAnybody, asked: Query[Search]) -> dict[str, list[ValueOut]]:
    """What there is of each facet beside all else that is asked."""
    return {name: [ValueOut.of(value) for value in values] for name, values in facets(asked.wanted()).items()}


@router.get("/learning/items/{uuid:item_id}", response=WholeOut, auth=ANYBODY)
def item(request: AskedByAnybody, item_id: UUID) -> WholeOut:
    """One learning item, a retired one as well."""
    return WholeOut.of(one(Item.objects.all(), "item.missing", ITEM, pk=item_id))


@router.get("/learning/providers", response=list[ProviderOut], auth=ANYBODY)
def all_providers(request: AskedByAnybody) -> list[ProviderOut]:
    """Whose shelves the catalogue has."""
    return [ProviderOut.of(row) for row in Provider.objects.select_related("organisation").order_by("name_key", "pk")]


# --- looked after


@writes(router.post, "/learning/providers", ProviderOut, status=201)
def open_provider(request: Asked, body: ProviderIn) -> Provider:
    """Give an organisation that one looks after a shelf in the catalogue."""
    organisation = organisation_by(body.organisation)
    allow(may_open_provider(request.auth, organisation), "organisation.not-yours")
    name = {"name_ko": body.name.ko, "name_en": body.name.en}
    return providers.open_provider(organisation, key=body.key, source=Source(body.source), **name)


@writes(router.put, "/learning/providers/{slug:key}/connection", ProviderOut)
def connect(request: Asked, key: str, body: ConnectionIn) -> Provider:
    """Say how a provider's live catalogue is reached."""
    provider = _curated(request, key)
    allow(may_appoint(request.auth, provider))
    providers.connect(provider, **body.model_dump())
    return provider


@dataclass(frozen=True)
class Sent:
    """A catalogue that is to be brought in."""

    provider: Provider
    content: Iterator[bytes]
    format: str
    name: str
    check_only: bool


@contextmanager
def _sent(request: Asked, key: str, file: File[UploadedFile], *, check_only: bool = False) -> Iterator[Sent]:
    provider, name = _curated(request, key), file.name or ""
    if name.lower().endswith((".csv", ".xlsx", ".xls")):
        table = read_sent(file)
        yield Sent(provider, iter([packed(table.header, table.rows)]), Format.TABLE, name, check_only)
    else:
        yield Sent(provider, file.chunks(), Format.CATALOGUE, name, check_only)


@writes(router.post, "/learning/providers/{slug:key}/imports", ImportOut, status=201, before=_sent)
def bring_in(request: Asked, sent: Sent) -> Import:
    """Bring a catalogue in: JSON as of the Catalog API (packed or not), CSV or XLSX; a worker does it."""
    told = {"format": sent.format, "name": sent.name}
    return imports.bring_in(sent.provider, sent.content, by=request.auth, checks_only=sent.check_only, **told)


class AskIn(In):
    check_only: bool = False


@writes(router.post, "/learning/providers/{slug:key}/live-imports", ImportOut, status=201)
def ask_platform(request: Asked, key: str, body: AskIn) -> Import:
    """Have a worker bring in what the live catalogue says now."""
    return imports.ask_platform(_curated(request, key), by=request.auth, checks_only=body.check_only)


@router.get("/learning/imports/{uuid:import_id}", response=ImportOut)
def imported(request: Asked, import_id: UUID) -> ImportOut:
    """How far an import is, and what it changed."""
    found = one(Import.objects.select_related("provider", "by"), "import.missing", IMPORT, pk=import_id)
    _curated(request, found.provider.key)
    return ImportOut.of(found)


@writes(router.post, "/learning/providers/{slug:key}/items", WholeOut, status=201)
def write_item(request: Asked, key: str, body: ItemIn) -> Item:
    """Write an item of a provider's own."""
    return items.write_item(_curated(request, key), body.record())


@writes(router.put, "/learning/items/{uuid:item_id}", WholeOut)
def edit_item(request: Asked, item_id: UUID, body: ItemIn) -> Item:
    """Say an item anew, as its next version; imported ones change at their source."""
    return items.edit_item(_own(request, item_id), body.record())


@writes(router.put, "/learning/items/{uuid:item_id}/skills", WholeOut)
def teach(request: Asked, item_id: UUID, body: SkillsIn) -> Item:
    """Say which skills an item teaches."""
    return items.teach(_own(request, item_id), skills=list(_taught(body.teaches)))


@writes(router.post, "/learning/items/{uuid:item_id}/adaptations", WholeOut, status=201)
def adapt(request: Asked, item_id: UUID, body: AdaptIn) -> Item:
    """Make a copy to be reworked, under a provider that one looks after."""
    origin = one(Item.objects.all(), "item.missing", ITEM, pk=item_id)
    for_ = organisation_for(request.auth, body.organisation)
    return items.adapt_item(origin, into=_curated(request, body.into), key=body.key, by=request.auth, for_=for_)


@writes(router.put, "/learning/items/{uuid:item_id}/retired", WholeOut)
def retire(request: Asked, item_id: UUID, body: RetiredIn) -> Item:
    """Take an item off the list, or put it back."""
    found = _own(request, item_id)
    return items.retire_item(found) if body.retired else items.list_again(found)


def _curated(request: Asked, key: str) -> Provider:
    """The provider, for its curators."""
    provider = one(Provider.objects.select_related("organisation"), "provider.missing", PROVIDER, key=key)
    allow(may_curate(request.auth, provider), "provider.not-yours")
    return provider


def _own(request: Asked, item_id: UUID) -> Item:
    """The item, for its provider's curators."""
    found = one(Item.objects.select_related("provider"), "item.missing", ITEM, pk=item_id)
    allow(may_curate(request.auth, found.provider), "provider.not-yours")
    return found
