"""A document with one field changed, for each of its fields."""

import copy
from collections.abc import Iterator
from typing import Any

Place = tuple[str | int, ...]


def leaves(value: Any, place: Place = ()) -> Iterator[Place]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inner in items:
            yield from leaves(inner, (*place, name))
    else:
        yield place


def mutations(document: dict[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every leaf changed to something of its kind; without those of the contexts, which name no fact."""
    for place in leaves(document):
        if place[0] != "@context":
            yield place, changed(document, place)


def omissions(document: dict[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every field left out, one at a time."""
    for place in fields(document):
        yield (*place, "left out"), without(document, place)


def fields(value: Any, place: Place = ()) -> Iterator[Place]:
    """Where a name stands in an object."""
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(value, dict):
                yield (*place, name)
            yield from fields(inner, (*place, name))


def without(document: dict[str, Any], place: Place) -> dict[str, Any]:
    other = copy.deepcopy(document)
    holder: Any = other
    for name in place[:-1]:
        holder = holder[name]
    del holder[place[-1]]
    return other


def changed(document: dict[str, Any], place: Place) -> dict[str, Any]:
    other = copy.deepcopy(document)
    holder: Any = other
    for name in place[:-1]:
        holder = holder[name]
    holder[place[-1]] = _other(holder[place[-1]])
    return other


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if value.startswith("z") and len(value) > 40:  # a signature
        return value[:-1] + ("2" if value[-1] != "2" else "3")
    if value.endswith("Z") and value[:4].isdigit():  # a moment
        return value[:-2] + ("8Z" if value[-2] == "9" else "9Z")
    return f"{value}x"
