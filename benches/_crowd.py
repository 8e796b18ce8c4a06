"""A site at size: the tests' small world with a crowd around it, written by the thousand."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from benches import boards
from benches._masses import pages_of_masses
from benches._rows import write_rows
from tests.site.places import pages
from tests.site.world import SOURCE, World, made_world

from dure.audit.models import AuditRow, AuditText, Seal
from dure.challenges.models import Round, Sharing, Submission, Task
from dure.core import clock
from dure.jobs.models import Message, MessageState
from dure.joints.models import Review
from dure.people.models import Membership, Person
from dure.programmes.models import (
    Announcement,
    AnnouncementState,
    Case,
    Decision,
    Given,
    Letter,
    Listing,
    Member,
    Programme,
    ProgrammeState,
    Turn,
    TurnMember,
    TurnState,
    Verdict,
)
from dure.skills.models import Evidence

CASES, PROGRAMMES, ENTRANTS, REVIEWS = 10_000, 2_000, 20_000, 500
FAMILIES = ["김"] * 21 + ["이"] * 15 + ["박"] * 8 + [*"최정강조윤장임한오서신"] * 5
GIVEN = (
    "가경건광규기나다동라마민바범상서선성세소수승아연영예용우원유윤은의인자재정종주준지진찬채철태하한해현형혜호홍환훈희"
)
# Of how many cases of a hundred each stage is reached, and of these how each turn stands.
STAGES = {
    "apply": (100, {TurnState.PASSED: 75, TurnState.HANDED_IN: 15, TurnState.OUT: 10}),
    "task": (75, {TurnState.PASSED: 30, TurnState.HANDED_IN: 25, TurnState.OPEN: 20}),
    "talk": (30, {TurnState.PASSED: 20, TurnState.HANDED_IN: 10}),
    "licence": (20, {TurnState.PASSED: 15, TurnState.HANDED_IN: 5}),
}


@dataclass
class Crowd:
    """The small world with its pages, whose programme has 10,000 cases more; interviews, surveys and an employer of as
    many; a board that thousands are on."""

    world: World
    pages: dict[str, Person | None]
    task: Task


def gather(persons: int) -> Crowd:
    """Everything, on an empty database."""
    world = made_world()
    world.proving()
    found = pages(world)
    people = write_rows(Person(email=f"p{number}@example.org", name=_name(number)) for number in range(persons))
    write_rows(_membership(world, person) for person in people[: CASES // 2])
    _list_programmes(world)
    turns = _travel(world, people[:CASES])
    _log(world, turns)
    _announce(world, people[:CASES])
    write_rows(_review(world, turn, place) for place, turn in enumerate(_handed_in(turns, "talk")[:REVIEWS]))
    found |= pages_of_masses(world.host, people[:CASES], runs=world.operator)
    return Crowd(world, found, _shared(boards.fill(ENTRANTS * boards.EACH)))


def _shared(task: Task) -> Task:
    """The board's task, whose entrants let everybody see one attempt each."""
    Round.objects.filter(pk=task.round_id).update(sharing=Sharing.CHOSEN)
    Submission.objects.filter(entrant__task=task, number=1).update(shared_in=task)
    return task


