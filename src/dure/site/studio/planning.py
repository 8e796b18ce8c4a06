"""A new programme as its maker fills it in: the fields, what they say, and what would come of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from dure.blueprint.binds import blanks
from dure.blueprint.dates import first_instant
from dure.blueprint.model import Blueprint, Party
from dure.blueprint.overriding import as_written
from dure.core.text import Text
from dure.people.models import Organisation
from dure.programmes.checks import flaws_of_binding, lacking_parties
from dure.programmes.models import Programme, Seat
from dure.programmes.operations.copying import Edition
from dure.programmes.operations.publishing import STILL_LACKING
from dure.site import words
from dure.site.reading import SLUG, YEARS
from dure.site.studio.origins import Origin

Sent = Mapping[str, Sequence[str]]
MOST_ORGANISATIONS = 500
_AMOUNTS = {"fee", "money", "provision"}
_NO_ORGANISATION = Text(
    ko="‘{short}’ 기관이 없습니다. 목록에서 고르거나, 없으면 플랫폼 운영자에게 등록을 요청하세요.",
    en="There is no organisation {short}. Choose one of the list, or ask who runs the platform to add it.",
)
_TAKEN = Text(ko="주소 ‘{slug}’은(는) 이미 쓰이고 있습니다.", en="The address {slug} is taken already.")
_NO_SLUG = Text(
    ko="주소는 영문 소문자·숫자·하이픈(-)으로 쓰세요.", en="Write the address in small letters, digits and hyphens."
)
_NO_DATE = Text(ko="{what}: 날짜를 2027-03-02처럼 쓰세요.", en="{what}: write the date as 2027-03-02.")
_NO_YEAR = Text(
    ko="{what}: {first}년부터 {last}년까지의 날짜를 쓰세요.", en="{what}: write a year from {first} to {last}."
)


@dataclass(frozen=True)
class Plan:
    """``sent``: what the form says, by field, each a list."""

    origin: Origin
    sent: Sent

    def one(self, name: str) -> str:
        values = self.sent.get(name) or [""]
        return values[-1].strip()

    @property
    def blueprint(self) -> Blueprint:
        return self.origin.blueprint

    @property
    def slug(self) -> str:
        return self.one("slug")

    @property
    def title(self) -> Text:
        own = self.origin.title
        return Text(ko=self.one("title_ko") or own.ko, en=self.one("title_en") or own.en)

    @property
    def zone(self) -> str:
        return self.one("zone") or "Asia/Seoul"

    def shorts(self, key: str) -> list[str]:
        """The organisations named for a party, each once; who is not known stays as it is written."""
        known = self._known
        return list(dict.fromkeys(known[name].short if name in known else name for name in self._named(key)))

    def _named(self, key: str) -> list[str]:
        """As they are written; a list shows them as ``short – name``."""
        written = (value.split(" – ")[0].strip() for value in self.sent.get(f"party.{key}", ()))
        return [name for name in written if name]

    @cached_property
    def _known(self) -> dict[str, Organisation]:
        """By what is written of them: a short name, else a name that only one of them has."""
        written = [name for key in self.blueprint.parties for name in self._named(key)]
        rows = Organisation.objects.filter(Q(short__in=written) | Q(name_ko__in=written) | Q(name_en__in=written))
        called = [(name, row) for row in rows for name in {row.name_ko, row.name_en}]
        often = Counter(name for name, _ in called)
        return {name: row for name, row in called if often[name] == 1} | {row.short: row for row in rows}

    def organisations(self) -> dict[str, list[Organisation]]:
        known = self._known
        return {key: [known[short] for short in self.shorts(key) if short in known] for key in self.blueprint.parties}

    def dates(self) -> dict[str, str]:
        return {dated.name: self.one(f"date.{dated.name}") for dated, _ in self.origin.dates()}

    def bind(self) -> dict[str, Any]:
        """Every value that is filled in, of the sort that the blueprint asks; parties are bound apart."""
        values: dict[str, Any] = {}
        for blank in blanks(self.blueprint):
            if blank.thing == "date":
                values[blank.name] = self.one(f"date.{blank.name}")
            elif blank.thing == "options":
                values[blank.name] = self.one(f"value.{blank.name}").split()
            elif blank.thing in _AMOUNTS:
                written = self.one(f"value.{blank.name}").replace(",", "")
                values[blank.name] = int(written) if written.isdecimal() else written
        return {name: value for name, value in values.items() if value not in ("", [])}

    def windows(self) -> dict[str, dict[str, str]]:
        """The windows that are not the blueprint's own."""
        found: dict[str, dict[str, str]] = {}
        for dated, before in self.origin.dates():
            new = self.one(f"date.{dated.name}")
            stage = self.blueprint.stage(dated.stage)
            if dated.bound or stage.when is None or (new in ("", before) and dated.stage not in self.origin.windows):
                continue
            window = found.setdefault(dated.stage, as_written(stage.when))
            window[dated.end] = new or before
        kept = {stage: dict(when) for stage, when in self.origin.windows.items() if stage not in found}
        return {**kept, **found}

    def seats(self) -> list[Seat]:
        """Those of the former edition that sit again; only for a party that is still there."""
        chosen = set(self.sent.get("seat", ()))
        return [seat for seat in self.origin.seats if str(seat.pk) in chosen]

    def edition(self) -> Edition:
        seats = [(seat.role, seat.person, seat.organisation) for seat in self.seats()]
        return Edition(
            source=self.origin.source, slug=self.slug, title=self.title, zone=self.zone, bind=self.bind(),
            parties={key: named for key, named in self.organisations().items() if named},
            windows=self.windows(), seats=seats,
        )  # fmt: skip

    # --- what is wrong with it

    def wrong(self) -> list[str]:
        """What must be corrected before it can be made."""
        return [words.say(text) for text in self._wrong()]

    def _wrong(self) -> Iterator[Text]:
        if not SLUG.fullmatch(self.slug):
            yield _NO_SLUG
        elif Programme.objects.filter(slug=self.slug).exists():
            yield _TAKEN.format(slug=self.slug)
        yield from self.misfits()

    def misfits(self) -> Iterator[Text]:
        """What of its parties, dates and values cannot stand."""
        unknown = [short for key in self.blueprint.parties for short in self.shorts(key) if short not in self._known]
        yield from (_NO_ORGANISATION.format(short=short) for short in unknown)
        for name, text in self.dates().items():
            moment = first_instant(text) if text else None
            if text and moment is None:
                yield _NO_DATE.format(what=name)
            elif moment and moment.year not in YEARS:
                yield _NO_YEAR.format(what=name, first=YEARS[0], last=YEARS[-1])
        yield from (flaw.text for flaw in self._flaws() if flaw.code not in STILL_LACKING)

    def lacking(self) -> list[str]:
        """What can be filled in later, at the desk, before it is announced."""
        short = {key: [o.short for o in named] for key, named in self.organisations().items()}
        flaws = [flaw.text for flaw in self._flaws() if flaw.code in STILL_LACKING]
        return [words.say(text) for text in [*flaws, *lacking_parties(self.blueprint, short)]]

    def _flaws(self) -> list[Any]:
        short = {key: [o.short for o in named] for key, named in self.organisations().items()}
        return flaws_of_binding(self.blueprint, self.bind(), short, slug=self.slug or "new", zone=self.zone)


