"""The HTTP API's doors: each step as one request, with the token of the party who takes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from dure.act.client import ApiClient
from dure.act.player import SeenTurn
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.jobs.worker import drain

OPERATOR = "operator"
MADE_UP = "made up"


@dataclass
class HttpDoors:
    """The API's doors to the programme ``slug``; ``api`` knows the token of an operator of the scratch platform."""

    slug: str
    api: ApiClient
    ids: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    offers: dict[tuple[str, str], str] = field(default_factory=dict)
    seen: dict[str, list[SeenTurn]] = field(default_factory=dict)  # by stage, while nothing has changed

    # --- speaking

    def ask(self, method: str, path: str, body: Any = None, *, by: str = OPERATOR) -> Any:
        """One request; raises Refused with the API's own sentence, and what was asked, where the answer is no."""
        if method != "get":
            self.seen.clear()
        try:
            return self.api.ask(method, path, body, by=by)
        except Refused as no:
            told = f"{method.upper()} {path}: {no.facts['status']} {no.code}: {no.text.en}"
            raise Refused("act.refused", Text(ko=told, en=told)) from no

    def _at(self, stage: str) -> str:
        return f"/programmes/{self.slug}/stages/{stage}"

    # --- the house

    def organisation(self, short: str, *, kind: str, staff: int | None = None) -> None:
        body = {"short": short, "name_ko": short, "name_en": short, "kind": kind, "staff": staff}
        self.ask("post", "/organisations", body)

    def person(self, name: str, *, birth_date: date | None = None) -> None:
        body = {"email": _email(name), "name": name, "birth_date": birth_date, "verified": True}
        found = self.ask("post", "/people", body)
        self.ids[name], self.names[found["id"]] = found["id"], name
        self.api.tokens[name] = self.ask("post", f"/people/{found['id']}/tokens", {"name": "act"})["secret"]

    def employ(self, person: str, short: str, *, role: str = "member") -> None:
        self.ask("post", f"/organisations/{short}/members", {"email": _email(person), "role": role})

    def state(self, person: str, fact: str, value: Any) -> None:
        self.ask("post", "/me/facts", {"name": fact, "value": value}, by=person)

    def vouch(self, person: str, credential: str) -> None:
        body = {"name": "credential", "value": credential, "note": MADE_UP}
        self.ask("post", f"/people/{self.ids[person]}/facts", body)

    def show_to_recruiters(self, person: str, *, yes: bool) -> None:
        path = "/me/consents" if yes else "/me/consents/withdraw"
        self.ask("post", path, {"purpose": "recruiters", "scope": self.slug}, by=person)

    def seat(self, role: str, person: str, organisation: str | None) -> None:
        body = {"role": role, "email": _email(person), "organisation": organisation}
        self.ask("post", f"/programmes/{self.slug}/seats", body)

    def fund(self, money: str, party: str, *, amount: int, currency: str) -> None:
        body = {"organisation": party, "name": money, "amount": {"amount": amount, "currency": currency}["amount"]}
        found = self.ask("post", "/funds", {**body, "currency": currency})
        self.ask("post", f"/programmes/{self.slug}/funds", {"money": money, "fund": found["id"]})

    # --- the programme

    def make(self, source: str, *, bind: Mapping[str, Any], parties: Mapping[str, Sequence[str]]) -> None:
        body = {"slug": self.slug, "source": source, "bind": dict(bind), "parties": dict(parties)}
        self.ask("post", "/programmes", body)

    def publish(self) -> None:
        self.ask("post", f"/programmes/{self.slug}/publish")
        self.ask("post", f"/programmes/{self.slug}/open")

    def outcome(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("get", f"/programmes/{self.slug}/outcome?as_rehearsed=true")
        return found

    def turns(self, stage: str) -> list[SeenTurn]:
        if stage not in self.seen:
            listed = self.api.listed(f"{self._at(stage)}/turns", by=OPERATOR)
            self.seen[stage] = [self._seen(turn) for turn in listed]
        return self.seen[stage]

    def _seen(self, turn: Mapping[str, Any]) -> SeenTurn:
        return SeenTurn(
            id=turn["id"],
            state=turn["state"],
            members=tuple(self.names[member["id"]] for member in turn["members"]),
            case=turn["case"]["number"],
            options=tuple(turn["options"]),
            entered=turn["entered_at"] is not None,
            formed=turn["formed_at"] is not None,
            opens_at=_moment(turn["opens_at"]),
            closes_at=_moment(turn["closes_at"]),
            occurrence=turn["occurrence"],
        )

    # --- coming in

    def enter(self, stage: str, by: str, *, options: Sequence[str], entry: Mapping[str, Any]) -> None:
        self.ask("post", f"{self._at(stage)}/entries", {"options": list(options), **entry}, by=by)

    def offer(self, stage: str, to: str, *, turn: str | None, match: float | None) -> None:
        body = {"email": _email(to), "turn": turn, "match": match}
        self.offers[stage, to] = self.ask("post", f"{self._at(stage)}/offers", body)["id"]

    def accept(self, stage: str, by: str, *, options: Sequence[str], entry: Mapping[str, Any]) -> None:
        self.ask("post", f"/offers/{self.offers[stage, by]}/accept", {"options": list(options), **entry}, by=by)

    def make_team(self, name: str, members: Sequence[str]) -> str:
        captain, *mates = members
        team: str = self.ask("post", "/teams", {"name": name}, by=captain)["id"]
        for mate in mates:
            letter = self.ask("post", f"/teams/{team}/invitations", {"email": _email(mate)}, by=captain)
            self.ask("post", f"/invitations/{letter['id']}/accept", by=mate)
        return team

    def form_team(self, stage: str, team: str, by: str) -> None:
        self.ask("post", f"{self._at(stage)}/teams", {"team": team}, by=by)

    def choose(self, turn: str, by: str, options: Sequence[str]) -> None:
        self.ask("post", f"/turns/{turn}/options", {"options": list(options)}, by=by)

    def accept_terms(self, turn: str, by: str) -> None:
        self.ask("post", f"/turns/{turn}/terms", by=by)

    # --- doing

    def attach(self, turn: str, role: str, person: str) -> None:
        self.ask("post", f"/turns/{turn}/attendants", {"role": role, "email": _email(person)})

    def pay_fee(self, turn: str) -> None:
        self.ask("post", f"/turns/{turn}/fee", {"reference": MADE_UP})

    def leave_contacts(self, turn: str, count: int) -> None:
        for number in range(count):
            visitor = f"visitor-{number}"
            if visitor not in self.ids:
                self.person(visitor)
            self.ask("post", "/me/consents", {"purpose": "contact", "scope": turn}, by=visitor)

    def hand_in(self, stage: str, turn: str, by: str | None, values: Mapping[str, Any]) -> None:
        self.ask("post", f"/turns/{turn}/evidence", {"values": dict(values), "proof": MADE_UP}, by=by or OPERATOR)

    # --- judging

    def queue(self, stage: str, step: int) -> list[str]:
        return [turn["id"] for turn in self.ask("get", f"{self._at(stage)}/steps/{step}/turns")["items"]]

    def seat_panel(self, stage: str, step: int) -> list[tuple[str, int, str, str]]:
        """(review, the reviewer's number at its panel, reviewer, turn) for every seat."""
        found = self.ask("post", f"{self._at(stage)}/steps/{step}/assign")["items"]
        seated: dict[str, int] = {}
        rows = []
        for review in found:
            number = seated.get(review["turn"], 0)
            seated[review["turn"]] = number + 1
            rows.append((review["id"], number, self.names[review["reviewer"]["id"]], review["turn"]))
        return rows

    def mark(self, review: str, by: str, marks: Mapping[str, float]) -> None:
        self.ask("post", f"/reviews/{review}/marks", {"marks": dict(marks)}, by=by)

    def say(self, turn: str, step: int, by: str, *, yes: bool) -> None:
        self.ask("post", f"/turns/{turn}/says", {"step": step, "yes": yes, "reason": MADE_UP}, by=by)

    def prove(self, turn: str, step: int, by: str, *, holds: bool) -> None:
        if not holds:
            self.ask("post", f"/turns/{turn}/no-proof", {"step": step, "note": MADE_UP})
            return
        proof = self.ask("post", f"/turns/{turn}/proofs", {"step": step, "reference": MADE_UP}, by=by)
        self.ask("post", f"/proofs/{proof['id']}/verify", {"holds": True})

    def settle(self, stage: str, occurrence: int) -> None:
        settlement = self.ask("post", f"{self._at(stage)}/settlement?occurrence={occurrence}")
        self.ask("post", f"/settlements/{settlement['id']}/release")
        self.ask("post", f"/programmes/{self.slug}/tick")

    def close(self, stage: str) -> None:
        self.ask("post", f"{self._at(stage)}/close")

    # --- time

    def work_off(self) -> None:
        drain()
        self.seen.clear()

    def pass_time(self, to: datetime) -> None:
        """The scratch database's clock moves on; a worker would see the windows within seconds."""
        clock.set_clock(to)
        self.ask("post", f"/programmes/{self.slug}/tick")

    def now(self) -> datetime:
        return clock.now() + timedelta(0)


def _email(name: str) -> str:
    return f"{name}@act.example.org"


def _moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)
