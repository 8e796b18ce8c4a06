"""A competition as a blueprint: a way in, and a round for each phase, with what the language cannot say in comments."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from dure.blueprint.sheet import Plain, block, item
from dure.bundles.model import Competition, Contract, Phase, Prize
from dure.core.currencies import decimals

_JOIN, _HOST, _ORGANISER, _TERMS = "join", "host", "organiser", "agree-to-terms"
USUAL_TEAM, LARGEST_TEAM = 5, 100  # persons; no format says how many
_MOST_PRIZES = 20
_PLATFORMS = {Contract.CODABENCH: "Codabench", Contract.EVALAI: "EvalAI"}
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_AMOUNT = re.compile(
    r"(?P<before>[^\d]*?)(?P<number>\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(?P<cents>\d{2}))?(?P<after>[^\d]*)"
)
_CURRENCIES = {
    **dict.fromkeys(("usd", "us$", "$", "dollars", "dollar", "us dollars"), "USD"),
    **dict.fromkeys(("eur", "€", "euro", "euros"), "EUR"),
    **dict.fromkeys(("gbp", "£", "pounds"), "GBP"),
    **dict.fromkeys(("krw", "₩", "원", "won"), "KRW"),
    **dict.fromkeys(("jpy", "¥", "yen"), "JPY"),
}
_Words = dict[str, tuple[str, str]]  # id → Korean, English


def blueprint_of(
    competition: Competition, *, case: Literal["person", "team"] = "person", team_most: int = USUAL_TEAM
) -> str:
    """The YAML of a blueprint that ``dure lint`` finds sound. ``case``: whether persons or teams compete, of
    ``team_most`` persons at most.

    A bundle is written in one language; its words stand for both, which the file says.
    """
    return _Draft(competition, team_most if case == "team" else None).text()


class _Draft:
    """The blueprint while it is put together."""

    def __init__(self, competition: Competition, team_most: int | None) -> None:
        self._competition = competition
        self._team_most = team_most
        self._phases = sorted(competition.phases, key=lambda phase: phase.index)
        self._ids = {id(phase): f"phase-{at}" for at, phase in enumerate(self._phases, 1)}
        self._title = plain(competition.title) or "Untitled"
        self._currency, self._prizes = prizes_of(competition)

    def text(self) -> str:
        head: dict[str, Plain] = {
            "blueprint": _slug(self._title),
            "title": {"en": self._title, "ko": self._title},
            "assumed": self._assumed(),
            "subject": "team" if self._team_most else "person",
        }
        people = [
            block({"parties": {_HOST: {"kind": "company", "bind": "true"}}}, 0),
            "roles:\n  " + block({_ORGANISER: {"at": _HOST, "can": ["operate", "decide"]}}, 2),
        ]
        stages = [self._join(), *(self._round(at, phase) for at, phase in enumerate(self._phases))]
        parts = [
            "\n".join([*(f"# {line}" for line in self._told()), block(head, 0)]),
            "\n".join(people),
            "stages:\n" + "\n\n".join(f"{_comments(comments)}  {item(stage, 2)}" for comments, stage in stages),
            self._written_words(),
            block(self._rehearsal(), 0),
        ]
        return "\n\n".join(parts) + "\n"

    def _told(self) -> Iterator[str]:
        contest = self._competition
        yield f"{self._title}, moved here from {_PLATFORMS[contest.contract]}."
        yield "Its bundle is written in one language, which stands for Korean and English here: translate under words."
        yield "Times are UTC. A program of the organiser's scores each round; set it up at the desk of the programme."
        if contest.docker_image:
            yield f"Its programs run in the docker image {plain(contest.docker_image)}: name an environment for it."
        if contest.reward and not self._prizes:
            yield f"Reward as the bundle words it: {plain(contest.reward)}"
        for prize in contest.prizes:
            yield f"Prize for place {prize.rank} in its words: {plain(f'{prize.amount} {prize.description}')}"
        if self._prizes and decimals(self._currency):
            yield "Prizes stand in the smallest unit of their currency (cents)."
        if contest.sponsors:
            yield f"Sponsors: {plain(', '.join(contest.sponsors))}"

    def _assumed(self) -> list[Plain]:
        told: list[Plain] = ["the bundle does not say what kind of organisation the host is"]
        if self._team_most:
            told.append(f"the bundle does not say how large teams are: up to {self._team_most}")
        if self._prizes and not self._competition.prizes:
            told.append("the bundle names one reward and no places: it goes to the first")
        return told

    # --- stages -------------------------------------------------------------------------------------------------

    def _join(self) -> tuple[list[str], dict[str, Plain]]:
        stage: dict[str, Plain] = {"id": _JOIN, "kind": "form", "entry": "open"}
        if self._team_most:
            stage["team"] = {"min": "1", "max": str(self._team_most)}
        ends = [phase.end for phase in self._phases]
        last = max((end for end in ends if end), default=None)
        if last and all(ends) and all(phase.start is None or phase.start < last for phase in self._phases):
            stage["when"] = {"to": _written(last)}
        gate: list[Plain] = []
        if self._competition.terms:
            stage["do"] = {"ask": [{_TERMS: "yes-no"}]}
            gate.append({"rule": [f"{_TERMS} = yes"]})
        if not self._competition.open_registration:
            gate.append({"decide": {"role": _ORGANISER}})
        if gate:
            stage["gate"] = gate
        comments = ["The terms are the programme's page “terms”."] if self._competition.terms else []
        return comments, stage

    def _round(self, at: int, phase: Phase) -> tuple[list[str], dict[str, Plain]]:
        stage: dict[str, Plain] = {"id": self._ids[id(phase)], "kind": "round"}
        before = self._phases[at - 1] if at and phase.auto_migrate else None
        stage["after"] = self._ids[id(before)] if before else _JOIN
        if when := self._when(phase, self._begins(at)):
            stage["when"] = when
        stage["do"] = self._do(phase)
        if self._prizes and phase is self._phases[-1]:
            stage["gate"] = [{"rank": {"by": "score", "take": str(len(self._prizes))}}]
            stage["gives"] = [{"money": self._money()}]
        return list(self._remarks(phase, before)), stage

    def _begins(self, at: int) -> dt.datetime | None:
        """When the phase can begin at the soonest: not before those that lead to it."""
        first = at
        while first and self._phases[first].auto_migrate:
            first -= 1
        return max((one.start for one in self._phases[first : at + 1] if one.start), default=None)

    def _when(self, phase: Phase, begins: dt.datetime | None) -> dict[str, Plain]:
        when: dict[str, Plain] = {}
        if phase.start:
            when["from"] = _written(phase.start)
        if phase.end and (begins is None or _written(phase.end) > _written(begins)):
            when["to"] = _written(phase.end)
        return when

    def _do(self, phase: Phase) -> dict[str, Plain]:
        do: dict[str, Plain] = {"metric": self._metric()[0]}
        if daily := _daily(phase):
            do["daily"] = str(daily)
        if phase.limits.total:
            do["total"] = str(phase.limits.total)
        if self._competition.contract == Contract.CODABENCH:
            tasks = [self._competition.task(index) for index in phase.tasks]
            do["code"] = "required" if any(task and task.ingestion_program for task in tasks) else "allowed"
        return do

    def _metric(self) -> tuple[str, tuple[str, str]]:
        """What the board is ordered by; never one of the platform's own metrics, which would bind the round to it."""
        board = next(iter(self._competition.boards), None)
        column = board.primary if board else None
        title = plain(column.title or column.key) if column else "Score"
        return f"{title} by its program", (f"{title}(주최자의 채점 프로그램)", f"{title} by the organiser's program")

    def _remarks(self, phase: Phase, before: Phase | None) -> Iterator[str]:
        if before:
            yield "What was submitted to the phase before comes along: whoever took part there goes on by themselves."
        if self._competition.contract == Contract.CODABENCH:
            yield f"Each submission may run for {phase.execution_time_limit} seconds."
        tasks = [task.name for index in dict.fromkeys(phase.tasks) if (task := self._competition.task(index))]
        if len(tasks) > 1:
            yield f"Each submission is scored on several tasks: {plain(', '.join(tasks))}"
        if not phase.board_public:
            yield "Its board is shown to the organisers only."
        if phase.hide_output or phase.hide_score_output or phase.hide_prediction_output:
            yield "Output of the programs is hidden from participants."

    def _money(self) -> dict[str, Plain]:
        money: dict[str, Plain] = {"type": "prize", "ranks": [str(amount) for amount in self._prizes], "from": _HOST}
        if self._currency != "KRW":
            money["currency"] = self._currency
        return money

    # --- words, rehearsal ---------------------------------------------------------------------------------------

    def _written_words(self) -> str:
        lines: dict[str, Plain] = {name: {"en": en, "ko": ko} for name, (ko, en) in self._words().items()}
        return "words:\n  " + block(lines, 2)

    def _words(self) -> _Words:
        words: _Words = {
            _HOST: ("주최 기관", "Host"),
            _ORGANISER: ("운영자", "Organiser"),
            _JOIN: ("참가 등록", "Registration"),
        }
        if self._prizes:
            words["prize"] = ("상금", "Prize")
        if self._competition.terms:
            words[_TERMS] = ("약관에 동의합니다", "I agree to the terms")
        for phase in self._phases:
            name = plain(phase.name) or f"Phase {phase.index}"
            words[self._ids[id(phase)]] = (name, name)
        metric, word = self._metric()
        return {**words, metric: word}

    def _rehearsal(self) -> Mapping[str, Plain]:
        expected: list[Plain] = [f"in({_JOIN}) = 40"]
        expected += [
            f"in({self._ids[id(phase)]}) = pass({_JOIN})"
            for at, phase in enumerate(self._phases)
            if not (at and phase.auto_migrate)
        ]
        return {"rehearse": {"entries": "40", "expect": expected}}


