"""What would come of a plan: its dates on a line, its money against the funds, seats that lack, what changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from dure.blueprint.binding import bound
from dure.blueprint.binds import blanks
from dure.blueprint.dates import first_instant
from dure.blueprint.model import Moment, MoneyGive
from dure.blueprint.rehearsal import rehearse
from dure.blueprint.shifting import Dated
from dure.blueprint.windows import moment_span
from dure.core.errors import Refused
from dure.funding.models import Fund, FundState
from dure.funding.queries import available
from dure.people.models import Organisation
from dure.site import words
from dure.site.studio.planning import Plan

_APART = {"party", "date"}


@dataclass(frozen=True)
class Span:
    """A stage on the line of time, in hundredths of the whole."""

    title: str
    opens: datetime | None
    closes: datetime | None
    length: str
    left: float = 0
    wide: float = 0


def timeline(plan: Plan) -> list[Span]:
    """Every stage with its dates as they would be."""
    zone, dates = ZoneInfo(plan.zone), plan.dates()
    ends = [(_moment(dates.get(f"{s.id}.from"), zone, 0), _moment(dates.get(f"{s.id}.to"), zone, 1))
            for s in plan.blueprint.stages]  # fmt: skip
    known = [moment for pair in ends for moment in pair if moment]
    first, last = min(known, default=None), max(known, default=None)
    whole = (last - first).total_seconds() if first and last and last > first else 0
    spans = []
    for stage, (opens, closes) in zip(plan.blueprint.stages, ends, strict=True):
        title = words.word(plan.blueprint, stage.id)
        span = Span(title, opens, closes, words.spell_of(stage))
        if whole and first and (opens or closes):
            left, right = ((moment or other) for moment, other in ((opens, closes), (closes, opens)))
            part = [((moment or first) - first).total_seconds() / whole * 100 for moment in (left, right)]
            span = Span(title, opens, closes, span.length, round(part[0], 2), max(round(part[1] - part[0], 2), 1))
        spans.append(span)
    return spans


def _moment(text: str | None, zone: ZoneInfo, end: int) -> datetime | None:
    return moment_span(Moment(text), zone)[end] if text and first_instant(text) else None


@dataclass(frozen=True)
class Sum:
    """Money of one type: what a rehearsal gives out, who pays, and what the types before it leave in their funds."""

    what: str
    amount: int
    currency: str
    payer: str
    left: int

    @property
    def short(self) -> int:
        return max(0, self.amount - self.left)


def sums(plan: Plan) -> list[Sum] | None:
    """What the file's own rehearsal would give out; None where it has none or lacks a value."""
    if plan.blueprint.rehearse is None:
        return None
    try:
        outcome = rehearse(bound(plan.blueprint, plan.bind()))
    except Refused:
        return None
    gives = {give.type: give for stage in plan.blueprint.stages for give in stage.gives if isinstance(give, MoneyGive)}
    named = plan.organisations()
    told: list[Sum] = []
    for name, amount in outcome.money.items():
        give = gives[name]
        payers = named.get(give.party or "", [])
        payer = ", ".join(words.say(organisation.title) for organisation in payers) or give.party or ""
        spent = sum(one.amount for one in told if (one.payer, one.currency) == (payer, give.currency))
        left = max(0, _in_funds(payers, give.currency) - spent)
        told.append(Sum(words.word(plan.blueprint, name), amount, give.currency, payer, left))
    return told


def _in_funds(payers: Sequence[Organisation], currency: str) -> int:
    funds = Fund.objects.filter(organisation__in=payers, currency=currency, state=FundState.OPEN)
    return sum(available(fund) for fund in funds)


def roles_without(plan: Plan) -> list[str]:
    """Roles that nobody sits in yet and the party is to name somebody for."""
    seated = {seat.role for seat in plan.seats()}
    roles = plan.blueprint.roles.items()
    return [words.word(plan.blueprint, name) for name, role in roles if name not in seated and role.found is None]


def changes(plan: Plan) -> list[tuple[str, str, str]]:
    """Against the former edition: what it is about, what it was and what it becomes."""
    before = plan.origin.programme
    if before is None:
        return []
    rows = [
        (gettext("Title"), words.say(before.title), words.say(plan.title)),
        (gettext("Address"), before.slug, plan.slug),
        *((_when(plan, dated), old, plan.one(f"date.{dated.name}")) for dated, old in plan.origin.dates()),
    ]
    bind, named = plan.bind(), {blank.name for blank in blanks(plan.blueprint) if blank.thing not in _APART}
    rows += [(_word(plan, name), _listed(before.bind.get(name)), _listed(bind.get(name))) for name in sorted(named)]
    parties = [(key, plan.origin.parties.get(key, ()), plan.shorts(key)) for key in plan.blueprint.parties]
    rows += [(_word(plan, key), ", ".join(old), ", ".join(new)) for key, old, new in parties]
    rows.append((gettext("Seats"), str(len(plan.origin.seats)), str(len(plan.seats()))))
    return [row for row in rows if row[1] != row[2]]


def _when(plan: Plan, dated: Dated) -> str:
    return f"{_word(plan, dated.stage)} · {gettext('Begins') if dated.end == 'from' else gettext('Ends')}"


def _word(plan: Plan, name: str) -> str:
    return words.word(plan.blueprint, name)


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
