"""BP5: money that does not add up, prizes without places, receivers the turn does not have."""

import pytest

from tests.blueprint.marked import apply, assert_flaws_as_marked, blueprint, then

TAKE_2 = "gate: [{rank: {by: files, take: 2}}]\n"
TWO_EACH = "options: [a, b, c]\ngate: [{rank: {by: files, take: 2, per: option}}]\n"


def money(fields: str, before: str = "") -> str:
    return blueprint(apply(before + "gives: [{money: {type: pay, from: lead, " + fields + "}}]"))


def given(fields: str) -> str:
    return blueprint(apply("gives: [" + fields + "]"))


FAULTY = {
    "lines short of 1": money("amount: 1, lines: ‹BP501›{people: 0.5, things: 0.49}"),
    "no lines": money("amount: 1, lines: ‹BP501›{}"),
    "prizes are not the total": money("ranks: [3, 2], total: ‹BP502›6", TAKE_2),
    "prizes by option are not the total": money("ranks: [3, 2], per: option, total: ‹BP502›5", TWO_EACH),
    "amounts are not the total": money("amount: 10, total: ‹BP502›30", TAKE_2),
    "amounts by option are not the total": money("amount: 10, total: ‹BP502›20", TWO_EACH),
    "cases are not the total": money("amount: 10, per: entry, total: ‹BP502›30", TAKE_2),
    "instalments are not the total": money("amount: 10, months: 6, every: 2m, total: ‹BP502›20", TAKE_2),
    "the pool is not the total": money("pool: 10, total: ‹BP502›11"),
    "the narrowest step counts": money(
        "amount: 10, total: ‹BP502›50", "gate: [{rank: {by: files, take: 5}}, {decide: {role: judge, take: 2}}]\n"
    ),
    "more prizes than places": money("ranks: ‹BP502›[3, 2, 1]", TAKE_2),
    "more prizes than places of an option": money("ranks: ‹BP502›[3, 2, 1], per: option", TWO_EACH),
    "more prizes than places of a panel": money(
        "ranks: ‹BP502›[2, 1]",
        "gate: [{panel: {role: judge, rubric: {a: 100}, each: 1, take: 1, conflicts: []}}]\n",
    ),
    "an amount by option": money("amount: 1, per: ‹BP502›option", "options: [a]\n"),
    "prizes by turn": money("ranks: [1], per: ‹BP502›unit", TAKE_2),
    "a pool by case": money("pool: 1, per: ‹BP502›entry"),
    "prizes without an order": money("ranks: ‹BP503›[2, 1]", "gate: [{decide: {role: judge, take: 2}}]\n"),
    "prizes without a gate": money("ranks: ‹BP503›[2, 1]"),
    "months that leave a rest": money("amount: 1, months: ‹BP504›7, every: 2m"),
    "months short of a year": money("amount: 1, months: ‹BP504›18, every: 1y"),
    "payments by the week": money("amount: 1, months: ‹BP504›3, every: 2w"),
    "a pool paid by the month": money("pool: 1, months: ‹BP504›3"),
    "two units of one provision": blueprint(
        apply("provides: [{type: compute, from: lead, amount: 1, unit: gpu-hour}]")
        + then("id: b", "kind: form", "provides: [{type: compute, from: lead, amount: 1, unit: ‹BP505›token}]")
    ),
    "contacts of a form": given("{privilege: {type: pool, at: lead, to: ‹BP506›contacts}}"),
    "contacts that are not kept": blueprint(
        then(
            "id: a",
            "kind: event",
            "entry: open",
            "do: {type: fair, keeps: [votes]}",
            "gives: [{privilege: {type: pool, at: lead, to: ‹BP506›contacts}}]",
        )
    ),
    "a role nobody holds for the turn": given("{money: {type: pay, from: lead, amount: 1, to: ‹BP506›teacher}}"),
    "a role held only later": blueprint(
        apply("gives: [{role: {role: judge, to: ‹BP506›teacher}}]")
        + then("id: b", "kind: project", "do: {topic: own, milestones: [m], with: {teacher: 1}}")
    ),
}


@pytest.mark.parametrize("text", FAULTY.values(), ids=FAULTY)
def test_give_that_does_not_add_up_is_refused(text):
    assert_flaws_as_marked(text)


NEAR_MISSES = {
    "lines of tenths": money("amount: 1, lines: {a: 0.1, b: 0.2, c: 0.7}"),
    "prizes are the total": money("ranks: [3, 2], total: 5", TAKE_2),
    "prizes by option are the total": money("ranks: [3, 2], per: option, total: 15", TWO_EACH),
    "amounts are the total": money("amount: 10, total: 20", TAKE_2),
    "amounts by option are the total": money("amount: 10, total: 60", TWO_EACH),
    "instalments are the total": money("amount: 10, months: 6, every: 2m, total: 60", TAKE_2),
    "fewer prizes than places": money("ranks: [3]", TAKE_2),
    "as many prizes as there are places in all options": money("ranks: [6, 5, 4, 3, 2, 1]", TWO_EACH),
    "prizes without a bound": money(
        "ranks: [3, 2, 1]", "gate: [{panel: {role: judge, rubric: {a: 100}, each: 1, conflicts: []}}]\n"
    ),
    "nobody knows how many take part": money("amount: 10, to: entrants, total: 70", TAKE_2),
    "options of the programme": money("ranks: [3, 2], per: option, total: 7", TWO_EACH.replace("[a, b, c]", "bind")),
    "an amount of the programme": money("amount: bind, total: 7", TAKE_2),
    "a payment a year": money("amount: 1, months: 36, every: 1y"),
    "two units of two provisions": blueprint(
        apply(
            "provides: [{type: compute, from: lead, amount: 1, unit: a}, {type: model, from: lead, amount: 1, unit: b}]"
        )
    ),
    "contacts that are kept": blueprint(
        then(
            "id: a",
            "kind: event",
            "entry: open",
            "do: {type: fair, keeps: [contacts]}",
            "gives: [{privilege: {type: pool, at: lead, to: contacts}}]",
        )
    ),
    "a role held before": blueprint(
        then("id: a", "kind: project", "entry: open", "do: {topic: own, milestones: [m], with: {teacher: 1}}")
        + then("id: b", "kind: form", "gives: [{money: {type: pay, from: lead, amount: 1, to: teacher}}]")
    ),
}


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_give_that_adds_up_is_sound(text):
    assert_flaws_as_marked(text)