def _daily(phase: Phase) -> int | None:
    """Attempts of a day, no more than there are in a month and in all; None where nothing bounds them."""
    limits = phase.limits
    bounds = [bound for bound in (limits.per_month, limits.total) if bound]
    return min([limits.per_day, *bounds]) if limits.per_day else None


def prizes_of(competition: Competition) -> tuple[str, list[int]]:
    """The currency and what each place wins, in its smallest unit, from the first; nothing where that is unclear."""
    stated = sorted(competition.prizes, key=lambda prize: prize.rank)
    if not stated and competition.reward:
        stated = [Prize(rank=1, amount=competition.reward)]
    read = [_amount(prize.amount) for prize in stated[:_MOST_PRIZES]]
    currencies = {one[0] for one in read if one}
    in_places = [prize.rank for prize in stated] == list(range(1, len(stated) + 1))
    if None in read or len(currencies) != 1 or not in_places or len(stated) > _MOST_PRIZES:
        return "", []
    return currencies.pop(), [one[1] for one in read if one]


def _amount(text: str) -> tuple[str, int] | None:
    found = _AMOUNT.fullmatch(text.strip())
    if not found:
        return None
    said = [part for part in (found["before"].strip().lower(), found["after"].strip().lower()) if part]
    currencies = {_CURRENCIES.get(part) for part in said}
    currency = currencies.pop() if len(currencies) == 1 else None
    if currency is None:
        return None
    number, cents = int(found["number"].replace(",", "")), int(found["cents"] or 0)
    if decimals(currency) == 0:
        return (currency, number) if not cents else None
    return (currency, number * 100 + cents) if decimals(currency) == 2 else None


def plain(text: str) -> str:
    """On one line, with nothing that cannot be shown."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:300].strip()


def _slug(text: str) -> str:
    slug = _NO_SLUG.sub("-", text.lower())[:60].strip("-")
    return slug if slug[:1].isalpha() and slug not in {"parties", "it"} else f"competition-{slug}".strip("-")


def _written(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def _comments(lines: Sequence[str]) -> str:
    return "".join(f"  # {line}\n" for line in lines)
