"""Corners of the language that made-up blueprints reach too seldom: one small blueprint each."""

HEAD = """
blueprint: corner
title: {en: Corner, ko: 모퉁이}
subject: person
parties: {lead: {kind: company}}
roles:
  judge: {at: lead, can: [review, decide]}
  mentor: {at: lead, can: [supervise]}
"""

CORNERS = {
    "credits are counted in decimals and not in halves of halves": """
stages:
  - {id: apply, kind: form, entry: open}
  - id: study
    kind: learn
    do: {mode: online, items: [{id: all, type: course, credits: 50}]}
    gate: [{rule: ["credits >= 29"]}]
rehearse: {entries: 4, evidence: {study.completion: 0.58}, expect: ["pass(study) = 4", "sum(study, credits) = 116"]}
""",
    "the latest answer counts": """
stages:
  - {id: first, kind: form, entry: open, do: {ask: [{points: number}]}}
  - {id: second, kind: form, do: {ask: [{points: number}]}}
  - {id: third, kind: event, do: {type: seminar}, gate: [{rule: ["points = 2", "first.points = 1"]}]}
rehearse: {entries: 4, evidence: {first.points: 1, second.points: 2}, expect: ["pass(third) = 4"]}
""",
    "teams of equal mean are tied exactly": """
stages:
  - {id: solo, kind: round, entry: open, do: {metric: accuracy}}
  - id: build
    kind: project
    team: {min: 3, max: 3}
    do: {topic: own, milestones: [done]}
    gate: [{rank: {by: solo.score, take: 9}}]
    gives: [{money: {type: prize, ranks: [7, 5, 3, 2, 1], from: lead}}]
measures: [{id: prize-by-score, title: Prize by score, is: money(prize), by: solo.score}]
rehearse: {entries: 90, evidence: {solo.score: [0.1, 0.2, 0.3]}, expect: ["pass(build) = 9"]}
""",
    "a team is thanked through every member's own mentors": """
stages:
  - {id: split, kind: form, entry: open, options: [red, green], do: {ask: [{points: number}]}}
  - id: alone
    kind: project
    do: {topic: own, milestones: [done], with: {mentor: 2}}
    gate: [{rule: ["points >= 50"]}]
  - id: pair
    kind: project
    after: [split]
    team: {min: 2, max: 2}
    do: {topic: own, milestones: [done], with: {mentor: 1}}
  - id: all
    kind: event
    after: [split]
    team: {min: 2, max: 4}
    do: {type: fair, keeps: [contacts]}
    gate: [{rule: ["option in red,green"]}, {decide: {role: judge}, for: [green]}, {decide: {role: judge, take: 3}}]
    gives:
      - privilege: {type: thanks, at: lead, to: mentor}
      - money: {type: fee, amount: 1000, from: lead, to: mentor}
measures: [{id: by-colour, title: By colour, is: "people(all) + money(fee)", by: split.option}]
rehearse: {entries: 23, expect: ["in(all) = 6"]}
""",
    "nobody is left for a step that asks the mark": """
stages:
  - id: show
    kind: project
    entry: open
    do: {topic: own, milestones: [done]}
    gate:
      - panel: {role: judge, rubric: {quality: 100}, each: 1, pass: 100, conflicts: []}
      - rank: {by: mark, take: 1}
      - rule: ["show.mark > 0"]
  - {id: after, kind: event, do: {type: seminar}}
rehearse: {entries: 3, expect: ["in(after) = 0", "mean(show, mark) = 1"]}
""",
    "the last teams are those a person was last formed into": """
stages:
  - {id: apply, kind: form, entry: open, do: {ask: [{points: number}]}}
  - {id: three, kind: project, team: {min: 2, max: 3}, do: {topic: own, milestones: [done]}}
  - {id: chosen, kind: form, after: [apply], do: {ask: [why]}, gate: [{rule: ["points >= 40"]}]}
  - {id: two, kind: project, team: {min: 2, max: 2}, do: {topic: own, milestones: [done]}}
  - {id: both, kind: event, after: [apply], unit: team, do: {type: seminar}}
rehearse: {entries: 25, expect: ["people(both) >= people(two)"]}
""",
    "per entry counts a team's case once": """
subject: team
stages:
  - id: apply
    kind: form
    entry: open
    team: {min: 2, max: 3}
    provides: [{type: compute, from: lead, amount: 5, unit: gpu-hour, per: entry}]
  - id: each
    kind: work
    unit: person
    do: {type: internship}
    provides: [{type: compute, from: lead, amount: 5, unit: gpu-hour, per: entry}]
    gate: [{rule: ["days > 30"]}]
    gives: [{money: {type: grant, amount: 1000, per: entry, from: lead}}]
measures:
  - {id: by-days, title: By days, is: money(grant), by: each.days}
  - {id: compute-by-days, title: Compute by days, is: provided(compute), by: each.days}
rehearse: {entries: 6, expect: ["provided(compute) = 60"]}
""",
}


def corner(name):
    """The whole text; a corner that names its own subject does without the head's."""
    own = CORNERS[name]
    return (HEAD.replace("subject: person\n", "") if "subject:" in own else HEAD) + own.lstrip()
