"""What somebody asked the table of participants: the group, the order, the columns; all of it kept in the address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from dure.people.models import Organisation
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import CaseState, Programme, TurnState
from dure.programmes.queries.cohort import Group, options_stages
from dure.site import words
from dure.store.worded import asked as asked_for

SORTS = {"number": "number", "-number": "-number", "name": "sole__name", "-name": "-sole__name"}
MOST_ORGANISATIONS = 200
_NAMES = ("stage", "state", "option", "organisation", "text")


@dataclass(frozen=True)
class Asked:
    """``columns``: their names in the order of the table; empty: those that fit the filter."""

    group: Group
    sort: str = "number"
    columns: tuple[str, ...] = ()

    @property
    def order(self) -> str:
        return SORTS[self.sort]

    def query(self, **changes: Any) -> str:
        """This table in an address, with ``changes``; a value that is empty is left out."""
        values = {name: getattr(self.group, name) for name in _NAMES}
        values |= {"sort": "" if self.sort == "number" else self.sort, "col": self.columns, **changes}
        return urlencode({name: value for name, value in values.items() if value}, doseq=True)

    @property
    def filters(self) -> list[tuple[str, str]]:
        """The group as the hidden fields of a form."""
        return [(name, value) for name in _NAMES if (value := getattr(self.group, name))]

    def case_address(self, programme: Programme, number: int) -> str:
        return self.case_addresses(programme)(number)

    def case_addresses(self, programme: Programme) -> Callable[[int], str]:
        """Each case's page by its number; it knows the list that it was opened from."""
        query = self.query(col=())
        page, rest = reverse("desk-case", args=[programme.slug, 0]).removesuffix("0/"), f"?{query}" if query else ""
        return lambda number: f"{page}{number}/{rest}"

    @property
    def narrowed(self) -> bool:
        return bool(self.filters)


def asked_of(programme: Programme, query: QueryDict) -> Asked:
    """What an address asks; what the programme does not have is left out."""
    blueprint = blueprint_of(programme)
    stage = query.get("stage", "")
    stage = stage if stage in blueprint.positions else ""
    states = TurnState.values if stage else CaseState.values
    state = query.get("state", "")
    group = Group(
        stage=stage,
        state=state if state in states else "",
        option=query.get("option", ""),
        organisation=query.get("organisation", ""),
        text=query.get("text", "").strip(),
    )
    sort = query.get("sort", "number")
    return Asked(group, sort if sort in SORTS else "number", tuple(query.getlist("col")))


def choices_of(programme: Programme, asked: Asked) -> dict[str, Any]:
    """The values that each field of the filter offers."""
    blueprint = blueprint_of(programme)
    kinds = words.TURN_STATES if asked.group.stage else words.CASE_STATES
    names = {
        name: None for stage in options_stages(programme, asked.group.stage) for name in options_at(programme, stage)
    }
    return {
        "stages": [(stage.id, words.word(blueprint, stage.id)) for stage in blueprint.stages],
        "states": [(name, str(label)) for name, label in kinds.items()],
        "options": [(name, words.word(blueprint, name)) for name in names],
        "organisations": asked_for(_Organisations(words.language())),
    }


@dataclass(frozen=True)
class _Organisations:
    """Asks for the first organisations, each by its short name and its name in a language."""

    language: str

    def __call__(self) -> "QuerySet[Organisation, Any]":
        rows = Organisation.objects.order_by("name_ko")
        return rows.values_list("short", f"name_{self.language}")[:MOST_ORGANISATIONS]


def told(programme: Programme, group: Group) -> str:
    """A group in words."""
    blueprint = blueprint_of(programme)
    parts = []
    if group.stage:
        parts.append(words.word(blueprint, group.stage))
    if group.state:
        labels = words.TURN_STATES if group.stage else words.CASE_STATES
        parts.append(str(labels.get(group.state, group.state)))
    if group.option:
        parts.append(words.word(blueprint, group.option))
    if group.organisation:
        parts.append(group.organisation)
    if group.text:
        parts.append(f"“{group.text}”")
    if group.cases:
        parts.append(gettext("%(n)s chosen cases") % {"n": f"{len(group.cases):,}"})
    return " · ".join(parts) or gettext("Everybody")
