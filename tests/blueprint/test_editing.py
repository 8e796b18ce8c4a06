"""Changes to a text by position: what was meant is said, and every other byte stays as it stood."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.blueprint.document import Sequence, Table
from dure.blueprint.editing import drop, insert, put, put_source, rename, swap
from dure.blueprint.sheet import Sheet, plain, plain_at, source_at
from dure.core.errors import Refused

LIBRARY = sorted((Path(__file__).parents[2] / "blueprints").glob("*.yaml"))
TEXTS = [file.read_text(encoding="utf-8") for file in LIBRARY]
SMALL = """\
# a note at the top
stages:
  # the first
  - id: one   # beside
    kind: form
    do: {ask: [a, "b c"]}

  # the second
  - id: two
    gate:
      - rule:
          - "x >= 1"   # why
          - "y = z"

words: {}
"""


def paths_in(node, path=()):
    """Every path of a document but the root's."""
    if path:
        yield path
    steps = []
    if isinstance(node, Table):
        steps = [(name, entry.value) for name, entry in node.entries.items()]
    elif isinstance(node, Sequence):
        steps = list(enumerate(node.items))
    for step, inner in steps:
        yield from paths_in(inner, (*path, step))


def paths_of(text):
    return list(paths_in(Sheet.of(text).document.root))


def outside(before, after):
    """What two texts share at their head and tail covers all of the shorter one."""
    head = next((at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), None)
    head = min(len(before), len(after)) if head is None else head
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return before[head : len(before) - tail]


somewhere = st.sampled_from(TEXTS).flatmap(lambda text: st.tuples(st.just(text), st.sampled_from(paths_of(text))))
values = st.one_of(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).filter(
        lambda text: text.isprintable() and not (set(text) & {"\ufeff", "\ufffe", "\uffff"})
    ),
    st.lists(st.sampled_from(["a", "b c", "d: e", "#f", "[g]", "'h'", "2", "true", "null", "~"]), max_size=4),
)


@settings(max_examples=150, deadline=None)
@given(somewhere, values)
def test_whatever_is_put_somewhere_stands_there_and_nowhere_else(place, value):
    text, path = place

    changed = put(text, path, value)

    assert plain_at(changed, path) == value
    assert outside(text, changed) in source_span(text, path)


def source_span(text, path):
    """The text of a node with the line it stands on."""
    sheet = Sheet.of(text)
    start, end = sheet.span(sheet.document.find(path))
    return text[sheet.line_start(start) : sheet.line_end(end) + 1]


@settings(max_examples=100, deadline=None)
@given(somewhere)
def test_what_is_dropped_is_gone_and_comments_elsewhere_stay(place):
    text, path = place
    alone = len(plain_at(text, path[:-1]) if len(path) > 1 else [1, 2]) == 1

    changed = drop(text, path)

    kept = plain(Sheet.of(text).document.root)
    holder = kept
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    assert plain(Sheet.of(changed).document.root) == kept
    gone = outside(text, changed).strip()
    assert alone or gone in text


@settings(max_examples=100, deadline=None)
@given(somewhere)
def test_yaml_that_is_put_back_changes_no_byte(place):
    text, path = place
    assert put_source(text, path, source_at(text, path)) == text


@pytest.mark.parametrize("text", TEXTS, ids=[file.stem for file in LIBRARY])
def test_two_stages_that_change_places_twice_change_nothing(text):
    once = swap(text, ("stages",), 0) if len(plain_at(text, ("stages",))) > 1 else text
    again = swap(once, ("stages",), 0) if once != text else text

    assert again == text
    assert sorted(once.split("\n")) == sorted(text.split("\n"))


def test_a_stage_travels_with_the_comments_above_and_beside_it():
    assert swap(SMALL, ("stages",), 0) == SMALL.replace(
        '  # the first\n  - id: one   # beside\n    kind: form\n    do: {ask: [a, "b c"]}\n\n', ""
    ).replace(
        "\n\nwords", '\n\n  # the first\n  - id: one   # beside\n    kind: form\n    do: {ask: [a, "b c"]}\n\nwords'
    )


def test_a_new_key_stands_behind_those_that_come_before_it():
    changed = put(SMALL, ("stages", 0, "entry"), "open", order=["id", "kind", "entry", "do"])
    assert changed == SMALL.replace("    kind: form\n", "    kind: form\n    entry: open\n")


def test_mappings_that_lack_on_the_way_are_made():
    changed = put(SMALL, ("stages", 1, "when", "from"), "2027-03-02")
    assert plain_at(changed, ("stages", 1, "when")) == {"from": "2027-03-02"}


def test_a_list_keeps_the_comments_of_the_items_that_stay():
    changed = put(SMALL, ("stages", 1, "gate", 0, "rule"), ["x >= 1", "new > 2", "y = z"])
    assert changed == SMALL.replace('          - "y = z"\n', '          - new > 2\n          - "y = z"\n')


def test_a_new_item_of_a_list_with_blank_lines_gets_one():
    changed = insert(SMALL, ("stages",), 2, {"id": "three", "kind": "form"})
    assert changed == SMALL.replace('"y = z"\n', '"y = z"\n\n  - {id: three, kind: form}\n')


def test_the_last_of_a_list_leaves_an_empty_list():
    assert plain_at(drop(SMALL, ("stages", 1, "gate", 0)), ("stages", 1, "gate")) == []


def test_a_quoted_value_stays_quoted():
    assert '"other"' in put(SMALL, ("stages", 0, "do", "ask", 1), "other")


def test_a_key_is_renamed_where_it_stands():
    assert rename(SMALL, ("words",), "terms") == SMALL.replace("words:", "terms:")


def test_a_name_that_stands_already_is_refused():
    with pytest.raises(Refused, match="YAML tab"):
        rename(SMALL, ("words",), "stages")


def test_yaml_that_cannot_be_read_is_refused():
    with pytest.raises(Refused, match="indentation"):
        put_source(SMALL, ("words",), "{a: [")
