"""BP205, BP206, BP4: rules of facts that nobody leaves behind, or that can never be meant; rubrics."""

import pytest

from tests.blueprint.marked import apply, assert_flaws_as_marked, blueprint, then

ASK = "do: {ask: [why, {size: number}, {due: date}, {ok: yes-no}, {tags: words}, {sort: [sme, other]}]}\n"


def ruled(*rules: str, subject: str = "person") -> str:
    return blueprint(
        apply(ASK + "gate:\n  - rule:\n" + "\n".join(f"      - {rule}" for rule in rules)), subject=subject
    )


EXAM = ("id: exam", "kind: test", "do: {type: exam, by: judge}")
PANEL = "panel: {role: judge, rubric: {a: 100}, each: 1, conflicts: []}"

FAULTY = {
    "a fact nobody asks": ruled("‹BP205›salary > 1"),
    "evidence of another kind": ruled("‹BP205›score > 1"),
    "a fact of a person, of an organisation": ruled("‹BP205›age > 1", subject="org"),
    "a fact of an organisation, of a person": ruled("‹BP205›staff > 1"),
    "a profile of an item": ruled("‹BP205›consent = yes", subject="item"),
    "a stage that comes later": blueprint(apply("gate: [{rule: [‹BP205›exam.score > 1]}]") + then(*EXAM)),
    "a field that stage does not have": blueprint(apply() + then(*EXAM, "gate: [{rule: [‹BP205›apply.score > 1]}]")),
    "a score of the stage before, without its name": blueprint(
        apply() + then(*EXAM) + then("id: end", "kind: form", "gate: [{rank: {by: ‹BP205›score, take: 1}}]")
    ),
    "a mark before the panel sat": blueprint(apply("gate: [{rule: [‹BP205›mark > 1]}, {" + PANEL + "}]")),
    "an option that nobody offers": ruled("‹BP205›option = a"),
    "match without the matcher": ruled("‹BP205›match > 0.5"),
    "rank by a text": blueprint(apply(ASK + "gate: [{rank: {by: ‹BP205›why, take: 1}}]")),
    "rank by a date": blueprint(apply(ASK + "gate: [{rank: {by: ‹BP205›due, take: 1}}]")),
    "licence given, but not asked": blueprint(
        apply("gives: [{publish: {type: code, where: hub, licence: ‹BP205›given}}]")
    ),
    "no such option": blueprint(apply("options: [a, b]\ngate: [{rule: [‹BP206›option = c]}]")),
    "no such option among several": blueprint(apply('options: [a, b]\ngate: [{rule: [‹BP206›"option in a,c"]}]')),
    "weights short of 100": blueprint(
        apply("gate: [{panel: {role: judge, rubric: ‹BP401›{a: 50, b: 49.9}, each: 1, conflicts: []}}]")
    ),
    "no weights": blueprint(apply("gate: [{panel: {role: judge, rubric: ‹BP401›{}, each: 1, conflicts: []}}]")),
    "no operator": ruled("‹BP402›size"),
    "no value": ruled('‹BP402›"size >"'),
    "two equal signs": ruled("‹BP402›size == 3"),
    "signs the wrong way round": ruled("‹BP402›size => 3"),
    "an operator nobody knows": ruled("‹BP402›size is 3"),
    "value first": ruled("‹BP402›3 < size"),
    "a list with a hole": ruled('‹BP402›"sort in sme,,other"'),
    "capital letters": ruled("‹BP402›Size > 3"),
    "order on text": ruled("‹BP403›why > 3"),
    "order on words": ruled("‹BP403›tags >= ai"),
    "order on yes and no": ruled("‹BP403›ok > no"),
    "order on a choice": ruled("‹BP403›sort < sme"),
    "order on an employer": ruled("‹BP403›employer > sk"),
    "a choice that is not there": ruled("‹BP403›sort = startup"),
    "one choice of several not there": ruled('‹BP403›"sort in sme,startup"'),
    "neither yes nor no": ruled("‹BP403›ok = true"),
    "a number compared with a word": ruled("‹BP403›size >= many"),
    "a number with separators": ruled('‹BP403›"size >= 1,000"'),
    "a date compared with a number": ruled("‹BP403›due < 3"),
    "a kind of organisation that is not there": ruled("‹BP403›kind = firm", subject="org"),
    "several lines, each with its flaw": ruled("‹BP205›salary > 1", "size > 1", "‹BP403›why > 3"),
}


@pytest.mark.parametrize("text", FAULTY.values(), ids=FAULTY)
def test_gate_that_cannot_be_meant_is_refused(text):
    assert_flaws_as_marked(text)


NEAR_MISSES = {
    "every operator": ruled(
        "size >= 0.5",
        "size != -1",
        '"size in 1, 2,3"',
        "why = a b, c",
        "tags has ai",
        "due < 2024-05-01",
        "due >= 2024",
        "ok = yes",
        "sort != other",
        "files>0",
    ),
    "every profile fact": ruled(
        "age >= 19", "employer = sk", "degree has master", "major has cs", '"year in 3,4"', "consent = yes"
    ),
    "an organisation's profile": ruled("kind in sme,startup", "staff >= 50", subject="org"),
    "its own stage by name": ruled("apply.size > 1"),
    "an earlier answer": blueprint(
        apply(ASK) + then(*EXAM, "gate: [{rule: [size > 1, sort = sme, apply.due < 2025]}]")
    ),
    "the latest answer counts": blueprint(
        apply("do: {ask: [size]}")
        + then("id: b", "kind: form", "do: {ask: [{size: number}]}")
        + then(*EXAM, "gate: [{rule: [size > 1]}]")
    ),
    "an answer stands before the profile": blueprint(
        apply("do: {ask: [{year: words}]}\ngate: [{rule: [year has third]}]")
    ),
    "a mark after the panel sat": blueprint(apply("gate: [{" + PANEL + "}, {rule: [mark > 80]}]")),
    "a mark of an earlier panel": blueprint(
        apply("gate: [{" + PANEL + "}]") + then("id: b", "kind: form", "gate: [{rank: {by: apply.mark, take: 3}}]")
    ),
    "the matcher's fit": blueprint(
        then("id: a", "kind: form", "entry: match", "gate: [{rank: {by: match, take: 3}}]"),
        rest="needs: [{skill: ai, level: 1}]",
    ),
    "weights with decimals": blueprint(
        apply("gate: [{panel: {role: judge, rubric: {a: 33.3, b: 33.3, c: 33.4}, each: 1, conflicts: []}}]")
    ),
    "licence given and asked": blueprint(
        apply("do: {ask: [licence]}\ngives: [{publish: {type: code, where: hub, licence: given}}]")
    ),
}


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_gate_that_can_be_meant_is_sound(text):
    assert_flaws_as_marked(text)
