"""Small live programmes from a few lines of YAML, and what people do in them, so that tests read as what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dure.funding.models import Fund
from dure.funding.operations import open_fund
from dure.jobs.worker import drain
from dure.joints.gates.decide import decide
from dure.joints.gates.panel import assign, give_marks
from dure.joints.gives.money import bind_fund
from dure.joints.models import Review
from dure.joints.stages.recorded import record_evidence
from dure.people.models import Organisation, Person, Team
from dure.people.operations import form_team, join_team
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Decision, Given, Programme, Settlement, Turn
from dure.programmes.operations import settling
from dure.programmes.operations.entering import enter
from dure.programmes.operations.publishing import make_programme, open_programme, publish
from dure.programmes.operations.seating import seat
from dure.programmes.operations.ticking import tick
from tests.factories import make_organisation, make_person

HEAD = """
blueprint: made-up
title: {en: Made up, ko: 가상}
parties: {host: {kind: company}, school: {kind: university}}
roles:
  clerk: {at: host, can: [operate]}
  head: {at: host, can: [decide]}
  judge: {at: host, can: [review]}
  mentor: {at: any, can: [supervise, mentor, review, work]}
"""
APPLY = "- {id: apply, kind: form, entry: open}"


def booth(more: str = "", *, size: str = "{min: 2, max: 3}", entry: str = "entry: open, ") -> str:
    """An event of teams in one line."""
    return f"- {{id: build, kind: event, {entry}team: {size}, do: {{type: booth}}{more}}}"


def project(more: str = "", *, mentors: int = 2) -> str:
    """A project that has mentors of its own in one line."""
    do = f"{{topic: own, milestones: [end], with: {{mentor: {mentors}}}}}"
    return f"- {{id: build, kind: project, entry: open, do: {do}{more}}}"


def exam(gate: str = "", more: str = "", *, id_: str = "exam", entry: str = "entry: open, ") -> str:
    """A marked exam in one line."""
    gated = f", gate: [{gate}]" if gate else ""
    return f"- {{id: {id_}, kind: test, {entry}do: {{type: exam, by: judge}}{gated}{more}}}"


@dataclass
class Live:
    """A programme and who runs it: ``operator`` made it, ``seats`` holds one person for each role."""

    programme: Programme
    operator: Person
    parties: dict[str, Organisation]
    seats: dict[str, Person] = field(default_factory=dict)

    # --- coming in

    def enter(self, stage: str = "apply", *, by: Person | None = None, **known: Any) -> Turn:
        """Somebody (new) enters; the turn as it stands then."""
        return self.again(enter(self.programme, stage, person=by or make_person(), **known))

    def enter_many(self, count: int, stage: str = "apply") -> list[Turn]:
        return [self.enter(stage) for _ in range(count)]

    # --- doing

    def hand_in(self, turn: Turn, **values: Any) -> Turn:
        """An operator records the turn's evidence (a hyphen in a field's name is written as ``_``); the jobs run."""
        named = {name.replace("_", "-"): value for name, value in values.items()}
        record_evidence(self.again(turn), named, by=self.operator)
        drain()
        return self.again(turn)

    def enter_and_hand_in(self, stage: str = "apply", *, by: Person | None = None, **values: Any) -> Turn:
        return self.hand_in(self.enter(stage, by=by), **values)

    def scored(self, *scores: float, stage: str = "exam") -> list[Turn]:
        """Somebody for each score, in this order."""
        return [self.enter_and_hand_in(stage, score=score) for score in scores]

    def mark(
        self, turn: Turn, points: float, *, step: int = 0, reviewer: Person | None = None, **more: float
    ) -> Review:
        """The judge (or ``reviewer``) is seated at the turn's panel and gives ``points`` for every criterion."""
        judge = reviewer or self.seats["judge"]
        review = assign(self.again(turn), step, reviewer=judge, by=self.operator)
        panel: Any = self.stage(turn.stage).gate[step]
        give_marks(review, marks=dict.fromkeys(panel.rubric, points), by=judge)
        drain()
        return review

    def say(self, turn: Turn, *, yes: bool, step: int = 0, reason: str = "because") -> Turn:
        decide(self.again(turn), step, by=self.seats["head"], yes=yes, reason=reason)
        drain()
        return self.again(turn)

    # --- judging

    def settle(self, stage: str = "exam") -> Settlement:
        return settling.settle(self.programme, stage, by=self.operator)

    def release(self, settlement: Settlement) -> Settlement:
        return settling.release(settlement, by=self.operator)

    def settle_and_release(self, stage: str = "exam") -> Settlement:
        return self.release(self.settle(stage))

    def tick(self) -> None:
        self.programme.refresh_from_db()
        tick(self.programme)
        drain()

    # --- seeing

    def again(self, turn: Turn) -> Turn:
        """The turn as the database has it now."""
        return Turn.objects.select_related("programme", "case", "evidence").get(pk=turn.pk)

    def turn(self, who: Person | Turn, stage: str) -> Turn:
        """Somebody's turn at a stage (of a turn: its first member's)."""
        person = who if isinstance(who, Person) else holder(who)
        return self.again(Turn.objects.get(programme=self.programme, stage=stage, turn_members__member__person=person))

    def stage(self, stage: str) -> Any:
        return blueprint_of(self.programme).stage(stage)

    def states(self, stage: str) -> list[str]:
        """The states of a stage's turns, by case."""
        rows = Turn.objects.filter(programme=self.programme, stage=stage).order_by("case__number", "pk")
        return list(rows.values_list("state", flat=True))

    def reasons(self, stage: str) -> list[str]:
        """The code of each turn's latest verdict, by case; empty for a pass."""
        rows = Decision.objects.filter(turn__programme=self.programme, turn__stage=stage).order_by("pk")
        latest = dict(rows.values_list("turn__case__number", "code"))
        return [latest[number] for number in sorted(latest)]

    def given(self, kind: str | None = None) -> list[tuple[str, str, int | None]]:
        """(kind, name, amount) of everything given, in order."""
        rows = Given.objects.filter(programme=self.programme, **({"kind": kind} if kind else {})).order_by("pk")
        return list(rows.values_list("kind", "name", "amount"))

    def fund(self, money: str, amount: int) -> Fund:
        """A fund of the host's from which money of that type is paid."""
        fund = open_fund(self.parties["host"], name=money, amount=amount)
        bind_fund(self.programme, money, fund=fund, by=self.operator)
        return fund


