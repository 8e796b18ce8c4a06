"""BP2: names that name nothing, roles that cannot, and circles of blueprints that start each other."""

import pytest

from tests.blueprint.marked import PARTIES, apply, assert_flaws_as_marked, blueprint, library_of, then

WITH = PARTIES + "  mate: {at: any, can: [work]}\n"

FAULTY = {
    "party of a role": blueprint(apply(), parties=PARTIES.replace("at: lead", "at: ‹BP201›leed")),
    "one party of several": blueprint(apply(), parties=PARTIES.replace("at: lead", "at: [lead, ‹BP201›leed]")),
    "party that provides": blueprint(apply("provides: [{type: data, from: ‹BP201›leed}]")),
    "party that pays": blueprint(apply("gives: [{money: {type: a, from: ‹BP201›leed, amount: 1}}]")),
    "party of a privilege": blueprint(apply("gives: [{privilege: {type: a, at: ‹BP201›leed}}]")),
    "party that recognises": blueprint(
        apply("gives: [{credential: {name: A, type: badge, recognised: {by: ‹BP201›leed}}}]"),
    ),
    "host of a project": blueprint(
        then("id: a", "kind: project", "entry: open", "do: {topic: own, milestones: [m], at: [‹BP201›leed, lead]}")
    ),
    "host of work": blueprint(then("id: a", "kind: work", "entry: open", "do: {type: hire, at: ‹BP201›leed}")),
    "role of a decision": blueprint(apply("gate: [{decide: {role: ‹BP202›juge}}]")),
    "role of a panel": blueprint(
        apply("gate: [{panel: {role: [judge, ‹BP202›juge], rubric: {a: 100}, each: 1, conflicts: []}}]")
    ),
    "role of an item": blueprint(
        then(
            "id: a",
            "kind: learn",
            "entry: open",
            "do:",
            "  mode: online",
            "  items:",
            "    - {id: i, type: course, by: ‹BP202›techer}",
            "    - {id: j, type: lab, adapter: ‹BP202›school}",
        )
    ),
    "examiner": blueprint(then("id: a", "kind: test", "entry: open", "do: {type: exam, by: ‹BP202›juge}")),
    "supervisor": blueprint(
        then("id: a", "kind: project", "entry: open", "do: {topic: own, milestones: [m], with: {‹BP202›techer: 1}}")
    ),
    "role that is given": blueprint(apply("gives: [{role: {role: ‹BP202›juge}}]")),
    "receiver": blueprint(apply("gives: [{role: {role: judge, to: ‹BP202›entrant}}]")),
    "stage before": blueprint(apply() + then("id: b", "kind: form", "after: [‹BP203›aply]")),
    "stage before, alone": blueprint(apply() + then("id: b", "kind: form", "after: ‹BP203›aply")),
    "stage one is out of": blueprint(apply() + then("id: b", "kind: form", 'after: [‹BP203›"aply:out"]')),
    "stage of the same time": blueprint(apply("when: {with: ‹BP203›aply}")),
    "stage of a date": blueprint(apply("when: {to: ‹BP203›aply.due}")),
    "stage of a rule": blueprint(apply('gate: [{rule: [‹BP203›"aply.score > 1"]}]')),
    "stage of a rank": blueprint(apply("gate: [{rank: {by: ‹BP203›aply.score, take: 1}}]")),
    "stage of an expression": blueprint(apply(), rest="measures: [{id: m, title: M, is: ‹BP203›in(aply)}]"),
    "stage of a measure": blueprint(
        apply(), rest="measures: [{id: m, title: M, is: in(apply), by: ‹BP203›aply.files}]"
    ),
    "blueprint that starts": blueprint(apply("gives: [{spawn: {blueprint: ‹BP204›nothing-known}}]")),
    "credential a role holds": blueprint(apply(), parties=PARTIES.replace("decide]}", "decide], holds: ‹BP207›Judge}")),
    "credential a user holds": blueprint(
        apply(
            "provides: [{type: space, from: lead, holds: ‹BP207›Key}]\ngives: [{credential: {name: key, type: badge}}]"
        )
    ),
    "budget of a payment": blueprint(apply("gives: [{money: {type: a, from: lead, amount: 1, budget: ‹BP210›grant}}]")),
    "budget of a project": blueprint(
        then("id: a", "kind: project", "entry: open", "do: {topic: own, milestones: [m], budget: ‹BP210›grant}")
    ),
    "decider who cannot decide": blueprint(apply("gate: [{decide: {role: ‹BP209›teacher}}]")),
    "reviewer who cannot review": blueprint(
        apply("gate: [{panel: {role: ‹BP209›teacher, rubric: {a: 100}, each: 1, conflicts: []}}]")
    ),
    "examiner who cannot review": blueprint(
        then("id: a", "kind: test", "entry: open", "do: {type: exam, by: ‹BP209›teacher}")
    ),
    "teacher who cannot teach": blueprint(
        then("id: a", "kind: learn", "entry: open", "do: {mode: online, items: [{id: i, type: lab, by: ‹BP209›judge}]}")
    ),
    "supervisor who cannot supervise": blueprint(
        then("id: a", "kind: work", "entry: open", "do: {type: hire, with: {‹BP209›judge: 1}}")
    ),
    "blueprint that starts itself": blueprint(apply("gives: [{spawn: {blueprint: ‹BP302›made}}]")),
}


