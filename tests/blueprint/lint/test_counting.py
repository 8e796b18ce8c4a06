"""BP208, BP302, BP7: expressions that cannot be read, count what is not there, or run in circles."""

import pytest

from tests.blueprint.marked import apply, assert_flaws_as_marked, blueprint, then

STAGES = (
    apply(
        "options: [a, b]\ndo: {ask: [why, {size: number}, {tags: words}]}\n"
        "provides: [{type: compute, from: lead, amount: 1, unit: hour}]\n"
        "gives:\n  - money: {type: pay, from: lead, amount: 1, lines: {people: 1}}\n"
        "  - money: {type: fee, from: lead, amount: 1}"
    )
    + then(
        "id: learn",
        "kind: learn",
        "do: {mode: online, items: [{id: i, type: lab}]}",
        "gives: [{credential: {name: 'Reader, first', type: badge, recognised: {by: lead, before: Hearer}}}]",
    )
    + then("id: job", "kind: work", "do: {type: hire}", "gives: [{publish: {type: option, where: hub}}]")
    + then("id: end", "kind: form", "gives: [{privilege: {type: talk, at: lead}}]")
)


def measure(expression: str, rest: str = "") -> str:
    return blueprint(
        STAGES, rest=f"measures:\n  - {{id: m, title: M, is: {expression}{rest}}}\n  - {{id: n, title: N, is: 1}}\n"
    )


def expect(text: str) -> str:
    return blueprint(
        STAGES, rest=f"measures: [{{id: n, title: N, is: 1}}]\nrehearse: {{entries: 1, expect: [{text}]}}\n"
    )


FAULTY = {
    "nothing after an operator": measure("‹BP701›in(apply) +"),
    "nothing before an operator": measure('‹BP701›"* 2"'),
    "brackets left open": measure("‹BP701›(1 + 2"),
    "an argument left open": measure("‹BP701›in(apply"),
    "no argument": measure("‹BP701›in()"),
    "one argument of two": measure("‹BP701›sum(apply)"),
    "a function nobody knows": measure("‹BP701›count(apply)"),
    "python": measure('‹BP701›"__import__(os)"'),
    "power": measure("‹BP701›2 ** 3"),
    "two in a row": measure("‹BP701›1 2"),
    "a comma too many is part of the name": measure('‹BP203›"in(apply, learn)"'),
    "too deep": measure('‹BP701›"' + "(" * 60 + "1" + ")" * 60 + '"'),
    "too long": measure('‹BP701›"' + "1 + " * 900 + '1"'),
    "two comparisons": expect('‹BP701›"1 < 2 < 3"'),
    "double equal sign": expect('‹BP701›"in(apply) == 1"'),
    "a comparison for a number": measure('‹BP702›"in(apply) > 1"'),
    "a number for a comparison": expect("‹BP702›in(apply)"),
    "hours of what is no work": measure("‹BP703›hours(apply)"),
    "items of what is no learning": measure("‹BP703›items(apply)"),
    "hours of items of what is no learning": measure("‹BP703›sum_hours(job)"),
    "sum of what is no number": measure('‹BP205›"sum(apply, why)"'),
    "mean of what nobody leaves": measure('‹BP205›"mean(apply, grade)"'),
    "share of what nobody leaves": measure('‹BP205›"share(apply, grade = 1)"'),
    "share of no rule": measure('‹BP402›"share(apply, size)"'),
    "share of an option nobody offers": measure('‹BP206›"share(apply, option = c)"'),
    "share that can never be": measure('‹BP403›"share(apply, why > 3)"'),
    "no such stage": measure("‹BP203›pass(enrol)"),
    "a stage of another blueprint": measure("‹BP203›pass(other.apply)"),
    "no such measure": measure("‹BP208›mm + 1"),
    "no such measure, by function": measure("‹BP208›measure(mm)"),
    "minus without spaces": measure("‹BP208›n-m"),
    "no such money": measure("‹BP208›money(prize)"),
    "money without lines": measure("‹BP208›lines(fee)"),
    "no such credential": measure("‹BP208›credential(Reader)"),
    "no such privilege": measure("‹BP208›privilege(pay)"),
    "no such publication": measure("‹BP208›published(paper)"),
    "no such publication to use": measure("‹BP208›uses(paper)"),
    "starts no such blueprint": measure("‹BP208›spawned(made)"),
    "no such provision": measure("‹BP208›provided(data)"),
    "it without by": measure("‹BP208›it + 1"),
    "holders of it without by": measure("‹BP208›holders(it)"),
    "by a field nobody leaves": measure("1", ", by: ‹BP205›apply.grade"),
    "by a field without its stage": measure("1", ", by: ‹BP205›size"),
    "bands of words": measure("1", ", by: ‹BP205›apply.tags, bands: [1, 2]"),
    "bands that fall": measure("1", ", by: apply.size, bands: ‹BP803›[2, 1]"),
    "bands that stand": measure("1", ", by: apply.size, bands: ‹BP803›[1, 1]"),
    "counted from itself": measure("‹BP302›m + 1"),
    "circle of two": blueprint(
        STAGES,
        rest="measures: [{id: m, title: M, is: ‹BP302›measure(n)}, {id: n, title: N, is: m}, {id: o, title: O, is: n}]",
    ),
    "two flaws of one expression": measure("‹BP203›‹BP208›in(a) / money(prize)"),
}


@pytest.mark.parametrize("text", FAULTY.values(), ids=FAULTY)
def test_expression_that_counts_nothing_is_refused(text):
    assert_flaws_as_marked(text)


@pytest.mark.parametrize("function", ["options", "per_option"])
def test_options_of_a_stage_without_any_do_not_fit(function):
    assert_flaws_as_marked(blueprint(apply(), rest=f"measures: [{{id: m, title: M, is: ‹BP703›{function}(apply)}}]"))


NEAR_MISSES = {
    "every function of a stage": measure(
        '"in(apply) + pass(apply) - out(apply) * people(apply) / late(apply) + days(job) + hours(job) + items(learn)'
        " + sum_hours(learn) + options(apply) + per_option(job) + sum(apply, size) + mean(learn, learn.grade)"
        ' + share(apply, tags has ai)"'
    ),
    "every function of a give": measure(
        '"money(pay) + money(any) + credential(Reader, first) + credential(Hearer) + privilege(talk)'
        " + published(a) + published(any)"
        ' + spawned(any) + provided(compute) + uses(any) + holders(anything-at-all) + lines(pay) + parties"'
    ),
    "signs and brackets": measure('"-(2.5 * -n) / (1 - 0)"'),
    "hyphens belong to names": measure("n - n"),
    "a bare number": measure("0.897"),
    "spaces everywhere": measure('"  in ( apply )  +  sum( apply ,  size )"'),
    "it in a group": measure("holders(it) + it", ", by: apply.tags"),
    "bands": measure("in(apply)", ", by: apply.size, bands: [-1, 0, 0.5, 10]"),
    "by an earlier answer": measure("in(job)", ", by: job.size"),
    "by the option": measure("in(job)", ", by: job.option"),
    "an expectation": expect('"(in(apply) - 1) / 2 <= measure(n)", "n != 2", "parties = 2"'),
}


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_expression_that_counts_something_is_sound(text):
    assert_flaws_as_marked(text)