def _name(number: int) -> str:
    scrambled = number * 7919
    return (
        FAMILIES[scrambled % len(FAMILIES)] + GIVEN[scrambled // 7 % len(GIVEN)] + GIVEN[scrambled // 311 % len(GIVEN)]
    )


def _membership(world: World, person: Person) -> Membership:
    return Membership(person=person, organisation=world.host, since=clock.now().date())


def _list_programmes(world: World) -> None:
    """Programmes that anybody finds, each made anew from a text of its own."""
    now = clock.now()
    made = write_rows(
        Programme(
            slug=f"edition-{n}", title_ko=f"현장 AI 스쿨 {n}", title_en=f"Field AI School {n}", sha256="",
            blueprint_name=f"school-{n // 4}", source=f"{SOURCE}# {n}\n", state=ProgrammeState.OPEN,
            made_by=world.operator, published_at=now,
        )
        for n in range(PROGRAMMES)
    )  # fmt: skip
    write_rows(
        Listing(
            programme=programme, subject="person", kinds="form round test event", entries="open", opens_at=now,
            closes_at=now + timedelta(days=n % 60), prizes=15_000_000,
        )
        for n, programme in enumerate(made)
    )  # fmt: skip


def _travel(world: World, people: list[Person]) -> list[Turn]:
    """A case a person, its turns as far as it comes, what was handed in, decided and given."""
    programme, first = world.programme, Case.objects.count() + 1
    cases = write_rows(
        Case(programme=programme, number=number, entered_by=person, sole=person)
        for number, person in enumerate(people, first)
    )
    Programme.objects.filter(pk=programme.pk).update(cases_entered=len(cases) + first - 1)
    members = write_rows(Member(case=case, person_id=case.sole_id) for case in cases)
    turns = write_rows(turn for stage in STAGES for turn in _turns(programme, stage, cases))
    place = {case.pk: member for case, member in zip(cases, members, strict=True)}
    write_rows(TurnMember(turn=turn, member=place[turn.case_id], stage=turn.stage) for turn in turns)
    _hand_in(turns)
    _judge(world, turns)
    return turns


def _turns(programme: Programme, stage: str, cases: list[Case]) -> Iterator[Turn]:
    reached, states = STAGES[stage]
    of_hundred = [state for state, n in states.items() for _ in range(n)]
    now = clock.now()
    for number, case in enumerate(cases):
        if number % 100 < reached:
            state = of_hundred[number % 100]
            yield Turn(
                programme=programme, stage=stage, case=case, state=state, entered_at=now, opened_at=now,
                options=[("vision", "speech")[number % 2]] if stage == "task" else [],
                handed_in_at=None if state == TurnState.OPEN else now, closes_at=now + timedelta(days=number % 9 - 2),
                late=number % 50 == 0,
            )  # fmt: skip


def _hand_in(turns: list[Turn]) -> None:
    kinds = {"apply": "form", "task": "round", "talk": "test", "licence": "event"}
    done = [turn for turn in turns if turn.state != TurnState.OPEN]
    rows = [
        Evidence(kind=kinds[turn.stage], values={"score": n % 1000 / 1000, "attempts": n % 9}, via="recorded")
        for n, turn in enumerate(done)
    ]
    for turn, evidence in zip(done, write_rows(rows), strict=True):
        turn.evidence = evidence
    Turn.objects.bulk_update(done, ["evidence"], batch_size=1_000)


def _judge(world: World, turns: list[Turn]) -> None:
    judged = [turn for turn in turns if turn.state in (TurnState.PASSED, TurnState.OUT)]
    write_rows(
        Decision(
            turn=turn, verdict=Verdict.PASSED if turn.state == TurnState.PASSED else Verdict.OUT, by=world.clerk,
            reason_ko="잘했습니다.", reason_en="Well done.", evidence=turn.evidence, sha256="",
        )
        for turn in judged
    )  # fmt: skip
    write_rows(
        Given(
            programme=world.programme, turn=turn, stage=turn.stage, index=0, kind="credential", name="Field badge",
            person_id=turn.case.sole_id, receiver=str(turn.case.sole_id), state="done",
        )
        for turn in judged
        if turn.stage == "task"
    )  # fmt: skip


def _handed_in(turns: list[Turn], stage: str) -> list[Turn]:
    return [turn for turn in turns if turn.stage == stage and turn.state == TurnState.HANDED_IN]


def _log(world: World, turns: list[Turn]) -> None:
    """Two rows a turn, every other one under a head that stands for its set; all sealed, as they are within seconds."""
    actor, seal = f"people.person:{world.clerk.pk}", Seal.objects.create(number=1)
    about: dict[str, Any] = {"actor": actor, "object_kind": "programmes.turn", "seal": seal}
    head = AuditRow.objects.create(
        actor=actor, action="settlement.confirmed", object_kind="bench", object_id="1", seal=seal
    )
    rows = write_rows(
        AuditRow(action=action, object_id=str(turn.pk), head=above, **about)
        for turn in turns
        for action, above in (("turn.entered", None), ("turn.judged", head))
    )
    told = json.dumps({"reason": {"ko": "잘했습니다.", "en": "Well done."}})
    write_rows(AuditText(row=row, about="", salt=b"", after=told) for row in rows[::4])


def _announce(world: World, people: list[Person]) -> None:
    announced = Announcement.objects.create(
        programme=world.programme, subject_ko="안내", subject_en="News", body_ko="안내", body_en="News",
        state=AnnouncementState.SENT, written_by=world.clerk, sent_by=world.clerk, sent_at=clock.now(),
    )  # fmt: skip
    sent = write_rows(
        Message(sender="dure@localhost", to=[person.email], subject="안내", content=b"", state=MessageState.SENT)
        for person in people
    )
    write_rows(Letter(announcement=announced, person=who, message=what) for who, what in zip(people, sent, strict=True))


def _review(world: World, turn: Turn, place: int) -> Review:
    return Review(turn=turn, step=0, evidence=turn.evidence, slot=0, reviewer=world.judge, role="judge", seconds=place)
