"""What an empty draft begins with: a small programme that is sound, with notes in the writer's language."""

from string import Template

from dure.core.text import Text

_NOTES = {
    "what": Text(
        ko="블루프린트는 한 종류의 프로그램이 어떻게 운영되는지를 적은 글입니다. #으로 시작하는 줄은 메모입니다.",
        en="A blueprint says how a kind of programme runs. Lines that begin with # are notes to yourself.",
    ),
    "how": Text(
        ko="옆의 그림은 쓰는 대로 바뀝니다. Ctrl+Space를 누르면 그 자리에 쓸 수 있는 것이 나옵니다.",
        en="The picture beside follows what you write; Ctrl+Space shows what may stand where you are.",
    ),
    "subject": Text(
        ko="단계를 거치는 주체: person, team, org, consortium, item",
        en="who travels through the stages: person, team, org, consortium or item",
    ),
    "parties": Text(ko="참여하는 기관", en="organisations that take part"),
    "bind": Text(ko="bind: 어느 기관인지는 프로그램마다 정합니다", en="bind: each programme says which one it is"),
    "roles": Text(ko="누가 무엇을 하는지", en="who does what"),
    "stages": Text(ko="차례로 일어나는 일", en="what happens, in order"),
    "kinds": Text(
        ko="form, learn, test, round, project, event, work", en="form, learn, test, round, project, event, work"
    ),
    "entry": Text(ko="누구나 지원할 수 있습니다", en="anybody may apply"),
    "when": Text(ko="날짜는 프로그램마다 정합니다", en="each programme says when"),
    "gate": Text(ko="누가 통과하는지", en="who passes"),
    "gives": Text(ko="통과하면 받는 것", en="what those who pass receive"),
    "words": Text(ko="위의 id 대신 사람들이 읽는 말", en="what people read instead of the ids above"),
    "rehearse": Text(ko="가상으로 운영해 보는 조건", en="a made-up run, to see what comes out"),
}
_STARTER = Template("""\
# $what
# $how
blueprint: my-programme
title: {en: My programme, ko: 새 프로그램}
subject: person   # $subject

parties:   # $parties
  host: {kind: company, as: lead, bind: true}   # $bind
roles:   # $roles
  manager: {at: host, can: [operate, decide, review, teach]}

stages:   # $stages
  - id: apply
    kind: form   # $kinds
    entry: open   # $entry
    when: {from: bind, to: bind}   # $when
    do: {ask: [motive]}
    gate:   # $gate
      - decide: {role: manager, take: 20}

  - id: course
    kind: learn
    when: {for: 4w}
    do:
      mode: online
      items:
        - {id: basics, type: course, by: manager}
    gate:
      - rule: ["completion >= 0.8"]
    gives:   # $gives
      - credential: {name: Completion, type: certificate}

words:   # $words
  host: {en: Host, ko: 주관 기관}
  lead: {en: Lead, ko: 주관}
  manager: {en: Manager, ko: 운영 담당자}
  apply: {en: Application, ko: 참가 신청}
  motive: {en: Why you apply, ko: 지원 동기}
  course: {en: Course, ko: 교육 과정}
  basics: {en: Basics, ko: 기초 과정}
  Completion: {en: Completion, ko: 수료}

rehearse:   # $rehearse
  entries: 100
  expect:
    - "pass(apply) = 20"
""")


def starter(language: str) -> str:
    return _STARTER.substitute({name: note[language] for name, note in _NOTES.items()})
