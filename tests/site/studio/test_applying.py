"""What the fields send back, written into the text: what was not changed stays byte for byte."""

import json

import pytest
from django.http import QueryDict

from dure.blueprint.lint import lint_text
from dure.blueprint.sheet import plain_at
from dure.site.studio.applying import applied
from dure.site.studio.fields import Builder
from dure.site.studio.looking import library
from dure.site.studio.sections import section_of, sections_of
from tests.site.studio.conftest import RUSH

NAMES = library().names("blueprint")
GATE = ("stages", 1, "gate", 0, "rank")


def sent(*pairs):
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return query


def named(letter, *path):
    return f"{letter}{json.dumps(path, ensure_ascii=False)}"


def everything(text):
    """All that a browser would send of every part of the form, untouched."""
    builder = Builder.of(text, NAMES)
    sections = sections_of(builder, "en")
    pairs = []
    for section in sections:
        shown = section_of(builder, sections, section.at)
        for field in [*shown.named, *shown.fields]:
            pairs += of_field(field)
    return sent(*pairs)


def of_field(field):
    if field.sort in {"group", "rows"}:
        own = [(f"k{part.name}", part.head) for part in field.parts if field.sort == "rows" and part.is_named]
        return [*own, *(pair for part in field.parts for pair in of_field(part))]
    if field.sort == "pairs":
        rows = [((f"k{part.name}", part.head), (f"{part.letter}{part.name}", part.value)) for part in field.parts]
        return [pair for row in rows for pair in row]
    if field.sort == "asked":
        return [(f"q{question.name}", part.value) for question in field.parts for part in question.parts]
    if field.sort == "ticks":
        return [(f"t{field.name}", ""), *((f"t{field.name}", value) for value in field.chosen)]
    letter = {"lines": "l", "source": "y"}.get(field.sort, field.letter)
    return [(f"{letter}{field.name}", field.value)]


@pytest.mark.parametrize("name", NAMES)
def test_a_form_that_nobody_touched_changes_nothing(name):
    text = library().source("blueprint", name).decode()
    assert applied(text, everything(text), NAMES) == text


@pytest.mark.parametrize("name", NAMES)
def test_every_part_of_every_blueprint_has_its_fields(name):
    """Nothing of the library is left to YAML but dates by option."""
    text = library().source("blueprint", name).decode()
    left = [field for field in every(Builder.of(text, NAMES)) if field.sort == "source" and field.stands]
    assert {field.key for field in left} <= {"from"}


def every(builder):
    sections = sections_of(builder, "en")
    waiting = [field for one in sections for field in section_of(builder, sections, one.at).fields]
    while waiting:
        field = waiting.pop()
        waiting += field.parts
        yield field


@pytest.mark.parametrize(
    ("pairs", "before", "after"),
    [
        ([(named("v", *GATE, "take"), "50")], "take: 40, per", "take: 50, per"),
        ([(named("v", "words", "r1", "ko"), "예선: 첫째")], "ko: 1라운드", 'ko: "예선: 첫째"'),
        ([(named("v", *GATE, "per"), "")], "take: 40, per: option}", "take: 40}"),
        ([(named("l", "stages", 1, "options"), "image-classification")], ", comment-classification]", "]"),
        ([(named("t", "roles", "expert", "can"), ""), (named("t", "roles", "expert", "can"), "mentor")],
         "[mentor, review]", "[mentor]"),
        ([(named("v", "stages", 0, "when", "to"), "2027-03-02")], "    entry: open\n",
         "    entry: open\n    when: {to: 2027-03-02}\n"),
        ([(named("k", "parties", "naver"), "host")], "  naver: {kind", "  host: {kind"),
        ([(named("y", "stages", 2, "team"), "{min: 1, max: 3}")], "{min: 1, max: 2}", "{min: 1, max: 3}"),
        ([(named("q", "stages", 0, "do", "ask", 0), value) for value in ("experience", "number", "")],
         "ask: [experience, ", "ask: [{experience: number}, "),
        ([(named("n", "rehearse", "facts"), "age"), (named("w", "rehearse", "facts"), "20")],
         "  entries: 400\n", "  entries: 400\n  facts: {age: 20}\n"),
        ([("act", f"up:{json.dumps(['stages', 1, 'provides', 0])}")], "", ""),
    ],
)  # fmt: skip
def test_a_change_stands_where_it_was_made(pairs, before, after):
    assert applied(RUSH, sent(*pairs)) == (RUSH.replace(before, after, 1) if before else RUSH)


def test_an_optional_mapping_that_would_be_empty_goes_with_its_last_key():
    text = applied(RUSH, sent((named("v", "stages", 3, "when", "within"), "")))
    assert plain_at(text, ("stages", 3, "when")) is None


@pytest.mark.parametrize("kind", ["form", "learn", "test", "round", "project", "event", "work"])
def test_a_new_stage_of_every_kind_is_sound_at_once(kind):
    text = applied(RUSH, sent(("act", 'add:["stages"]'), ('kind["stages"]', kind)), NAMES)
    assert plain_at(text, ("stages", 4, "kind")) == kind
    assert lint_text(text.encode(), "", library()) == []


@pytest.mark.parametrize("kind", ["rule", "rank", "panel", "decide", "external"])
def test_a_new_step_of_every_kind_is_sound_at_once(kind):
    text = applied(RUSH, sent(("act", 'add:["stages", 3, "gate"]'), ('kind["stages", 3, "gate"]', kind)), NAMES)
    flaws = [flaw.code for flaw in lint_text(text.encode(), "", library())]
    assert (list(plain_at(text, ("stages", 3, "gate", 1))), flaws) in [([kind], []), ([kind], ["BP209"])]


@pytest.mark.parametrize("kind", ["credential", "money", "privilege", "publish", "spawn", "role"])
def test_a_new_give_of_every_kind_is_sound_at_once(kind):
    text = applied(RUSH, sent(("act", 'add:["stages", 3, "gives"]'), ('kind["stages", 3, "gives"]', kind)), NAMES)
    assert list(plain_at(text, ("stages", 3, "gives", 0))) == [kind]
    assert lint_text(text.encode(), "", library()) == []


def test_stages_change_places_and_go():
    up = applied(RUSH, sent(("act", 'up:["stages", 1]')))
    gone = applied(RUSH, sent(("act", 'remove:["stages", 3]')))
    assert [stage["id"] for stage in plain_at(up, ("stages",))] == ["r1", "apply", "r2", "hire"]
    assert [stage["id"] for stage in plain_at(gone, ("stages",))] == ["apply", "r1", "r2"]


def test_the_first_stage_goes_no_higher():
    assert applied(RUSH, sent(("act", 'up:["stages", 0]'))) == RUSH


def test_parties_and_roles_are_added_by_new_names():
    text = applied(applied(RUSH, sent(("act", 'add:["parties"]'))), sent(("act", 'add:["roles"]')))
    assert list(plain_at(text, ("parties",))) == ["naver", "party-1"]
    assert list(plain_at(text, ("roles",))) == ["expert", "recruiter", "role-1"]
