"""NAVER AI RUSH 2020, from applying to the recruiter's list, each step by the party who would take it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.demo.asking import answer_survey, begin_interviews, begin_survey, book_times, hold_interviews
from dure.demo.callers import DOMAIN, HOST, JUDGE, LEARNER, ORGANISER, RECRUITER, SECRETARIAT, Callers
from dure.demo.learners import broken_files, label_hunter, predict, program
from dure.demo.problems import Problem
from dure.demo.progress import Progress
from dure.jobs.worker import drain
from dure.people.operations import register

SLUG = "naver-ai-rush-2020"
SEOUL = ZoneInfo("Asia/Seoul")
STIPEND, PRIZES = 2_000_000, 200_000_000
TOO_SMALL = 50_000_000  # what the fund of the prizes holds at first
DAILY = 20
PROGRAMS = 6
CODE_LINE = ("metric: accuracy, daily: 20,", "metric: accuracy, code: allowed, daily: 20,")


@dataclass(frozen=True)
class Refusal:
    """Who was refused what: the sentence is the platform's own."""

    who: Text
    code: str
    sentence: str


@dataclass
class Rush:
    """The 2020 edition while it runs. ``applicants`` of made-up people come; a sixth of them is not chosen."""

    callers: Callers
    progress: Progress
    applicants: int
    runs_code: bool
    first: Sequence[Problem]
    second: Sequence[Problem]
    refusals: list[Refusal] = field(default_factory=list)
    previews: list[str] = field(default_factory=list)
    funds: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)

    @property
    def chosen(self) -> int:
        return min(100, self.applicants * 5 // 6)

    @property
    def people(self) -> list[str]:
        """The learner is one of them, so that a visitor sees all this from inside."""
        return [LEARNER, *(f"participant-{number}" for number in range(2, self.applicants + 1))]

    def play(self, source: str) -> None:
        """From the blueprint's text to the recruiter's list. It sets the clock, and leaves it standing in 2020."""
        self._prepare(source)
        self._choose_participants()
        self._first_round()
        self._second_round()
        self._pay()
        self._hire()
        self._ask_how_it_was()

    # --- before

    def _prepare(self, source: str) -> None:
        at(6, 15)
        text = source.replace(*CODE_LINE) if self.runs_code else source
        self._post("/programmes", {"slug": SLUG, "source": text, "parties": {HOST: [HOST]}})
        for role, who in (("expert", JUDGE), ("recruiter", RECRUITER)):
            self._post(f"{self._path}/seats", {"role": role, "email": self.callers.emails[who], "organisation": HOST})
        for money, amount in (("stipend", STIPEND * self.chosen), ("prize", TOO_SMALL)):
            fund = self._post("/funds", {"organisation": HOST, "name": f"{SLUG} {money}", "amount": amount})["id"]
            self._post(f"{self._path}/funds", {"money": money, "fund": fund})
            self.funds[money] = fund
        self._post(f"{self._path}/publish")
        self._post(f"{self._path}/open")
        self.tasks = set_up_tasks(self.callers, SLUG, "r1", self.first)
        self.tasks |= set_up_tasks(self.callers, SLUG, "r2", self.second)

    def _choose_participants(self) -> None:
        at(6, 22)
        for name in self._each("참가 신청", "Applications", self.people):
            if name != LEARNER:
                self.callers.bring(name, register(f"{name}@{DOMAIN}", name=_shown(name), verified=True))
            consent = {"purpose": "recruiters", "scope": SLUG}
            self.callers.post("/me/consents", consent, by=name)
            turn = self.callers.post(f"{self._path}/stages/apply/entries", {}, by=name)
            values = {"experience": "scikit-learn", "repository": f"https://code.example.org/{name}"}
            self.callers.post(f"/turns/{turn['id']}/evidence", {"values": values, "proof": "agreement"}, by=name)
        drain()
        at(7, 6)
        rows = [
            {"turn": turn["id"], "step": 0, "yes": number < self.chosen, "reason": "portfolio"}
            for number, turn in enumerate(self._turns("apply", order=self.people))
        ]
        self.callers.post(f"{self._path}/stages/apply/says", {"rows": rows}, by=RECRUITER)
        self._settle("apply")
        self._post(f"{self._path}/run")

    # --- round 1: alone

    def _first_round(self) -> None:
        people = self.people[: self.chosen]
        turns = self._turns("r1", order=people)
        for number, turn in enumerate(self._each("1라운드 준비", "Getting ready for round 1", turns)):
            self._enter(turn, self.first[number % len(self.first)].option)
        at(7, 13)
        self._tick()
        attempts = [(name, number, try_) for try_ in range(2) for number, name in enumerate(people)]
        for name, number, try_ in self._each("1라운드 예측 파일", "Round 1, prediction files", attempts):
            at(7, 14 + try_)
            problem = self.first[number % len(self.first)]
            predicted = predict(problem, learner=number, diligence=_diligence(number, try_))
            self._submit(name, problem, problem.predictions_file(predicted))
        self._work_off("1라운드 채점", "Round 1, scoring")
        self._first_round_programs(people)
        self._misbehave(people)
        at(8, 1)
        self._refused(people[-1], self._late(people[-1]), Text(ko="마감 뒤 제출", en="After the deadline"))
        self._settle("r1")

    def _first_round_programs(self, people: Sequence[str]) -> None:
        """Some hand in programs, and one of them looks for the labels."""
        if not self.runs_code:
            return
        at(7, 20)
        for number, name in enumerate(people[:PROGRAMS]):
            problem = self.first[number % len(self.first)]
            self._submit(name, problem, program(problem, learner=number), kind="code")
        hunter = people[-2]
        problem = self.first[(len(people) - 2) % len(self.first)]
        receipt = self._submit(hunter, problem, label_hunter(), kind="code")
        self._work_off("프로그램 실행과 채점", "Programs, run and scored")
        self._note(receipt, hunter, Text(ko="정답을 찾는 프로그램", en="A program that looks for labels"))

    def _misbehave(self, people: Sequence[str]) -> None:
        """Broken files, and one more file than a day allows."""
        at(7, 21)
        name, place = people[-1], len(people) - 1
        problem = self.first[place % len(self.first)]
        files = broken_files(problem)
        receipts = [self._submit(name, problem, content) for content in files.values()]
        spam = problem.predictions_file([problem.classes[0]] * len(problem.ids))
        at(7, 22)
        for _ in range(DAILY):
            self._submit(name, problem, spam)
        what = Text(ko="하루 21번째 제출", en="The 21st attempt of a day")
        self._refused(name, {"problem": problem, "content": spam}, what)
        self._work_off("망가진 파일과 과다 제출", "Broken files and the one who floods")
        for kind, receipt in zip(files, receipts, strict=True):
            self._note(receipt, name, Text(ko=f"망가진 파일({kind})", en=f"A broken file ({kind})"))

    def _late(self, name: str) -> dict[str, Any]:
        problem = self.first[(self.chosen - 1) % len(self.first)]
        return {"problem": problem, "content": problem.predictions_file([problem.classes[0]] * len(problem.ids))}

    # --- round 2: in teams

    def _second_round(self) -> None:
        at(8, 5)
        alone = [self._name(turn) for turn in self._turns("r2", order=self.people)]
        pairs = [alone[start : start + 2] for start in range(0, len(alone), 2)]
        for number, pair in enumerate(self._each("팀 구성", "Teams", pairs)):
            self._form_team(f"team-{number + 1}", pair)
        teams = self._turns("r2", order=self.people)
        for number, turn in enumerate(teams):
            self._enter(turn, self.second[number % len(self.second)].option)
        drain()
        self._tick()
        for number, turn in enumerate(self._each("2라운드 예측 파일", "Round 2, prediction files", teams)):
            at(8, 20)
            problem = self.second[number % len(self.second)]
            predicted = predict(problem, learner=number, diligence=_diligence(number, 1))
            self._submit(self._name(turn), problem, problem.predictions_file(predicted))
        self._work_off("2라운드 채점", "Round 2, scoring")
        at(9, 1)
        self._settle_with_a_short_fund()

    def _form_team(self, name: str, members: Sequence[str]) -> None:
        captain, *mates = members
        team = self.callers.post("/teams", {"name": name}, by=captain)["id"]
        for mate in mates:
            letter = self.callers.post(f"/teams/{team}/invitations", {"email": self.callers.emails[mate]}, by=captain)
            self.callers.post(f"/invitations/{letter['id']}/accept", by=mate)
        self.callers.post(f"{self._path}/stages/r2/teams", {"team": team}, by=captain)

    def _settle_with_a_short_fund(self) -> None:
        """The prizes are refused as a whole while the fund is short, and settled once it is filled."""
        preview = self.callers.ask("get", f"{self._path}/stages/r2/settlement", by=ORGANISER)
        self.previews.append(preview["sentence"][self.callers.language])
        missing = preview["money"].get("prize", 0) - TOO_SMALL
        if missing > 0:
            with suppress(Refused):
                self._post(f"{self._path}/stages/r2/settlement")
                raise AssertionError("a fund that is short settles nothing")
            self._post(f"/funds/{self.funds['prize']}/money", {"amount": PRIZES - TOO_SMALL})
        self._settle("r2")

    # --- after

    def _pay(self) -> None:
        """What was promised is approved by a second person and paid."""
        at(9, 10)
        listed = (self.callers.listed(f"/funds/{fund}/payments", by=ORGANISER) for fund in self.funds.values())
        due = [row for rows in listed for row in rows]
        for row in self._each("지급 승인", "Payments approved by a second person", due):
            self.callers.post(f"/payments/{row['id']}/approve", by=SECRETARIAT)
            self._post(f"/payments/{row['id']}/pay", {"reference": f"transfer {row['id'][-6:]}"})

    def _hire(self) -> None:
        """Everybody of round 2 may be interviewed within a year; a few are, and some of them are hired."""
        at(9, 15)
        self._tick()
        drain()
        interview = begin_interviews(self.callers, SLUG)
        turns = self._turns("hire", order=self.people)[:5]
        names = [self._name(turn) for turn in turns]
        morning = {"starts_at": moment(9, 17, hour=9).isoformat(), "ends_at": moment(9, 17, hour=12).isoformat()}
        book_times(self.callers, interview, names, **morning)
        at(9, 17, hour=14)
        points = {name: (60 - 30 * (number // 3), 40) for number, name in enumerate(names)}
        hold_interviews(self.callers, interview, points)
        for number, turn in enumerate(turns):
            at(9, 17, hour=15 + number)  # who is judged at one moment is told at one go
            yes = {"step": 0, "yes": number < 3, "reason": "interview"}
            self.callers.post(f"/turns/{turn['id']}/says", yes, by=RECRUITER)
            drain()

    def _ask_how_it_was(self) -> None:
        """Four of five who took part answer without their names."""
        at(9, 21)
        window = {"opens_at": moment(9, 21).isoformat(), "closes_at": moment(9, 28).isoformat()}
        survey = begin_survey(self.callers, SLUG, **window)
        at(9, 22)
        names = [name for number, name in enumerate(self.people[: self.chosen]) if number % 5 < 4]
        answer_survey(self.callers, survey, names)
        at(9, 29)
        self._post(f"/surveys/{survey}/close", {})

    # --- steps that come again

    @property
    def _path(self) -> str:
        return f"/programmes/{SLUG}"

    def _post(self, path: str, body: Any = None) -> Any:
        return self.callers.post(path, body, by=ORGANISER)

    def _turns(self, stage: str, *, order: Sequence[str]) -> list[dict[str, Any]]:
        """The living turns of a stage in the order of their first members."""
        places = {name: place for place, name in enumerate(order)}
        rows = self.callers.listed(f"{self._path}/stages/{stage}/turns", by=ORGANISER)
        alive = [row for row in rows if row["state"] in {"waiting", "open", "handed-in"}]
        return sorted(alive, key=lambda row: places[self._name(row)])

    def _name(self, turn: dict[str, Any]) -> str:
        return self.callers.names[turn["members"][0]["id"]]

    def _enter(self, turn: dict[str, Any], option: str) -> None:
        """An option is picked, and everybody in the turn accepts the terms of what is provided."""
        members = [self.callers.names[member["id"]] for member in turn["members"]]
        self.callers.post(f"/turns/{turn['id']}/options", {"options": [option]}, by=members[0])
        for name in members:
            self.callers.post(f"/turns/{turn['id']}/terms", by=name)

    def _submit(self, name: str, problem: Problem, content: bytes, *, kind: str = "file") -> dict[str, Any]:
        file = ("main.zip" if kind == "code" else "predictions.csv", content)
        path = f"/tasks/{self.tasks[problem.option]}/submissions"
        receipt: dict[str, Any] = self.callers.ask("post", path, {"kind": kind}, by=name, files={"file": file})
        return receipt

    def _refused(self, name: str, sent: dict[str, Any], what: Text) -> None:
        """What must be refused at the door."""
        try:
            self._submit(name, **sent)
        except Refused as refusal:
            self.refusals.append(Refusal(what, refusal.code, refusal.text[self.callers.language]))
            return
        raise AssertionError(f"{what.en}: this was to be refused")

    def _note(self, receipt: dict[str, Any], name: str, what: Text) -> None:
        """The verdict of a submission that must not be scored."""
        seen = self.callers.ask("get", f"/submissions/{receipt['id']}", by=name)
        if seen["state"] != "refused":
            raise AssertionError(f"{what.en}: {seen['state']}, but it was to be refused")
        cause = seen["cause"][self.callers.language] if seen["cause"] else ""
        flaw = next((flaw[self.callers.language] for flaw in seen["flaws"]), cause)
        code = seen["flaws"][0]["code"] if seen["flaws"] else "program"
        self.refusals.append(Refusal(what, code, flaw))

    def _settle(self, stage: str) -> None:
        settlement = self._post(f"{self._path}/stages/{stage}/settlement")
        self._post(f"/settlements/{settlement['id']}/release")
        drain()

    def _tick(self) -> None:
        self._post(f"{self._path}/tick")

    def _work_off(self, ko: str, en: str) -> None:
        for _ in self._each(ko, en, [None]):
            drain()

    def _each(self, ko: str, en: str, things: Sequence[Any]) -> Any:
        return self.progress.each(Text(ko=ko, en=en), things)


def set_up_tasks(callers: Callers, slug: str, stage: str, problems: Sequence[Problem]) -> dict[str, str]:
    """A task for every problem, by the organiser: labels, starter files, what programs read. Ids by option."""
    tasks = {}
    for problem in problems:
        fields = {"option": problem.option, "metric": "accuracy", "classes": ",".join(problem.classes)}
        starter = (f"{problem.option}.zip", problem.archive())
        files = {"labels": ("labels.csv", problem.labels_file()), "starter": starter, "inputs": starter}
        made = callers.ask("post", f"/programmes/{slug}/stages/{stage}/tasks", fields, by=ORGANISER, files=files)
        tasks[problem.option] = made["id"]
    return tasks


def at(month: int, day: int, *, hour: int = 10) -> None:
    """The clock stands at an hour of a day of 2020, in Seoul: at ten in the morning, where no other is named."""
    clock.set_clock(moment(month, day, hour=hour))


def moment(month: int, day: int, *, hour: int = 10) -> datetime:
    return datetime(2020, month, day, hour, tzinfo=SEOUL)


def _shown(name: str) -> str:
    return f"참가자 {name.rpartition('-')[2]}"


def _diligence(number: int, try_: int) -> float:
    """From weak to strong, spread over the participants; whoever tries again has learned more."""
    return min(1.0, 0.05 + 0.1 * (number * 7 % 10) + 0.2 * try_)
