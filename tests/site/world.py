"""A small programme of the site's own tests, walked by the engine's operations: a step here is a step of a person."""

from dataclasses import dataclass

from dure.applications.operations import save, send
from dure.jobs.worker import drain
from dure.joints.gates.decide import decide
from dure.joints.gates.panel import assign, give_marks
from dure.joints.models import Review
from dure.joints.stages.forms import application_of
from dure.joints.stages.recorded import record_evidence
from dure.people.models import Organisation, Person
from dure.programmes.models import Programme, Turn
from dure.programmes.operations.entering import accept_terms, choose, enter
from dure.programmes.operations.publishing import make_programme, open_programme, publish
from dure.programmes.operations.seating import seat
from dure.programmes.operations.settling import release, settle
from tests.factories import make_operator, make_organisation, make_person

SOURCE = """
blueprint: field-ai-school
title: {en: Field AI School, ko: 현장 AI 스쿨}
subject: person
parties:
  host: {kind: company, as: lead}
roles:
  clerk: {at: host, can: [operate, decide]}
  judge: {at: host, can: [review, recruit]}
stages:
  - id: apply
    kind: form
    entry: open
    do: {ask: [motive, years: number]}
    gate:
      - decide: {role: clerk, take: 2}
  - id: task
    kind: round
    options: [vision, speech]
    do: {metric: accuracy, daily: 5, sealed: true}
    provides:
      - {type: compute, from: host, what: GPU sessions, amount: 3.5, unit: gpu-hour, per: unit, terms: no mining}
    gate:
      - rank: {by: score, take: 1, per: option}
    gives:
      - credential: {name: Field badge, type: badge, valid: 2y}
      - money: {type: prize, ranks: [15000000], per: option, from: host}
  - id: talk
    kind: test
    do: {type: interview, by: host, minutes: 30}
    gate:
      - panel: {role: judge, rubric: {idea: 40, craft: 60}, each: 1, pass: 60, conflicts: []}
    gives:
      - privilege: {type: fast lane, at: host, within: 1y}
  - id: licence
    kind: event
    do: {type: ceremony}
    gate:
      - external: {body: ministry, proof: licence number}
measures:
  - {id: shown, title: in the round, is: in(task)}
words:
  host: {en: Hanbit, ko: 한빛}
  lead: {en: Lead, ko: 주관 기관}
  clerk: {en: Clerk, ko: 담당자}
  judge: {en: Judge, ko: 심사위원}
  apply: {en: Application, ko: 참가 신청}
  motive: {en: Why you apply, ko: 지원 동기}
  years: {en: Years of experience, ko: 경력 연수}
  task: {en: Online round, ko: 온라인 라운드}
  accuracy: {en: Accuracy, ko: 정확도}
  vision: {en: Vision, ko: 이미지}
  speech: {en: Speech, ko: 음성}
  GPU sessions: {en: GPU sessions, ko: GPU 세션}
  gpu-hour: {en: GPU hours, ko: GPU 시간}
  no mining: {en: Not to be used for mining, ko: 채굴에 쓰지 않습니다}
  Field badge: {en: Field badge, ko: 현장 배지}
  prize: {en: Prize, ko: 상금}
  talk: {en: Interview, ko: 면접}
  idea: {en: Idea, ko: 아이디어}
  craft: {en: Craft, ko: 완성도}
  fast lane: {en: Fast lane to hiring, ko: 채용 우대}
  licence: {en: Licence ceremony, ko: 수여식}
  ministry: {en: The ministry, ko: 담당 부처}
  licence number: {en: licence number, ko: 자격 번호}
  in the round: {en: Took part in the round, ko: 라운드 참가}
"""


@dataclass
class World:
    """``clerk`` operates and decides, ``judge`` reviews and recruits, ``ada`` and ``bo`` take part, ``stranger`` does
    not."""

    programme: Programme
    host: Organisation
    operator: Person
    clerk: Person
    judge: Person
    ada: Person
    bo: Person
    stranger: Person

    def turn(self, person: Person, stage: str) -> Turn:
        return Turn.objects.get(turn_members__member__person=person, stage=stage, programme=self.programme)

    def applied(self, *people: Person) -> None:
        """They have entered and sent their forms."""
        for person in people or (self.ada, self.bo):
            turn = enter(self.programme, "apply", person=person)
            application = application_of(turn, by=person)
            saved = save(application, answers={"motive": "현장", "years": "3"}, version=application.version, by=person)
            send(saved, version=saved.version, by=person)
        drain()

    def decided(self) -> None:
        for turn in Turn.objects.filter(programme=self.programme, stage="apply", state="handed-in"):
            decide(turn, 0, by=self.clerk, yes=True)
        drain()

    def admitted(self) -> None:
        """Applied, decided, settled, released: the round waits for a choice and the terms."""
        self.applied()
        self.decided()
        release(settle(self.programme, "apply", by=self.clerk), by=self.clerk)
        drain()

    def competing(self) -> None:
        """Their rounds are open."""
        self.admitted()
        for person, option in ((self.ada, "vision"), (self.bo, "speech")):
            accept_terms(choose(self.turn(person, "task"), [option]), person=person)

    def ranked(self) -> None:
        """The round is settled and released; the interview is open."""
        self.competing()
        for person, score in ((self.ada, 0.91), (self.bo, 0.85)):
            values = {"score": score, "public-score": score, "attempts": 3, "code": "no"}
            record_evidence(self.turn(person, "task"), values, by=self.clerk)
        release(settle(self.programme, "task", by=self.clerk), by=self.clerk)
        drain()

    def reviewing(self) -> Review:
        """Ada's interview waits for the judge's marks."""
        self.ranked()
        turn = record_evidence(self.turn(self.ada, "talk"), {"score": 80}, by=self.clerk)
        return assign(turn, 0, reviewer=self.judge, by=self.clerk)

    def proving(self) -> Turn:
        """Ada's ceremony waits for the proof from outside."""
        give_marks(self.reviewing(), marks={"idea": 80, "craft": 90}, by=self.judge)
        drain()
        turn = record_evidence(self.turn(self.ada, "licence"), {"attended": 1}, by=self.clerk)
        drain()
        return turn


def made_world() -> World:
    host = make_organisation("hanbit", name_ko="한빛전자", name_en="Hanbit Electronics")
    people = {
        name: make_person(f"{name}@example.org", name=shown)
        for name, shown in (
            ("clerk", "김담당"), ("judge", "이심사"), ("ada", "박하늘"), ("bo", "최바다"), ("stranger", "정나그네"),
        )
    }  # fmt: skip
    operator = make_operator(email="operator@example.org", name="오운영")
    programme = make_programme(SOURCE, slug="field-ai-2026", by=operator, parties={"host": [host]})
    publish(programme)
    open_programme(programme)
    seat(programme, "clerk", person=people["clerk"], organisation=host)
    seat(programme, "judge", person=people["judge"], organisation=host)
    return World(programme=programme, host=host, operator=operator, **people)
