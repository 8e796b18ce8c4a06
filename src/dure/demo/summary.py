"""What came of the demo, read over the API, and checked against the ledger: a sum that does not add up is an error."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from dure.demo.callers import ORGANISER, RECRUITER, Callers
from dure.demo.rush import SLUG, STIPEND, Refusal, Rush
from dure.funding.models import Fund, Payment, PaymentState
from dure.funding.queries import available, paid_out
from dure.programmes.models import Given, Turn

RANKS = (15_000_000, 7_000_000, 3_000_000)


@dataclass(frozen=True)
class Step:
    """One stage of the funnel."""

    stage: str
    came: int
    passed: int
    out: int


@dataclass(frozen=True)
class Head:
    """The first of a task's final board."""

    option: str
    title: str
    rows: Sequence[tuple[int, str, float]]


@dataclass(frozen=True)
class Account:
    """A fund as the ledger has it, in won."""

    money: str
    committed: int
    paid: int
    left: int


@dataclass(frozen=True)
class Right:
    """Somebody on the recruiter's list, and until when they may be interviewed."""

    person: str
    until: str


@dataclass(frozen=True)
class Summary:
    funnel: Sequence[Step]
    heads: Sequence[Head]
    accounts: Sequence[Account]
    refusals: Sequence[Refusal]
    previews: Sequence[str]
    rights: Sequence[Right]
    submissions: int
    requests: int


def summary_of(rush: Rush) -> Summary:
    """Everything that the demo tells at its end. Raises AssertionError where it does not add up."""
    callers = rush.callers
    outcome = callers.ask("get", f"/programmes/{SLUG}/outcome", by=ORGANISER)
    accounts = [_account(money, fund) for money, fund in rush.funds.items()]
    _check(outcome, accounts)
    return Summary(
        funnel=[Step(row["id"], row["in"], row["passed"], row["out"]) for row in outcome["stages"]],
        heads=[_head(rush, problem.option, problem.title[callers.language]) for problem in (*rush.first, *rush.second)],
        accounts=accounts,
        refusals=rush.refusals,
        previews=rush.previews,
        rights=_rights(callers),
        submissions=sum(_attempts(rush, task) for task in rush.tasks.values()),
        requests=callers.requests,
    )


def _account(money: str, fund_id: str) -> Account:
    fund = Fund.objects.get(pk=fund_id)
    payments = Payment.objects.filter(commitment__fund=fund).exclude(state=PaymentState.CANCELLED)
    return Account(money, payments.aggregate(sum=Sum("amount"))["sum"] or 0, paid_out(fund), available(fund))


def _head(rush: Rush, option: str, title: str) -> Head:
    page = rush.callers.ask("get", f"/tasks/{rush.tasks[option]}/board?limit=3", by=ORGANISER)
    return Head(option, title, [(row["place"], row["title"], row["score"]) for row in page["items"]])


def _rights(callers: Callers) -> list[Right]:
    """The recruiter's list: who may be interviewed, and until when."""
    gives = callers.listed(f"/programmes/{SLUG}/gives?kind=privilege", by=RECRUITER)
    return [Right(row["person"]["name"], row["expires_at"]) for row in gives if row["name"] == "interview"]


def _attempts(rush: Rush, task: str) -> int:
    return sum(1 for _ in rush.callers.listed(f"/tasks/{task}/submissions", by=ORGANISER))


def _check(outcome: dict[str, Any], accounts: Sequence[Account]) -> None:
    """The numbers of the programme's page, of the gives, and of the ledger are the same three times."""
    counted = {row["id"]: row for row in outcome["stages"]}
    promised = {"stipend": STIPEND * counted["r1"]["in"], "prize": _prizes()}
    given = dict.fromkeys(promised, 0) | dict(
        Given.objects.filter(programme__slug=SLUG, kind="money").values_list("name").annotate(Sum("amount"))
    )
    ledger = {account.money: account.committed for account in accounts}
    paid = {account.money: account.paid for account in accounts}
    if not promised == given == ledger == paid == outcome["money"]:
        raise AssertionError(f"money does not add up: {promised} {given} {ledger} {paid} {outcome['money']}")
    if outcome["privileges"]["interview"] != counted["hire"]["in"]:
        raise AssertionError("not everybody of round 2 holds the right to an interview")


def _prizes() -> int:
    """The ranks paid to as many teams of each topic as there are."""
    teams = Turn.objects.filter(programme__slug=SLUG, stage="r2", handed_in_at__isnull=False).values_list("options")
    options = [options[0] for (options,) in teams]
    return sum(sum(RANKS[: options.count(option)]) for option in set(options))
