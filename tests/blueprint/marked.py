"""Faulty files written with their flaws: ``‹BP101›`` stands right before the place that is to be named."""

import re

from dure.blueprint.library import Library
from dure.blueprint.lint import lint_text
from dure.blueprint.read import read
from dure.blueprint.yaml import read_document

MARKER = re.compile(r"‹(BP\d{3})›")
ALONE = Library()

HEAD = """\
blueprint: made
title: {en: Made, ko: 만든 것}
"""
PARTIES = """\
parties:
  lead: {kind: company}
  school: {kind: university}
roles:
  judge: {at: lead, can: [review, decide]}
  teacher: {at: school, can: [teach, supervise]}
"""


def blueprint(stages: str, *, subject: str = "person", parties: str = PARTIES, rest: str = "") -> str:
    """A blueprint around a list of stages, sound apart from what is put in."""
    item = "item: problem\n" if subject == "item" else ""
    return f"{HEAD}subject: {subject}\n{item}{parties}stages:\n{stages.rstrip()}\n{rest}"


def apply(rest: str = "") -> str:
    """A first stage, with more keys of it on lines of their own."""
    return "  - id: apply\n    kind: form\n    entry: open\n" + "".join(f"    {line}\n" for line in rest.splitlines())


def then(*lines: str) -> str:
    """A further stage, a line a key."""
    first, *others = lines
    return f"  - {first}\n" + "".join(f"    {line}\n" for line in others)


def marked(text: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The text without its marks, and the (code, line, column) that they stand for."""
    wanted = []
    for number, line in enumerate(text.split("\n"), start=1):
        gone = 0
        for found in MARKER.finditer(line):
            wanted.append((found[1], number, found.start() - gone + 1))
            gone += len(found[0])
    return MARKER.sub("", text), sorted(wanted)


def flaws(text: str, library: Library = ALONE) -> list[tuple[str, int, int]]:
    return sorted((flaw.code, flaw.line, flaw.column) for flaw in lint_text(text.encode(), "made.yaml", library))


def assert_flaws_as_marked(text: str, library: Library = ALONE) -> None:
    """Exactly the marked flaws, each at its mark; a text without marks is sound."""
    source, wanted = marked(text)
    found = flaws(source, library)
    assert found == wanted, f"found {found}, marked {wanted}"


def library_of(*sources: str) -> Library:
    """A library that holds these files."""
    library = Library()
    for source in sources:
        library = library.including(read(read_document(source.encode(), "made.yaml"))[0])
    return library
