"""BP6: what is no date, keys that do not go together, dates nobody asked, time that runs backwards."""

import pytest

from tests.blueprint.marked import apply, assert_flaws_as_marked, blueprint, then


def when(text: str) -> str:
    return blueprint(apply("when: " + text))


ASK = apply("do: {ask: [{due: date}, why]}")

FAULTY = {
    "a month 13": when("{from: ‹BP601›2024-13}"),
    "the 30th of February": when("{from: ‹BP601›2024-02-30}"),
    "a two-digit year": when("{to: ‹BP601›24}"),
    "a time without a day": when("{to: ‹BP601›2024-05T10:00}"),
    "a date in words": when("{to: ‹BP601›tomorrow}"),
    "a duration without a unit": when("{for: ‹BP601›3}"),
    "a duration of nothing": when("{for: ‹BP601›0d}"),
    "a duration of a half": when("{within: ‹BP601›1.5y}"),
    "a unit nobody knows": when("{every: ‹BP601›3q}"),
    "validity": blueprint(apply("gives: [{credential: {name: A, type: badge, valid: ‹BP601›ever}}]")),
    "recognised from": blueprint(
        apply("gives: [{credential: {name: A, type: badge, recognised: {by: lead, from: ‹BP601›soon}}}]")
    ),
    "several at once": when("{from: ‹BP601›soon, to: ‹BP601›later}"),
    "for and to": when("‹BP602›{for: 3m, to: 2024}"),
    "for and within": when("‹BP602›{for: 3m, within: 1y}"),
    "from, to and for": when("‹BP602›{from: 2024-01, to: 2024-05, for: 3m}"),
    "within and from": when("‹BP602›{within: 1y, from: 2024}"),
    "every, to and for": when("‹BP602›{every: 1m, to: 2030, for: 1y}"),
    "every within": when("‹BP602›{every: 1m, within: 1y}"),
    "no key": when("‹BP602›{}"),
    "with and from": blueprint(apply("when: ‹BP602›{with: b, from: 2024}") + then("id: b", "kind: form")),
    "ends before it begins": when("{from: 2024-05-02, to: ‹BP603›2024-05-01}"),
    "ends as it begins": when("{from: 2024-05-02T10:00, to: ‹BP603›2024-05-02T10:00}"),
    "ends before it begins, by offset": when("{from: 2024-05-02T00:00, to: ‹BP603›2024-05-01T10:00-05:00}"),
    "ends before the stage before begins": blueprint(
        apply("when: {from: 2024-06}") + then("id: b", "kind: form", "when: {to: ‹BP603›2024-05}")
    ),
    "ends before a stage long before begins": blueprint(
        apply("when: {from: 2024-06}")
        + then("id: b", "kind: form")
        + then("id: c", "kind: form", "when: {from: 2024-01, for: ‹BP603›3m}")
    ),
    "ends with another, too early": blueprint(
        then("id: x", "kind: form", "entry: open", "when: {from: 2024-01, to: 2024-02}")
        + then("id: a", "kind: form", "entry: open", "after: []", "when: {from: 2024-06}")
        + then("id: b", "kind: form", "when: {with: ‹BP603›x}")
    ),
    "a date of a later stage": blueprint(
        apply("when: {to: ‹BP205›b.due}") + then("id: b", "kind: form", "do: {ask: [{due: date}]}")
    ),
    "a date of its own": blueprint(apply("do: {ask: [{due: date}]}\nwhen: {to: ‹BP205›apply.due}")),
    "a text for a date": blueprint(ASK + then("id: b", "kind: form", "when: {to: ‹BP205›apply.why}")),
    "a date nobody asked": blueprint(ASK + then("id: b", "kind: form", "when: {to: ‹BP205›apply.end}")),
}


@pytest.mark.parametrize("text", FAULTY.values(), ids=FAULTY)
def test_time_that_cannot_be_is_refused(text):
    assert_flaws_as_marked(text)


NEAR_MISSES = {
    "every precision": blueprint(
        apply("when: {from: 2024}")
        + then("id: b", "kind: form", "when: {from: 2024-02}")
        + then("id: c", "kind: form", "when: {from: 2024-02-29, to: 2024-02-29}")
        + then("id: d", "kind: form", "when: {from: 2024-05-31T09:00, to: 2024-05-31T18:00:30}")
        + then("id: e", "kind: form", "when: {to: 2024-12-31T18:00+09:00}")
        + then("id: f", "kind: form", "when: {to: 2024-12-31T18:00Z}")
    ),
    "quoted": when('{from: "2024-05-31", for: "3m"}'),
    "every form": blueprint(
        apply("when: {for: 1w}")
        + "".join(
            then(f"id: b{n}", "kind: form", f"when: {text}")
            for n, text in enumerate(
                (
                    "{within: 1y}",
                    "{with: apply}",
                    "{every: 3m}",
                    "{every: 1d, from: 2024}",
                    "{every: 12h, to: 2024}",
                    "{every: 3m, from: 2024, to: 2025}",
                    "{every: 3m, for: 1y}",
                    "{from: bind, to: bind}",
                    "{from: 2024, for: 2d}",
                )
            )
        )
    ),
    "a date asked before": blueprint(ASK + then("id: b", "kind: form", "when: {from: 2024, to: apply.due}")),
    "begins before the stage before ends": blueprint(
        apply("when: {from: 2024-06, to: 2024-07}") + then("id: b", "kind: form", "when: {from: 2024-05, to: 2024-07}")
    ),
    "one of two ways is early enough": blueprint(
        then("id: a", "kind: form", "entry: open", "when: {from: 2024-06}")
        + then("id: b", "kind: form", "entry: open", "after: []", "when: {from: 2024-01}")
        + then("id: c", "kind: form", "after: [a, b]", "join: any", "when: {to: 2024-03}")
    ),
    "the last moment of a year": when("{from: 2024-12-31, to: 2024}"),
    "the end of the calendar": when("{from: 9998-12-31, for: 900000y}"),
}


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_time_that_can_be_is_sound(text):
    assert_flaws_as_marked(text)
