"""BP3: stages in an order nobody can travel, teams that are not formed, options nobody offers."""

import pytest

from tests.blueprint.marked import PARTIES, apply, assert_flaws_as_marked, blueprint, then

GATE = "gate: [{decide: {role: judge}}]"

FAULTY = {
    "after itself": blueprint(apply() + then("id: b", "kind: form", "after: [‹BP301›b]")),
    "after a later stage": blueprint(
        apply() + then("id: b", "kind: form", "after: [apply, ‹BP301›c]") + then("id: c", "kind: form")
    ),
    "start without entry": blueprint(then("‹BP303›id: a", "kind: form")),
    "later start without entry": blueprint(apply() + then("‹BP303›id: b", "kind: form", "after: []")),
    "out of a stage without gate": blueprint(apply() + then("id: b", "kind: form", "after: [‹BP303›apply:out]")),
    "out of a stage with an empty gate": blueprint(
        apply("gate: []") + then("id: b", "kind: form", "after: [‹BP303›apply:out]")
    ),
    "join of one": blueprint(apply() + then("id: b", "kind: form", "after: [apply]", "‹BP303›join: any")),
    "join of what is left out": blueprint(apply() + then("id: b", "kind: form", "‹BP303›join: all")),
    "passed and out of the same": blueprint(
        apply(GATE) + then("id: b", "kind: form", "after: ‹BP303›[apply, apply:out]")
    ),
    "no team formed": blueprint(apply() + then("id: b", "kind: form", "unit: ‹BP304›team")),
    "team formed only later": blueprint(
        apply("unit: ‹BP304›team") + then("id: b", "kind: form", "team: {min: 1, max: 2}")
    ),
    "min over max": blueprint(apply("team: {min: ‹BP304›3, max: 2}")),
    "unit of an organisation": blueprint(apply("‹BP304›unit: person"), subject="org"),
    "team of items": blueprint(apply("‹BP304›team: {min: 1, max: 2}"), subject="item"),
    "person by person in a team": blueprint(apply("unit: ‹BP304›person\nteam: {min: 1, max: 2}")),
    "size of teams not said": blueprint(apply().replace("id: apply", "‹BP304›id: apply"), subject="team"),
    "lead without consortium": blueprint(apply("do: {‹BP304›lead: company}")),
    "rank by option without options": blueprint(apply("gate: [{rank: {by: files, take: 1, per: ‹BP305›option}}]")),
    "prizes by option without options": blueprint(
        apply(
            "gate: [{rank: {by: files, take: 1}}]\n"
            "gives: [{money: {type: a, from: lead, ranks: [1], per: ‹BP305›option}}]"
        )
    ),
    "level by option without options": blueprint(
        apply("gives: [{credential: {name: A, type: badge, level: ‹BP305›option}}]")
    ),
    "publish by option without options": blueprint(apply("gives: [{publish: {type: ‹BP305›option, where: hub}}]")),
    "recognised by option without options": blueprint(
        apply("gives: [{credential: {name: A, type: badge, recognised: {by: lead, from: ‹BP305›{a: 2024}}}}]")
    ),
    "step for an option without options": blueprint(apply("gate: [{decide: {role: judge}, for: ‹BP305›[a]}]")),
    "choose without options": blueprint(apply("choose: ‹BP305›1")),
    "choose too large": blueprint(apply("options: [a, b]\nchoose: ‹BP305›3")),
    "several options where one is needed": blueprint(
        apply("options: [a, b]\nchoose: 2\ngate: [{rank: {by: files, take: 1, per: ‹BP305›option}}]")
    ),
    "several options chosen before": blueprint(
        apply("options: [a, b]\nchoose: 2")
        + then("id: b", "kind: form", "gives: [{publish: {type: ‹BP305›option, where: hub}}]")
    ),
    "step for another option": blueprint(apply("options: [a, b]\ngate: [{decide: {role: judge}, for: [a, ‹BP206›c]}]")),
    "item for another option": blueprint(
        apply("options: [a, b]")
        + then("id: b", "kind: learn", "do: {mode: online, items: [{id: i, type: lab, for: [‹BP206›c]}]}")
    ),
    "recognised for another option": blueprint(
        apply(
            "options: [a, b]\n"
            "gives: [{credential: {name: A, type: badge, recognised: {by: lead, from: {a: 2024, ‹BP206›c: 2025}}}}]"
        )
    ),
    "match without needs": blueprint(then("id: a", "kind: form", "entry: ‹BP306›match")),
    "include of nobody's role": blueprint(
        apply("gate: [{panel: {role: judge, rubric: {a: 100}, each: 2, conflicts: [], include: [‹BP307›teacher]}}]")
    ),
    "windows that point at each other": blueprint(
        apply("when: {with: ‹BP302›b}") + then("id: b", "kind: form", "when: {with: apply}")
    ),
    "window that points at itself": blueprint(apply("when: {with: ‹BP302›apply}")),
}


