"""From a document to a blueprint, programme or agreement: shapes first, then the models that need no more checks."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dure.blueprint.dates import asked
from dure.blueprint.document import Document, Flaws, Node, Scalar, Sequence, Table, in_order
from dure.blueprint.grammar import AGREEMENT, BLUEPRINT, PROGRAMME
from dure.blueprint.model import (
    Ability,
    Agreement,
    Blueprint,
    Duty,
    Measure,
    Need,
    Party,
    Path,
    Programme,
    Rehearse,
    Role,
    Subject,
)
from dure.blueprint.read_stage import read_stages
from dure.blueprint.records import RecordShape
from dure.blueprint.shapes import NOTE, Report
from dure.core.text import Text

Model = Blueprint | Programme | Agreement
Read = Mapping[str, Any]  # what a record's shape read: its keys have the types of grammar.py
Notes = Mapping[Path, str]
SHAPES: Mapping[str, RecordShape] = {"agreement": AGREEMENT, "programme": PROGRAMME, "blueprint": BLUEPRINT}


def sort_of(document: Document) -> str:
    """Which of the three files this is, by its first key of them; a file with none is read as a blueprint."""
    return next((sort for sort in SHAPES if sort in document.root.entries), "blueprint")


def read(document: Document) -> tuple[Model, Report]:
    """The model, and a report of what was said badly in shape-sound places (BP402, BP601, BP803).

    Raises ``Flaws`` where the shape is wrong (BP1). With a flaw in the report, placeholders stand in the model:
    lint goes on with it, nothing else may.
    """
    sort = sort_of(document)
    report = Report(document.file)
    values = SHAPES[sort].read(document.root, report)
    _one_name_one_thing(document, report)
    if any(flaw.code.startswith("BP1") for flaw in report.flaws):
        raise Flaws(in_order(report.flaws))
    return _BUILDERS[sort](values, dict(_notes(document.root))), report


def _notes(node: Node, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every ``note`` of the file with its path."""
    if isinstance(node, Sequence):
        for at, item in enumerate(node.items):
            yield from _notes(item, (*path, at))
    if isinstance(node, Table):
        for name, entry in node.entries.items():
            if name == NOTE and isinstance(entry.value, Scalar):
                yield (*path, name), entry.value.text
            yield from _notes(entry.value, (*path, name))


def _one_name_one_thing(document: Document, report: Report) -> None:
    parties, roles = document.find(("parties",)), document.find(("roles",))
    if not isinstance(parties, Table) or not isinstance(roles, Table):
        return
    for name in parties.entries.keys() & roles.entries.keys() - {NOTE}:
        ko, en = (
            f"‘{name}’은(는) 이미 참여 기관의 이름입니다. 역할의 이름을 바꾸세요.",
            f"{name} is a party: rename the role.",
        )
        report.flaw(roles.entries[name].mark, "BP107", ko=ko, en=en)


def _blueprint(read: Read, notes: Notes) -> Blueprint:
    return Blueprint(
        name=read["blueprint"],
        title=Text.of(read["title"]),
        subject=Subject(read["subject"]),
        item=read.get("item"),
        parties=_parties(read),
        roles={name: _role(role) for name, role in read.get("roles", {}).items()},
        needs=tuple(Need(need["skill"], need["level"]) for need in read.get("needs", ())),
        stages=read_stages(read["stages"], Subject(read["subject"])),
        measures=tuple(_measure(measure) for measure in read.get("measures", ())),
        words={id_: Text.of(word) for id_, word in read.get("words", {}).items()},
        rehearse=_rehearse(read["rehearse"]) if "rehearse" in read else None,
        seed=read.get("seed", ()),
        assumed=read.get("assumed", ()),
        notes=notes,
    )


def _parties(read: Read) -> dict[str, Party]:
    return {
        name: Party(party["kind"], party.get("as"), party.get("bind", False), party.get("count"), party.get("min"))
        for name, party in read["parties"].items()
    }


def _role(read: Read) -> Role:
    abilities = tuple(Ability(word) for word in read["can"])
    return Role(read["at"], abilities, read.get("holds"), read.get("found"))


def _measure(read: Read) -> Measure:
    return Measure(
        id=read["id"],
        title=read["title"],
        expression=read["is"],
        by=asked(read["by"]) if "by" in read else None,
        bands=read.get("bands", ()),
        source=read.get("source"),
        target=read.get("target"),
    )


def _rehearse(read: Read) -> Rehearse:
    return Rehearse(
        entries=read["entries"],
        facts=read.get("facts", {}),
        evidence=read.get("evidence", {}),
        external=read.get("external", {}),
        bind=read.get("bind", {}),
        expect=read.get("expect", ()),
    )


def _programme(read: Read, notes: Notes) -> Programme:
    return Programme(
        name=read["programme"],
        blueprint=read["blueprint"],
        title=Text.of(read["title"]) if "title" in read else None,
        zone=read.get("zone", "Asia/Seoul"),
        bind=read.get("bind", {}),
        seed=read.get("seed", ()),
        assumed=read.get("assumed", ()),
        notes=notes,
    )


def _agreement(read: Read, notes: Notes) -> Agreement:
    return Agreement(
        name=read["agreement"],
        kind=read["kind"],
        parties=_parties(read),
        covers=read["covers"],
        duties=tuple(_duty(duty) for duty in read.get("duties", ())),
        title=Text.of(read["title"]) if "title" in read else None,
        signed=read.get("signed"),
        length=read.get("for"),
        goal=read.get("goal"),
        where=read.get("where"),
        bind=read.get("bind", {}),
        seed=read.get("seed", ()),
        assumed=read.get("assumed", ()),
        notes=notes,
    )


def _duty(read: Read) -> Duty:
    return Duty(read["by"], read["does"], read.get("id"), read.get("measure"), read.get("due"))


_BUILDERS: Mapping[str, Callable[[Read, Notes], Model]] = {
    "agreement": _agreement,
    "programme": _programme,
    "blueprint": _blueprint,
}