def live(
    stages: str | Sequence[str],
    *,
    subject: str = "person",
    extra: str = "",
    head: str = HEAD,
    roles: bool = True,
    **known: Any,
) -> Live:
    """A programme of these stages (lines of YAML), published and open, with one person in every role."""
    made = draft(stages, subject=subject, extra=extra, head=head, **known)
    publish(made.programme)
    open_programme(made.programme)
    if roles:
        for role in ("clerk", "head", "judge", "mentor"):
            made.seats[role] = make_person(name=role)
            place = made.parties["school"] if role == "mentor" else None
            seat(made.programme, role, person=made.seats[role], organisation=place)
    return made


def draft(
    stages: str | Sequence[str],
    *,
    subject: str = "person",
    extra: str = "",
    head: str = HEAD,
    parties: Mapping[str, Organisation] | None = None,
    **known: Any,
) -> Live:
    """The same, not yet published."""
    operator = make_person(name="operator")
    bound = {"host": make_organisation(), "school": make_organisation(kind="university")}
    if parties:
        bound = {"school": bound["school"], **parties}
    source = text(stages, subject=subject, extra=extra, head=head)
    values = {"slug": f"made-up-{operator.pk.hex}", **known}
    programme = make_programme(source, by=operator, parties={k: [v] for k, v in bound.items()}, **values)
    return Live(programme, operator, bound)


def text(stages: str | Sequence[str], *, subject: str = "person", extra: str = "", head: str = HEAD) -> str:
    """The blueprint's text. ``stages``: the list in YAML, or its elements."""
    written = stages if isinstance(stages, str) else "\n".join(stages)
    item = "\nitem: topic" if subject == "item" else ""
    return f"{head}subject: {subject}{item}\n{extra}\nstages:\n{indented(written)}\n"


def indented(lines: str) -> str:
    return "\n".join(f"  {line}" for line in lines.strip("\n").splitlines())


def holder(turn: Turn) -> Person:
    """The turn's first person."""
    found = turn.turn_members.select_related("member__person").first()
    assert found is not None
    assert found.member.person is not None
    return found.member.person


def make_team(size: int, *, name: str = "team", people: Sequence[Person] = ()) -> Team:
    """A team of ``people``, or of so many new ones; the first is its captain."""
    captain, *mates = people or [make_person() for _ in range(size)]
    team = form_team(name, captain=captain)
    for mate in mates:
        join_team(team, person=mate)
    return team


def at(written: str) -> datetime:
    """A moment, written with its offset."""
    return datetime.fromisoformat(written)
