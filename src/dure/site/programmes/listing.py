"""The list of programmes: what can be filtered, searched, ordered and shared by its address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from dure.core import clock
from dure.people.models import Organisation
from dure.programmes.models import Listing, Party, Programme, ProgrammeState
from dure.programmes.queries.listing import ORDERS, PHASES, in_phase, listed, named, ordered, phase_of, with_kinds
from dure.site import words
from dure.site.middleware import is_part

PAGE = 18
KEPT = 60  # seconds for which cards and the organisations to choose from are kept
NAMES: dict[str, Promise] = {
    "deadline": _("Deadline first"), "newest": _("Newest first"), "title": _("By title"),
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """A programme in a list."""

    programme: Programme
    phase: str
    kinds: tuple[str, ...]
    subject: str
    opens: datetime | None
    closes: datetime | None
    prizes: int
    organisations: tuple[Organisation, ...]


@dataclass(frozen=True)
class Filters:
    """What is asked of the list. Whatever an address says that is none of the words counts as not said."""

    typed: str
    phase: str
    kinds: list[str]
    subject: str
    organisation: str
    order: str

    @classmethod
    def of(cls, asked: QueryDict) -> "Filters":
        return cls(
            typed=asked.get("q", "").strip(),
            phase=_known(asked.get("state"), PHASES),
            kinds=[kind for kind in words.KINDS if kind in asked.getlist("kind")],
            subject=_known(asked.get("who"), words.SUBJECTS),
            organisation=asked.get("organisation", ""),
            order=_known(asked.get("order"), ORDERS) or ORDERS[0],
        )

    def found(self) -> "QuerySet[Listing]":
        rows = with_kinds(listed(), self.kinds)
        if self.phase:
            rows = in_phase(rows, self.phase)
        if self.subject:
            rows = rows.filter(subject=self.subject)
        if self.organisation:
            parties = Party.objects.filter(organisation__short=self.organisation)
            rows = rows.filter(programme__in=parties.values("programme"))
        if self.typed:
            rows = named(rows, self.typed)
        return ordered(rows, self.order, title=f"title_{words.language()}", phase=self.phase)


@dataclass(frozen=True)
class Chip:
    """A chosen filter, and the address without it."""

    text: str
    without: str


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every public programme; asked for by htmx, the list alone."""
    filters = Filters.of(request.GET)
    page: Page[Listing] = Paginator(filters.found(), PAGE).get_page(request.GET.get("page"))
    hosts = _hosts(words.language(), int(clock.now().timestamp() // KEPT))
    seen = {
        "cards": cards(page.object_list),
        "page": page,
        "filters": filters,
        "chips": _chips(request.GET, filters, hosts),
        "hosts": hosts,
        "phases": {phase: words.PHASES[phase] for phase in PHASES},
        "kinds": words.KINDS,
        "subjects": words.SUBJECTS,
        "orders": NAMES,
    }
    if is_part(request):
        return push_url(render(request, "programmes/found.html", seen), _address(request.GET))
    return render(request, "programmes/index.html", seen)


def cards(rows: Iterable[Listing]) -> list[SafeString]:
    """A card for each row of ``listed()``, as it is sent; one query for all their organisations."""
    listed_rows = list(rows)
    hosts: dict[UUID, dict[Organisation, None]] = {}
    parties = Party.objects.filter(programme__in=[row.pk for row in listed_rows]).select_related("organisation")
    for party in parties.order_by("pk"):
        hosts.setdefault(party.programme_id, {})[party.organisation] = None
    told = words.language(), str(timezone.get_current_timezone()), int(clock.now().timestamp() // KEPT)
    return [_written(_card(row, tuple(hosts.get(row.pk, ()))), *told) for row in listed_rows]


@lru_cache(maxsize=2048)
def _written(card: Card, _language: str, _zone: str, _turn: int) -> SafeString:
    """A card for everybody of a language and a zone, kept for a turn of the clock: it says how long is left."""
    return render_to_string("programmes/card.html", {"card": card})


def _card(row: Listing, organisations: tuple[Organisation, ...]) -> Card:
    return Card(
        programme=row.programme,
        phase=phase_of(row),
        kinds=tuple(str(words.KINDS[kind]) for kind in row.kinds.split()),
        subject=str(words.SUBJECTS[row.subject]),
        opens=row.opens_at,
        closes=row.closes_at,
        prizes=row.prizes,
        organisations=organisations,
    )


@lru_cache(maxsize=4)
def _hosts(language: str, _turn: int) -> dict[str, str]:
    """Organisations that stand in a public programme, by their short names; looked up once a turn of the clock."""
    shown = Party.objects.exclude(programme__state=ProgrammeState.DRAFT).values("organisation")
    names = Organisation.objects.filter(pk__in=shown).order_by(f"name_{language}")
    return dict(names.values_list("short", f"name_{language}"))


def _chips(asked: QueryDict, filters: Filters, hosts: dict[str, str]) -> list[Chip]:
    chosen = [("state", filters.phase, words.PHASES), ("who", filters.subject, words.SUBJECTS)]
    told = [(name, value, str(texts[value])) for name, value, texts in chosen if value]
    told += [("kind", kind, str(words.KINDS[kind])) for kind in filters.kinds]
    if filters.organisation:
        told.append(("organisation", filters.organisation, hosts.get(filters.organisation, filters.organisation)))
    if filters.typed:
        told.append(("q", filters.typed, f"‘{filters.typed}’"))
    return [Chip(text, _without(asked, name, value)) for name, value, text in told]


def _without(asked: QueryDict, name: str, value: str) -> str:
    left = asked.copy()
    left.setlist(name, [kept for kept in left.getlist(name) if name == "kind" and kept != value])
    left.pop("page", None)
    return f"?{left.urlencode()}"


def _address(asked: QueryDict) -> str:
    """The list's address without what says nothing."""
    told = [(name, value) for name, values in asked.lists() for value in values if value]
    return f"{reverse('programmes')}?{urlencode(told)}" if told else reverse("programmes")


def _known(word: str | None, among: Iterable[str]) -> str:
    return word if word and word in among else ""