@pytest.mark.parametrize("text", FAULTY.values(), ids=FAULTY)
def test_stages_nobody_can_travel_are_refused(text):
    assert_flaws_as_marked(text)


PANEL = "gate: [{panel: {role: judge, rubric: {a: 100}, each: 2, conflicts: [], include: [teacher]}}]"
PROJECT = "do: {topic: own, milestones: [m], with: {teacher: 1}}"

NEAR_MISSES = {
    "out of a stage with a gate": blueprint(apply(GATE) + then("id: b", "kind: form", "after: [apply:out]")),
    "passed or out": blueprint(apply(GATE) + then("id: b", "kind: form", "after: [apply, apply:out]", "join: any")),
    "a second start": blueprint(apply() + then("id: b", "kind: form", "after: []", "entry: invite")),
    "the last teams": blueprint(apply("team: {min: 1, max: 2}") + then("id: b", "kind: form", "unit: team")),
    "teams of one": blueprint(apply("team: {min: 1, max: 1}")),
    "team cases stay teams": blueprint(
        apply("team: {min: 2, max: 2}")
        + then("id: b", "kind: form", "unit: person")
        + then("id: c", "kind: form", "unit: team"),
        subject="team",
    ),
    "a consortium is led": blueprint(apply("do: {lead: company}"), subject="consortium"),
    "options from before": blueprint(
        apply("options: [a, b]")
        + then(
            "id: b",
            "kind: form",
            "gate:",
            "  - rank: {by: files, take: 1, per: option}",
            "    for: [b]",
            '  - rule: ["option = a", "option in a,b", "apply.option != b"]',
        )
    ),
    "options of the programme": blueprint(
        apply("options: bind\ngate: [{decide: {role: judge}, for: [anything]}]"),
    ),
    "choose all": blueprint(apply("options: [a, b]\nchoose: 2")),
    "match with needs": blueprint(then("id: a", "kind: form", "entry: match"), rest="needs: [{skill: ai, level: 1}]"),
    "include of one's own": blueprint(then("id: a", "kind: project", "entry: open", PROJECT, PANEL)),
    "include of who was one's own before": blueprint(
        then("id: a", "kind: project", "entry: open", PROJECT) + then("id: b", "kind: form", PANEL)
    ),
    "windows beside a third": blueprint(
        apply("when: {with: b}")
        + then("id: b", "kind: form", "when: {with: c}")
        + then("id: c", "kind: form", "when: {for: 1w}")
    ),
}


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_stages_somebody_can_travel_are_sound(text):
    assert_flaws_as_marked(text)


def test_circle_of_three_windows_is_told_once():
    assert_flaws_as_marked(
        blueprint(
            apply()
            + then("id: b", "kind: form", "when: {with: ‹BP302›c}")
            + then("id: c", "kind: form", "when: {with: d}")
            + then("id: d", "kind: form", "when: {with: b}")
        )
    )


def test_parties_may_be_without_roles():
    assert_flaws_as_marked(blueprint(apply(), parties=PARTIES.split("roles:")[0]))