@pytest.mark.parametrize("text", FAULTY.values(), ids=FAULTY)
def test_name_that_names_nothing_is_refused(text):
    assert_flaws_as_marked(text)


NEAR_MISSES = {
    "a party teaches and examines": blueprint(
        then("id: a", "kind: learn", "entry: open", "do: {mode: online, items: [{id: i, type: lab, by: school}]}")
        + then("id: b", "kind: test", "do: {type: exam, by: school}")
    ),
    "a role at any": blueprint(
        then("id: a", "kind: work", "entry: open", "do: {type: hire, at: lead, with: {mate: 1, teacher: 1}}"),
        parties=WITH,
    ),
    "a credential given later": blueprint(
        apply("gives: [{credential: {name: Judge, type: badge}}]"),
        parties=PARTIES.replace("decide]}", "decide], holds: Judge}"),
    ),
    "a later stage of the same time": blueprint(
        apply("when: {with: b}") + then("id: b", "kind: form", "when: {from: 2024}")
    ),
}


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_name_that_names_something_is_sound(text):
    assert_flaws_as_marked(text)


OTHER = blueprint(
    apply("gives: [{credential: {name: Key, type: badge}}, {money: {type: grant, from: lead, amount: 1}}]")
).replace("blueprint: made", "blueprint: other")


def test_credentials_and_budgets_of_other_blueprints_count():
    text = blueprint(
        apply(
            "provides: [{type: space, from: lead, holds: Key}]\n"
            "gives: [{money: {type: a, from: lead, amount: 1, budget: grant}}, {spawn: {blueprint: other}}]"
        )
    )
    assert_flaws_as_marked(text, library_of(OTHER))


def test_two_blueprints_that_start_each_other_are_a_circle():
    back = blueprint(apply("gives: [{spawn: {blueprint: made}}]")).replace(
        "blueprint: made\ntitle", "blueprint: other\ntitle"
    )
    text = blueprint(apply("gives: [{spawn: {blueprint: ‹BP302›other}}]"))
    assert_flaws_as_marked(text, library_of(back))


def test_blueprint_that_leads_into_a_circle_of_others_is_sound():
    circling = blueprint(apply("gives: [{spawn: {blueprint: other}}]")).replace(
        "blueprint: made\ntitle", "blueprint: other\ntitle"
    )
    assert_flaws_as_marked(blueprint(apply("gives: [{spawn: {blueprint: other}}]")), library_of(circling))
