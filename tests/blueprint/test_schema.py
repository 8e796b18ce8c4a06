"""The JSON Schema that editors use: takes what reads, refuses what a wrong shape refuses."""

import json
import re

import pytest
from jsonschema import Draft202012Validator

from dure.blueprint.document import Node, Scalar, Table
from dure.blueprint.lint import lint_text
from dure.blueprint.read import SHAPES, sort_of
from dure.blueprint.schema import schema_of
from dure.blueprint.yaml import read_document
from tests.blueprint.lint.test_shapes import NEAR_MISSES
from tests.blueprint.lint.test_shapes import SHAPES as FAULTY
from tests.blueprint.marked import ALONE, MARKER
from tests.conftest import ROOT

VALIDATORS = {sort: Draft202012Validator(schema_of(sort)) for sort in SHAPES}
FILES = sorted(path for folder in ("blueprints", "programmes", "agreements") for path in (ROOT / folder).glob("*.yaml"))
ONLY_LINT = {"BP107"}  # the same id twice: a schema cannot compare one part of a list with another


def plain(node: Node) -> object:
    """The document as JSON has it."""
    if isinstance(node, Table):
        return {key: plain(entry.value) for key, entry in node.entries.items()}
    return node.value if isinstance(node, Scalar) else [plain(item) for item in node.items]


def accepted(source: bytes) -> bool:
    document = read_document(source, "f")
    return VALIDATORS[sort_of(document)].is_valid(plain(document.root))


@pytest.mark.parametrize("sort", SHAPES)
def test_schema_is_a_schema_that_describes_every_key(sort):
    Draft202012Validator.check_schema(schema_of(sort))
    bare = [key for key, value in keys(schema_of(sort)) if isinstance(value, dict) and not value.get("description")]
    assert bare == []


def keys(schema):
    """Every property of every mapping in the schema."""
    if isinstance(schema, list):
        for part in schema:
            yield from keys(part)
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for name, part in schema.items():
            if name != "if":
                yield from keys(part)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_file_of_the_starter_library_is_accepted(path):
    assert accepted(path.read_bytes())


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_what_nearly_is_wrong_is_accepted(text):
    assert accepted(text.encode())


@pytest.mark.parametrize(
    "text",
    [text for text in FAULTY.values() if not set(MARKER.findall(text)) <= ONLY_LINT],
    ids=[name for name, text in FAULTY.items() if not set(MARKER.findall(text)) <= ONLY_LINT],
)
def test_what_has_a_wrong_shape_is_refused(text):
    source = MARKER.sub("", text).encode()
    assert lint_text(source, "f", ALONE)
    assert not accepted(source)


def test_patterns_are_those_of_any_language():
    """No Python-only syntax: editors match them with JavaScript's."""
    patterns = set(re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', json.dumps([schema_of(sort) for sort in SHAPES])))
    assert [pattern for pattern in patterns if "(?P" in pattern or "\\A" in pattern] == []