# --- the fields -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Blank:
    """One field of the wizard; ``values`` more than one where several may be named."""

    name: str
    label: str
    sort: str
    values: tuple[str, ...]
    about: str = ""


def values_of(origin: Origin) -> dict[str, list[str]]:
    """What the fields for parties and values say of an origin."""
    return {
        **{f"party.{key}": list(shorts) for key, shorts in origin.parties.items()},
        **{f"value.{name}": [_listed(value)] for name, value in origin.bind.items()},
    }


def _listed(value: object) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def known_organisations() -> QuerySet[Organisation]:
    """Those that the fields for parties propose."""
    return Organisation.objects.order_by("name_ko")[:MOST_ORGANISATIONS]


def party_fields(plan: Plan) -> list[Blank]:
    named = [(key, party, plan.shorts(key)) for key, party in plan.blueprint.parties.items()]
    return [
        Blank(f"party.{key}", words.word(plan.blueprint, key), "party", _places(party, shorts), _asked(plan, party))
        for key, party, shorts in named
    ]


def _places(party: Party, shorts: list[str]) -> tuple[str, ...]:
    """A field for each organisation that there must be; one more where there may be more."""
    least = max(party.count or party.min or 1, len(shorts))
    most = least if party.count or party.min is None else least + 1
    return tuple([*shorts, *[""] * most][: max(most, len(shorts))])


def _asked(plan: Plan, party: Party) -> str:
    return words.word(plan.blueprint, party.title) if party.title else ""


def value_fields(plan: Plan) -> list[Blank]:
    """Options, fees, money and provisions, each name once."""
    found: dict[str, Blank] = {}
    for blank in blanks(plan.blueprint):
        if blank.thing in {"party", "date"}:
            continue
        name = f"value.{blank.name}"
        label = gettext("Options") if blank.thing == "options" else words.word(plan.blueprint, blank.name)
        sort = "options" if blank.thing == "options" else "number"
        found[name] = Blank(name, label, sort, (plan.one(name),))
    return list(found.values())


def date_fields(plan: Plan, *, all_dates: bool = True) -> list[tuple[str, list[Blank]]]:
    """By stage: from and to; without ``all_dates`` only those that the blueprint leaves open."""
    stages: dict[str, list[Blank]] = {}
    for dated in (dated for dated, _ in plan.origin.dates() if all_dates or dated.bound):
        name = f"date.{dated.name}"
        label = gettext("Begins") if dated.end == "from" else gettext("Ends")
        value = plan.one(name)
        stages.setdefault(dated.stage, []).append(Blank(name, label, _sort(value), (value,)))
    return [(words.word(plan.blueprint, stage), fields) for stage, fields in stages.items()]


def _sort(value: str) -> str:
    """The sort of input that takes a date of this precision."""
    return {0: "date", 10: "date", 16: "datetime-local", 7: "month"}.get(len(value), "text")
