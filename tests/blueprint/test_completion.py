"""What may stand at the cursor, while the text around it is whole, broken, or only begun."""

from pathlib import Path

import pytest

from dure.blueprint.completion import complete

LIBRARY = sorted((Path(__file__).parents[2] / "blueprints").glob("*.yaml"))
RUSH = (Path(__file__).parents[2] / "blueprints" / "06-naver-ai-rush-2020.yaml").read_text(encoding="utf-8")


def offered(text):
    """What is offered at the mark ¦."""
    at = text.index("¦")
    line, column = text[:at].count("\n") + 1, at - (text.rfind("\n", 0, at) + 1)
    return [offer.insert for offer in complete(text.replace("¦", ""), line, column, ("reskilling-path",)).offers]


@pytest.mark.parametrize(
    ("before", "typed", "first"),
    [
        ("subject: person", "sub¦", ["subject: "]),
        ("kind: form", "kind: ¦", ["form", "learn", "test"]),
        ("entry: open", "entry: n¦", ["nominate", "open"]),
        ("rank: {by: score, take: 40", "rank: {by: s¦, take: 40", ["score"]),
        ("rank: {by: score, take: 40", "rank: {by: score, t¦", ["take: "]),
        ("after: [r2", "after: [r2, r¦", ["r1", "r2", "r1:out"]),
        ("can: [mentor, review]", "can: [mentor, ¦]", ["operate", "teach"]),
        ("decide: {role: recruiter, take", "decide: {role: ¦, take", ["expert", "recruiter"]),
        ("when: {within: 1y}", "when: {¦}", ["from: ", "to: ", "for: "]),
        ("      - decide: {role: recruiter, take: 100}", "      - ¦", ["rule: ", "rank: ", "panel: "]),
    ],
)
def test_offers_fit_the_place(before, typed, first):
    assert offered(RUSH.replace(before, typed, 1))[: len(first)] == first


def test_keys_that_stand_already_are_not_offered():
    assert "kind: " not in offered(RUSH.replace("    entry: open", "    entry: open\n    ¦", 1))


def test_what_is_needed_comes_first():
    assert offered("blueprint: x\n¦")[:4] == ["title: ", "subject: ", "parties: ", "stages: "]


def test_a_bracket_that_is_still_open_below_does_not_matter():
    assert offered("subject: ¦\nstages: [{id: a, kind: [") == ["person", "team", "org", "consortium", "item"]


def test_other_blueprints_are_offered_where_a_programme_starts_one():
    assert offered(RUSH.replace("- money: {type: stipend", "- spawn: {blueprint: ¦}\n      - money: {type: x", 1)) == [
        "reskilling-path"
    ]


def test_korean_and_emoji_before_the_cursor_are_counted_as_characters():
    found = complete("title: {ko: 한국어 🙂, e", 1, 20)
    assert (found.start, found.end, [offer.insert for offer in found.offers]) == (19, 20, ["en: "])


def test_nothing_is_offered_in_what_nobody_can_read():
    assert complete("\x00", 1, 1).offers == ()


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_what_is_offered_at_any_line_begins_with_what_is_written_there(file):
    text = file.read_text(encoding="utf-8")
    for number, line in enumerate(text.split("\n")[::10]):
        found = complete(text, 10 * number + 1, len(line))
        typed = line[found.start :].lower()

        assert [offer.insert for offer in found.offers if typed not in offer.insert.lower()] == []
