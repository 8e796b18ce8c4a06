"""Editors say what every key is for in both languages."""

from dure.blueprint.grammar import BLUEPRINT
from dure.blueprint.korean import ABOUTS, WORDS
from dure.blueprint.places import words_of
from dure.blueprint.records import EitherShape, RecordShape
from dure.blueprint.shapes import ListShape, OrBind, TableShape

NOTE = "a note, shown and never computed with"  # may stand in any mapping


def inside(shape, seen):
    """Every record that the grammar of a blueprint leads to, and every word that it allows."""
    if id(shape) in seen:
        return
    seen.add(id(shape))
    yield shape
    if isinstance(shape, RecordShape):
        variants = shape.variant.keys.values() if shape.variant else ()
        parts = [key.shape for keys in [shape.keys, *variants] for key in keys.values()]
    elif isinstance(shape, ListShape | TableShape):
        parts = [shape.of]
    elif isinstance(shape, OrBind):
        parts = [shape.shape]
    else:
        parts = [shape.scalar, shape.other] if isinstance(shape, EitherShape) else []
    for part in parts:
        yield from inside(part, seen)


def test_every_key_and_word_of_the_grammar_has_its_korean_and_nothing_else_has():
    shapes = list(inside(BLUEPRINT, set()))
    records = [shape for shape in shapes if isinstance(shape, RecordShape)]
    keys = [shape.keys for shape in records] + [
        keys for shape in records if shape.variant for keys in shape.variant.keys.values()
    ]

    assert {key.about for table in keys for key in table.values()} | {NOTE} == set(ABOUTS)
    assert {word for shape in shapes for word in words_of(shape)} - set(WORDS) == set()
