"""BP8: rehearsals that draw what is not there, or lack what a programme would bind."""

import pytest

from tests.blueprint.marked import apply, assert_flaws_as_marked, blueprint, then

ASK = apply("options: [a]\ndo: {ask: [why, {size: number}, {due: date}, {ok: yes-no}, {sort: [sme, other]}]}")
PANEL = "gate: [{panel: {role: judge, rubric: {a: 100}, each: 1, conflicts: []}}]"
OPEN = """\
options: bind
do: {fee: bind}
provides: [{type: compute, from: lead, amount: bind, unit: h}]
gives: [{money: {type: pay, from: lead, amount: bind}}, {money: {type: pot, from: lead, pool: bind}}]
"""
VALUES = "options: [a, b], fee: 0, compute: 10, pay: 5, pot: 7"


def rehearse(text: str, stages: str = ASK, subject: str = "person") -> str:
    return blueprint(stages, subject=subject, rest=f"rehearse:\n  entries: 3\n  {text}\n")


FAULTY = {
    "a fact nobody asks": rehearse("facts: {‹BP801›salary: 1}"),
    "a person's profile of an item": rehearse("facts: {‹BP801›age: 20}", subject="item"),
    "evidence without its stage": rehearse("evidence: {‹BP801›size: 1}"),
    "evidence of no stage": rehearse("evidence: {‹BP801›aply.size: 1}"),
    "evidence of another kind": rehearse("evidence: {‹BP801›apply.score: 1}"),
    "options are dealt, not drawn": rehearse("evidence: {‹BP801›apply.option: a}"),
    "a mark without a panel": rehearse("evidence: {‹BP801›apply.mark: 1}"),
    "proof nobody asks for": rehearse("external: {‹BP801›apply: 1}"),
    "a value nobody binds": rehearse("bind: {‹BP801›pay: 1}"),
    "no value for what is bound": rehearse("‹BP802›facts: {}", apply("do: {fee: bind}"))
    .replace("  ‹BP802›facts", "  facts")
    .replace("  entries", "  ‹BP802›entries"),
    "one value missing of several": rehearse("bind: ‹BP802›{" + VALUES.removesuffix(", pot: 7") + "}", apply(OPEN)),
    "all values missing": rehearse("bind: ‹BP802›‹BP802›‹BP802›‹BP802›‹BP802›{}", apply(OPEN)),
    "a list where money belongs": rehearse("bind: {" + VALUES.replace("pay: 5", "pay: ‹BP103›[5]") + "}", apply(OPEN)),
    "one option where a list belongs": rehearse("bind: {" + VALUES.replace("[a, b]", "‹BP103›a") + "}", apply(OPEN)),
    "options that are no names": rehearse("bind: {" + VALUES.replace("[a, b]", "[a, ‹BP106›B]") + "}", apply(OPEN)),
    "a mapping for a spread": rehearse("facts: {size: ‹BP803›{lo: 1}}"),
    "a spread of spreads": rehearse("facts: {size: ‹BP803›[[1, 2]]}"),
    "an empty spread": rehearse("facts: {size: ‹BP803›[]}"),
    "a spread that falls": rehearse("facts: {size: ‹BP803›[5, 1]}"),
    "words for a number": rehearse("facts: {size: ‹BP803›[few, many]}"),
    "words for a score": rehearse("evidence: {apply.size: ‹BP803›high}"),
    "a choice that is not there": rehearse("facts: {sort: ‹BP803›[sme, startup]}"),
    "true for yes": rehearse("facts: {ok: ‹BP803›[true, false]}"),
    "numbers for a date": rehearse("facts: {due: ‹BP803›[1, 2]}"),
    "half a date for a date": rehearse("facts: {due: ‹BP803›2024-05}"),
    "no comparison expected": rehearse("expect: [‹BP702›in(apply)]"),
    "expects of no stage": rehearse('expect: [‹BP203›"in(enrol) = 1"]'),
    "money and provision of one name": blueprint(
        apply(
            "provides: [{type: compute, from: lead, amount: bind, unit: h}]\n"
            "gives: [{money: {type: compute, from: lead, amount: ‹BP804›bind}}]"
        )
    ),
    "party and money of one name": blueprint(
        apply("gives: [{money: {type: lead, from: lead, pool: ‹BP804›bind}}]")
    ).replace("lead: {kind: company}", "lead: {kind: company, bind: true}"),
    "money called options": blueprint(
        apply("options: bind\ngives: [{money: {type: options, from: lead, amount: ‹BP804›bind}}]")
    ),
    "money called fee": blueprint(
        apply("do: {fee: bind}\ngives: [{money: {type: fee, from: lead, amount: ‹BP804›bind}}]")
    ),
}


@pytest.mark.parametrize("text", FAULTY.values(), ids=FAULTY)
def test_rehearsal_that_cannot_be_made_is_refused(text):
    assert_flaws_as_marked(text)


NEAR_MISSES = {
    "every sort of spread": rehearse(
        "facts: {age: [16, 33], consent: ['yes', 'no'], why: [1, 2], size: [0, 0.5], ok: yes,"
        " due: [2030-01-01, 2030-02-01],"
        " sort: [sme, sme, other], employer: sk}"
    ),
    "evidence and marks": rehearse(
        "evidence: {apply.size: 7, apply.files: [1, 1, 2], test.score: [0, 100], test.mark: [50, 95]}",
        ASK + then("id: test", "kind: test", "do: {type: exam, by: judge}", PANEL),
    ),
    "proof that is asked for": rehearse(
        "external: {apply: 2}", apply("gate: [{external: {body: them, proof: paper}}]")
    ),
    "everything bound": rehearse("bind: {" + VALUES + "}", apply(OPEN)),
    "dates are not bound": rehearse("facts: {}", apply("when: {from: bind}")),
    "the same money twice": rehearse(
        "bind: {pay: 1}",
        apply("gives: [{money: {type: pay, from: lead, amount: bind}}, {money: {type: pay, from: lead, pool: bind}}]"),
    ),
    "a choice of numbers": rehearse("facts: {n: [1, 1, 2]}", apply("do: {ask: [{n: [1, 2]}]}")),
}


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_rehearsal_that_can_be_made_is_sound(text):
    assert_flaws_as_marked(text)
