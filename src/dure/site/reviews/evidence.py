"""What was handed in, as those who judge it read it: answers in the form's order and words, files, scores."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from dure.applications.models import Attachment
from dure.blueprint.facts import Sort, evidence_of
from dure.blueprint.model import Blueprint, FormDo
from dure.blueprint.reasons import fact_text
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.models import FormTurn
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Turn, TurnMember
from dure.programmes.queries.members import faces_by_turn
from dure.site import words
from dure.site.reviews.files import shown_as
from dure.skills.models import Evidence
from dure.store.worded import found

NO_FILE = Text(ko="이 제출물에 없는 파일입니다.", en="There is no such file in this hand-in.")
LONG = 120  # letters: from here on an answer is a text and no longer a value


@dataclass(frozen=True)
class Answer:
    """One thing that was answered or recorded."""

    label: str
    value: object
    long: bool


@dataclass(frozen=True)
class File:
    """One file that was handed in. ``name`` is empty where it could tell whose it is; ``how`` a browser can show it:
    ``image``, ``frame`` or (empty) not at all."""

    label: str
    name: str
    kind: str
    size: int
    url: str
    how: str


@dataclass(frozen=True)
class Part:
    """What one stage left behind."""

    title: str
    answers: Sequence[Answer]
    files: Sequence[File]
    options: str = ""


def part_of(turn: Turn, evidence: Evidence | None, *, page: str, named: bool) -> Part:
    """The hand-in ``evidence`` of a turn. ``page``: the address under which its files lie; ``named``: with the names
    that its files came under."""
    blueprint = blueprint_of(turn.programme)
    values = evidence.values if evidence else {}
    current = evidence is not None and evidence.pk == turn.evidence_id
    return Part(
        title=words.word(blueprint, turn.stage),
        answers=[_answer(blueprint, turn.stage, name, values[name]) for name in _in_order(blueprint, turn, values)],
        files=[_file(label, file, page, named=named) for label, file in handed_in(turn)] if current else [],
        options=words.listed(blueprint, turn.options),
    )


def earlier_parts(turn: Turn, *, page: str) -> list[Part]:
    """What the same members left behind at the stages before, the latest first."""
    blueprint = blueprint_of(turn.programme)
    here = blueprint.position(turn.stage)
    before = [one for one in found(_with_evidence, turn.pk) if blueprint.position(one.stage) < here]
    before.sort(key=lambda one: blueprint.position(one.stage), reverse=True)
    return [part_of(one, one.evidence, page=page, named=True) for one in before]


def _with_evidence(turn: UUID) -> "QuerySet[Turn]":
    """The turns of a turn's members that left something behind."""
    members = TurnMember.objects.filter(turn=turn).values("member")
    taken = TurnMember.objects.filter(member__in=members).values("turn")
    return Turn.objects.filter(pk__in=taken, evidence__isnull=False).select_related("programme", "evidence")


def handed_in(turn: Turn) -> list[tuple[str, Attachment]]:
    """The files of the sending that was handed in last, each with what it is."""
    row = next(iter(found(_form_turn, turn.pk)), None)
    if row is None or row.receipt is None:
        return []
    labels = {wanted.name: words.say(wanted.label) for wanted in row.application.form.wanted}
    sent: Mapping[str, str] = row.receipt.files
    rows = row.application.attachments.filter(sha256__in=list(sent.values())).order_by("pk")
    latest = {file.wanted: file for file in rows if sent.get(file.wanted) == file.sha256}
    return [(labels.get(name, name), latest[name]) for name in sent if name in latest]


def _form_turn(turn: UUID) -> "QuerySet[FormTurn]":
    return FormTurn.objects.filter(turn=turn).select_related("application__form", "receipt")


def file_among(turn: Turn, file: UUID) -> Attachment:
    """One of the files that the turn's members handed in, here or at a stage before. Raises Missing."""
    taken = TurnMember.objects.filter(member__in=turn.turn_members.values("member")).values("turn")
    for one in Turn.objects.filter(pk__in=taken):
        for _, attached in handed_in(one):
            if attached.pk == file:
                return attached
    raise Missing("file.none", NO_FILE)


def names_of(turn: Turn) -> str:
    """Whose turn it is: its persons, else whoever entered the case."""
    return names_by_turn([turn])[turn.pk]


def names_by_turn(turns: Sequence[Turn]) -> dict[UUID, str]:
    """The same of each turn, by its id."""
    people = faces_by_turn(turns)
    return {
        turn.pk: ", ".join(map(str, people[turn.pk])) or str(turn.case.organisation or turn.case.entered_by)
        for turn in turns
    }


def _in_order(blueprint: Blueprint, turn: Turn, values: Mapping[str, Any]) -> Iterable[str]:
    """As the form asks, then the rest; how many files there are is seen by looking at them."""
    do = blueprint.stage(turn.stage).do
    asked = [question.name for question in do.ask] if isinstance(do, FormDo) else []
    rest = [name for name in values if name not in asked and not (name == "files" and isinstance(do, FormDo))]
    return [name for name in asked if name in values] + rest


def _answer(blueprint: Blueprint, stage: str, name: str, value: Any) -> Answer:
    known = evidence_of(blueprint, blueprint.stage(stage)).get(name)
    if known is not None and known.sort is Sort.CHOICE:
        value = words.word(blueprint, value)
    label = words.say(fact_text(blueprint, name))
    return Answer(label[:1].upper() + label[1:], value, isinstance(value, str) and len(value) > LONG)


def _file(label: str, file: Attachment, page: str, *, named: bool) -> File:
    url = f"{page}files/{file.pk}/"
    return File(label, file.name if named else "", file.kind, file.size, url, shown_as(file.kind))


def review_page(review: UUID) -> str:
    return reverse("review", args=[review])


def attended_page(turn: UUID) -> str:
    return reverse("recording", args=[turn])


def decision_page(turn: UUID, step: int) -> str:
    return reverse("decision", args=[turn, step])
