"""BP204, BP9 and BP603: programmes that leave something open, bind too much, or run backwards."""

import pytest

from tests.blueprint.marked import PARTIES, apply, assert_flaws_as_marked, blueprint, library_of, then

BOUND = blueprint(
    apply(
        "options: bind\nchoose: 2\nwhen: {from: bind, to: bind}\ndo: {fee: bind}\n"
        "gives: [{money: {type: pay, from: lead, amount: bind}}]"
    )
    + then("id: later", "kind: form", "when: {to: bind}"),
    parties=PARTIES.replace("{kind: company}", "{kind: company, bind: true}")
    .replace("{kind: university}", "{kind: university, bind: true, min: 2}")
    .replace("roles:", "  board: {kind: association, bind: true, count: 3}\nroles:"),
)
LIBRARY = library_of(BOUND)
VALUES = {
    "lead": "KT",
    "school": "[KAIST, Hanyang]",
    "board": "[A, B, C]",
    "options": "[x, y]",
    "fee": "0",
    "pay": "100",
    "apply.from": "2024-05-01",
    "apply.to": "2024-05-31",
    "later.to": "2024-07",
}


def programme(head: str = "programme: 2024-first\nblueprint: made\n", *, without: str = "", **changed: str) -> str:
    values = {**VALUES, **{name.replace("__", "."): value for name, value in changed.items()}}
    lines = "".join(f"  {name}: {value}\n" for name, value in values.items() if name != without)
    return f"{head}bind:\n{lines}"


FAULTY = {
    "no such blueprint": "programme: p\nblueprint: ‹BP204›mode\n",
    "no such zone": programme("programme: p\nblueprint: made\nzone: ‹BP104›Asia/Soul\n"),
    "a zone outside the zones": programme("programme: p\nblueprint: made\nzone: ‹BP104›../etc/passwd\n"),
    "a party left open": programme(without="lead").replace("bind:\n  school", "bind:\n  ‹BP901›school"),
    "a date left open": programme(without="later.to").replace("bind:\n  lead", "bind:\n  ‹BP901›lead"),
    "binds what is not open": programme().replace("  fee", "  ‹BP902›fees: 1\n  fee"),
    "one organisation too many": programme(lead="‹BP903›[KT, SKT]"),
    "one organisation too few": programme(school="‹BP903›KAIST"),
    "not exactly so many": programme(board="‹BP903›[A, B]"),
    "money in words": programme(pay="‹BP103›much"),
    "money below nothing": programme(fee="‹BP103›-1"),
    "options that are no names": programme(options="[x, ‹BP106›Y]"),
    "fewer options than one picks": programme(options="‹BP305›[x]"),
    "no date": programme(apply__to="‹BP601›soon"),
    "ends before it begins": programme(apply__to="‹BP603›2024-04-30"),
    "ends before a stage before it begins": programme(later__to="‹BP603›2024-04"),
}


@pytest.mark.parametrize("text", FAULTY.values(), ids=FAULTY)
def test_programme_that_is_not_complete_is_refused(text):
    assert_flaws_as_marked(text, LIBRARY)


def test_everything_left_open_is_told_at_the_file():
    text = "‹BP901›" * len(VALUES) + "programme: p\nblueprint: made\n"
    assert_flaws_as_marked(text, LIBRARY)


NEAR_MISSES = {
    "complete": programme(),
    "more than the least": programme(school="[A, B, C, D]"),
    "one organisation as a list": programme(lead="[KT]"),
    "a year for a date": programme(later__to="2024"),
    "another zone": programme("programme: p\nblueprint: made\nzone: America/New_York\n"),
    "a note in bind": programme().replace("bind:\n", "bind:\n  note: 2024 edition\n"),
}


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_programme_that_is_complete_is_sound(text):
    assert_flaws_as_marked(text, LIBRARY)
