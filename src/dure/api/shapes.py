"""What requests and answers are made of: closed bodies, pages, moments, money, words, persons."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Generic, Self, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.timezone import localtime, make_aware
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints, WithJsonSchema

from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.store.pages import MOST, page_of


def _written(moment: datetime) -> str:
    return localtime(moment).isoformat()


Moment = Annotated[
    datetime,
    PlainSerializer(_written, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""RFC 3339 with the offset of the place where Dure is at home."""


def _placed(moment: datetime) -> datetime:
    try:
        return (moment if moment.tzinfo else make_aware(moment)).astimezone(UTC)
    except OverflowError:
        raise ValueError("lies beyond the calendar") from None


GivenMoment = Annotated[datetime, AfterValidator(_placed)]
"""A moment that a caller names; without an offset it is one of the place where Dure is at home."""

BIG = 2**53 - 1  # the largest whole number that every JSON reader keeps exact
Whole = Annotated[int, Field(ge=0, le=BIG)]
Step = Annotated[int, Field(ge=0, le=1000)]
Occurrence = Annotated[int, Field(ge=0, le=2**31 - 1)]
Line = Annotated[str, StringConstraints(max_length=200)]
Prose = Annotated[str, StringConstraints(max_length=20_000)]
Email = Annotated[str, StringConstraints(max_length=254)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Number = Annotated[int, Field(ge=-BIG, le=BIG)] | Annotated[float, Field(allow_inf_nan=False)]
Value = bool | Number | Prose | list[Prose] | None


class In(BaseModel):
    """A body of a request. A key that it does not know is refused: it may be a slip of the pen."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """A document that is answered."""


class Paging(BaseModel):
    """A keyset page: at most ``limit`` rows of those that follow the id ``after``."""

    limit: int = Field(50, ge=1, le=MOST)
    after: UUID | None = None


X = TypeVar("X")
M = TypeVar("M", bound=Model)


class Page(Out, Generic[X]):
    """``next`` is the ``after`` of the following page; null at the end."""

    items: list[X]
    next: UUID | None = None


def paged(rows: QuerySet[M], paging: Paging, shape: Callable[[Sequence[M]], list[X]]) -> Page[X]:
    """One page of ``rows``, shaped all together so that what belongs to them is read once."""
    page = page_of(rows, after=paging.after, limit=paging.limit)
    return Page(items=shape(page.rows), next=page.next)


class Words(Out):
    """A sentence in both languages."""

    ko: str
    en: str

    @classmethod
    def of(cls, text: Text) -> Self:
        return cls(ko=text.ko, en=text.en)


class Money(Out):
    """A whole amount of the currency's smallest unit."""

    amount: int
    currency: str


class PersonRef(Out):
    id: UUID
    name: str

    @classmethod
    def of(cls, person: Person) -> Self:
        return cls(id=person.pk, name=person.name)


class OrganisationRef(Out):
    short: str
    name: Words

    @classmethod
    def of(cls, organisation: Organisation) -> Self:
        return cls(short=organisation.short, name=Words.of(organisation.title))
