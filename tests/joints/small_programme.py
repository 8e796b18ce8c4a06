"""A small programme with every sort of thing that is recorded: forms, marks, decisions, proofs, gives, provisions."""

from dure.programmes.models import Programme, Turn
from dure.programmes.operations.entering import enter
from dure.programmes.operations.publishing import make_programme, open_programme, publish
from dure.programmes.operations.seating import seat
from tests.factories import make_organisation, make_person

SOURCE = """
blueprint: small
title: {en: Small, ko: 작은 과정}
subject: person
parties: {host: {kind: company}}
roles:
  head: {at: host, can: [decide]}
  judge: {at: host, can: [review, teach]}
stages:
  - id: apply
    kind: form
    entry: open
    do:
      ask: [motive, degree, {gpa: number}, {start: date}, {ready: yes-no}, {skills: words}, {track: [ai, data]}]
      attach: [transcript]
    gate:
      - decide: {role: head}
  - id: plan
    kind: form
    do: {ask: [motive, topic, degree]}
    provides:
      - {type: compute, from: host, amount: 10, unit: gpu-hour, per: unit}
    gate:
      - panel: {role: judge, rubric: {depth: 60, clarity: 40}, each: 1, conflicts: []}
  - id: exam
    kind: test
    do: {type: interview, by: judge}
    gate:
      - external: {body: board, proof: certificate number}
    gives:
      - credential: {name: Small certificate, type: certificate}
      - money: {type: prize, amount: 1000, from: host}
words:
  motive: {en: Motive, ko: 지원 동기}
  apply: {en: Application, ko: 지원}
  ai: {en: AI, ko: 인공지능}
  data: {en: Data, ko: 데이터}
  transcript: {en: Transcript, ko: 성적 증명서}
"""
ANSWERS = {
    "motive": "함께 배우고 싶습니다.\n=꼭", "degree": "bachelor", "gpa": 3.5, "start": "2027-03-02", "ready": "yes",
    "skills": ["python", "통계"], "track": "ai",
}  # fmt: skip


def make_small(slug: str = "small-1", source: str = SOURCE) -> Programme:
    """Published and open; ``host`` stands for the only party."""
    host = make_organisation()
    programme = make_programme(source, slug=slug, by=make_person(name="Operator"), parties={"host": [host]})
    publish(programme)
    open_programme(programme)
    return programme


def seated(programme: Programme, role: str):
    """Somebody new in a role."""
    person = make_person()
    seat(programme, role, person=person)
    return person


def entered(programme: Programme, **known) -> Turn:
    """The turn of somebody new at the first stage."""
    return enter(programme, "apply", person=make_person(**known))


def holder(turn: Turn):
    return turn.turn_members.get().member.person
