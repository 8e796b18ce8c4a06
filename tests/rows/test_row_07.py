"""Row 7, NAVER AI RUSH 2020, acted over HTTP: stipends, prizes, the deadline, teams, the right to an interview."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from dure.core import clock
from dure.jobs.worker import drain
from tests.api.conftest import Caller
from tests.factories import make_member, make_operator, make_organisation, make_person

pytestmark = pytest.mark.django_db

SOURCE = (Path(__file__).parents[2] / "blueprints" / "06-naver-ai-rush-2020.yaml").read_text(encoding="utf-8")
AT = "/programmes/rush"
FIRST = ("image-classification", "comment-classification")
TOPICS = ("clova", "blog", "cafe", "shopping", "comments", "place", "topic-7", "topic-8")
TEAMS = 3 * len(TOPICS)  # so many that every prize is won
PEOPLE = TEAMS + 1  # one team of two, and others alone
IDS = [f"row-{number}" for number in range(200)]


def day(month: int, number: int, year: int = 2020) -> datetime:
    """Noon in Seoul."""
    return datetime(year, month, number, 3, tzinfo=UTC)


@dataclass
class Rush:
    """``host`` operates and its recruiter decides; ``people`` take part, by person id."""

    host: Caller
    recruiter: Caller
    people: dict[str, Caller] = field(default_factory=dict)

    def turns(self, stage: str, state: str = "") -> list[dict[str, Any]]:
        listed = self.host.get(f"{AT}/stages/{stage}/turns?limit=200")["items"]
        return [turn for turn in listed if not state or turn["state"] == state]

    def members(self, turn: dict[str, Any]) -> list[Caller]:
        return [self.people[member["id"]] for member in turn["members"]]

    def enter(self, turn: dict[str, Any], option: str) -> None:
        members = self.members(turn)
        members[0].post(f"/turns/{turn['id']}/options", {"options": [option]})
        for member in members:
            member.post(f"/turns/{turn['id']}/terms")

    def settle(self, stage: str) -> None:
        settlement = self.host.post(f"{AT}/stages/{stage}/settlement", status=201)
        self.host.post(f"/settlements/{settlement['id']}/release")
        drain()

    def upload(self, caller: Caller, path: str, files: dict[str, bytes], **fields: str):
        uploads = {name: SimpleUploadedFile(f"{name}.csv", content) for name, content in files.items()}
        headers = {"Authorization": f"Bearer {caller.secret}", "Accept-Language": "en"}
        return caller.client.post(f"/api/v1{path}", {**uploads, **fields}, headers=headers)

    def submit(self, caller: Caller, stage: str, option: str, right: int):
        """A prediction file of which ``right`` rows are right."""
        tasks = {task["option"]: task["id"] for task in caller.get(f"{AT}/stages/{stage}/tasks")}
        rows = "".join(f"{name},{'yes' if number < right else 'no'}\n" for number, name in enumerate(IDS))
        return self.upload(caller, f"/tasks/{tasks[option]}/submissions", {"file": f"id,label\n{rows}".encode()})


@pytest.fixture
def rush() -> Iterator[Rush]:
    """The 2020 edition on the last day of round 1: everybody was chosen, has an option and submitted once."""
    clock.set_clock(day(6, 15))
    naver = make_organisation("naver")
    rush = Rush(Caller(make_operator()), Caller(make_member(naver).person))
    rush.host.post("/programmes", {"slug": "rush", "source": SOURCE, "parties": {"naver": ["naver"]}}, 201)
    seat = {"role": "recruiter", "email": rush.recruiter.person.email, "organisation": "naver"}
    rush.host.post(f"{AT}/seats", seat, 201)
    for money, amount in (("stipend", 2_000_000 * PEOPLE), ("prize", 200_000_000)):
        fund = rush.host.post("/funds", {"organisation": "naver", "name": money, "amount": amount}, 201)
        rush.host.post(f"{AT}/funds", {"money": money, "fund": fund["id"]}, 201)
    rush.host.post(f"{AT}/publish")
    rush.host.post(f"{AT}/open")
    labels = "id,label\n" + "".join(f"{name},yes\n" for name in IDS)
    for stage, options in (("r1", FIRST), ("r2", TOPICS)):
        for option in options:
            fields = {"option": option, "metric": "accuracy", "classes": "no,yes"}
            answer = rush.upload(rush.host, f"{AT}/stages/{stage}/tasks", {"labels": labels.encode()}, **fields)
            assert answer.status_code == 201, answer.content
    _apply(rush)
    _first_round(rush)
    yield rush
    clock.set_clock(None)


def _apply(rush: Rush) -> None:
    for _ in range(PEOPLE):
        caller = Caller(make_person())
        rush.people[str(caller.person.pk)] = caller
        turn = caller.post(f"{AT}/stages/apply/entries", {}, 201)
        values = {"experience": "two years", "repository": "https://code.example.org"}
        caller.post(f"/turns/{turn['id']}/evidence", {"values": values}, 201)
    drain()
    rows = [{"turn": turn["id"], "step": 0, "yes": True, "reason": "yes"} for turn in rush.turns("apply")]
    rush.recruiter.post(f"{AT}/stages/apply/says", {"rows": rows}, 201)
    rush.settle("apply")


def _first_round(rush: Rush) -> None:
    for number, turn in enumerate(rush.turns("r1", "waiting")):
        rush.enter(turn, FIRST[number % 2])
    clock.set_clock(day(7, 31))
    rush.host.post(f"{AT}/tick")
    for number, turn in enumerate(rush.turns("r1", "open")):
        answer = rush.submit(rush.members(turn)[0], "r1", turn["options"][0], 100 + number)
        assert answer.status_code == 201, answer.content
    drain()


def _second_round(rush: Rush) -> None:
    """Teams over the eight topics; each submits once, and the round is settled."""
    clock.set_clock(day(8, 3))
    rush.settle("r1")
    alone = [rush.members(turn)[0] for turn in rush.turns("r2", "waiting")]
    for captain, *mates in [alone[:2], *([one] for one in alone[2:])]:
        team = captain.post("/teams", {"name": captain.person.name}, 201)["id"]
        for mate in mates:
            letter = captain.post(f"/teams/{team}/invitations", {"email": mate.person.email}, 201)
            mate.post(f"/invitations/{letter['id']}/accept")
        captain.post(f"{AT}/stages/r2/teams", {"team": team}, 201)
    for number, turn in enumerate(rush.turns("r2", "waiting")):
        rush.enter(turn, TOPICS[number % len(TOPICS)])
    drain()
    for number, turn in enumerate(rush.turns("r2", "open")):
        answer = rush.submit(rush.members(turn)[0], "r2", turn["options"][0], 100 + number)
        assert answer.status_code == 201, answer.content
    drain()
    rush.settle("r2")


def test_blueprint_whose_prizes_do_not_add_up_is_refused_before_it_is_published():
    host = Caller(make_operator())
    make_organisation("naver")
    body = {"slug": "rush", "source": SOURCE.replace("total: 200000000", "total: 190000000")}

    told = host.post("/programmes", {**body, "parties": {"naver": ["naver"]}}, 422)

    assert {error["code"] for error in told["facts"]["errors"]} == {"BP502"}


def test_the_edition_of_2020_ends_as_it_was_announced(rush, subtests):
    """One story, whose set-up is dear: each part reads what came before it."""
    with subtests.test("everybody who took part gets two million won"):
        stipends_are_of_two_million_won(rush)
    with subtests.test("a submission after 31 July is refused and one before midnight is taken"):
        the_last_second_counts(rush)
    _second_round(rush)
    with subtests.test("prizes of eight topics add up to 200 million and empty the fund"):
        prizes_empty_the_fund(rush)
    with subtests.test("persons of round 1 are teams in round 2"):
        persons_become_teams(rush)
    with subtests.test("the right to an interview ends after 365 days and is on the recruiter's list"):
        rights_to_an_interview_end(rush)


def stipends_are_of_two_million_won(rush):
    stipends = rush.host.get(f"{AT}/gives?kind=money&limit=200")["items"]

    assert Counter((give["name"], give["money"]["amount"]) for give in stipends) == {("stipend", 2_000_000): PEOPLE}
    assert rush.host.get(f"{AT}/outcome")["money"]["stipend"] == PEOPLE * 2_000_000


def the_last_second_counts(rush):
    turn = rush.turns("r1")[0]
    caller, option = rush.members(turn)[0], turn["options"][0]
    statuses = []
    with transaction.atomic():
        for moment in (datetime(2020, 7, 31, 14, 59, 59, tzinfo=UTC), datetime(2020, 7, 31, 15, tzinfo=UTC)):
            clock.set_clock(moment)
            statuses.append(rush.submit(caller, "r1", option, 150).status_code)
        transaction.set_rollback(True)  # round 2 begins with what everybody submitted once

    assert statuses == [201, 409]


def prizes_empty_the_fund(rush):
    prizes = [g for g in rush.host.get(f"{AT}/gives?kind=money&limit=200")["items"] if g["name"] == "prize"]
    funds = {fund["name"]: fund for fund in rush.host.get("/funds")["items"]}

    assert Counter(give["money"]["amount"] for give in prizes) == {15_000_000: 8, 7_000_000: 8, 3_000_000: 8}
    assert rush.host.get(f"{AT}/outcome")["money"]["prize"] == 200_000_000
    assert (funds["prize"]["available"]["amount"], funds["prize"]["awaiting"]["amount"]) == (0, 200_000_000)


def persons_become_teams(rush):
    sizes = {stage: Counter(len(turn["members"]) for turn in rush.turns(stage)) for stage in ("r1", "r2")}

    assert sizes == {"r1": {1: PEOPLE}, "r2": {2: 1, 1: TEAMS - 1}}


def rights_to_an_interview_end(rush):
    gives = rush.recruiter.get(f"{AT}/gives?kind=privilege&limit=200")["items"]
    rights = [give for give in gives if give["name"] == "interview"]

    assert {give["person"]["id"] for give in rights} == set(rush.people)
    moments = [(datetime.fromisoformat(g["given_at"]), datetime.fromisoformat(g["expires_at"])) for g in rights]
    assert {until - since for since, until in moments} == {timedelta(days=365)}
    assert len(rush.turns("hire")) == PEOPLE
