"""Where a fact comes from and what sort it is (appendix C and E): evidence, an earlier answer, or the profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from dure.blueprint.model import (
    PARTY_KINDS,
    Blueprint,
    Entry,
    FormDo,
    Kind,
    PanelStep,
    Question,
    Stage,
    Subject,
)


class Sort(StrEnum):
    """What a fact's values are. ``words``: several words; ``choice`` and ``option``: one of those listed."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    YES_NO = "yes-no"
    WORDS = "words"
    CHOICE = "choice"
    OPTION = "option"

    @property
    def has_order(self) -> bool:
        return self in {Sort.NUMBER, Sort.DATE}


@dataclass(frozen=True, slots=True)
class Known:
    """A fact's sort, and the values it can have where they are listed (none: not known, or any)."""

    sort: Sort
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact named at some stage comes from; ``stage`` is None for the profile's."""

    source: Literal["evidence", "answer", "profile"]
    stage: str | None
    field: str
    sort: Sort
    choices: tuple[str, ...] = ()


NUMBER, TEXT, YES_NO = Known(Sort.NUMBER), Known(Sort.TEXT), Known(Sort.YES_NO, ("yes", "no"))
EVIDENCE: Mapping[Kind, Mapping[str, Known]] = {
    Kind.FORM: {"files": NUMBER},
    Kind.LEARN: {"completion": NUMBER, "attendance": NUMBER, "grade": NUMBER, "credits": NUMBER},
    Kind.TEST: {"score": NUMBER, "proof": TEXT},
    Kind.ROUND: {"score": NUMBER, "public-score": NUMBER, "attempts": NUMBER, "code": YES_NO},
    Kind.PROJECT: {"milestones": NUMBER, "reports": NUMBER, "late": NUMBER, "deliverables": NUMBER},
    Kind.EVENT: {"attended": NUMBER, "minutes": YES_NO, "votes": NUMBER, "contacts": NUMBER},
    Kind.WORK: {"days": NUMBER, "hours": NUMBER, "rating": NUMBER},
}
_PERSON = {
    "age": NUMBER,
    "employer": TEXT,
    "degree": TEXT,
    "major": Known(Sort.WORDS),
    "year": NUMBER,
    "consent": YES_NO,
}
_PROFILE: Mapping[Subject, Mapping[str, Known]] = {
    Subject.PERSON: _PERSON,
    Subject.TEAM: _PERSON,
    Subject.ORG: {"kind": Known(Sort.CHOICE, PARTY_KINDS), "staff": NUMBER},
    Subject.CONSORTIUM: {},
    Subject.ITEM: {},
}


def profile_of(subject: Subject) -> Mapping[str, Known]:
    """The facts that are known of a person or organisation without asking; consortia and items have none."""
    return _PROFILE[subject]


def evidence_of(blueprint: Blueprint, stage: Stage) -> dict[str, Known]:
    """Every fact that a turn of ``stage`` leaves behind: its kind's evidence, answers, option, match and mark."""
    facts = dict(EVIDENCE[stage.kind])
    if isinstance(stage.do, FormDo):
        facts |= {question.name: _answer(question) for question in stage.do.ask}
    if source := blueprint.options_stage(stage.id):
        facts["option"] = Known(Sort.OPTION, source.options if isinstance(source.options, tuple) else ())
    if stage.entry is Entry.MATCH:
        facts["match"] = NUMBER
    if any(isinstance(step, PanelStep) for step in stage.gate):
        facts["mark"] = NUMBER
    return facts


def _answer(question: Question) -> Known:
    return YES_NO if question.type == "yes-no" else Known(Sort(question.type), question.choices)


def resolve(blueprint: Blueprint, stage_id: str, name: str) -> Origin | None:
    """What ``name`` (``fact`` or ``stage.fact``) means at a stage; None where nothing leaves it behind before."""
    stage, _, field = name.rpartition(".")
    if stage:
        return _dated(blueprint, stage_id, stage, field)
    return (
        _left_by("evidence", blueprint, stage_id, field) or _asked(blueprint, stage_id, field) or _of(blueprint, field)
    )


def _dated(blueprint: Blueprint, here: str, stage: str, field: str) -> Origin | None:
    known_by_then = blueprint.positions.get(stage, len(blueprint.stages)) <= blueprint.position(here)
    return _left_by("evidence", blueprint, stage, field) if known_by_then else None


def _left_by(source: Literal["evidence", "answer"], blueprint: Blueprint, stage: str, field: str) -> Origin | None:
    known = evidence_of(blueprint, blueprint.stage(stage)).get(field)
    return Origin(source, stage, field, known.sort, known.choices) if known else None


def _asked(blueprint: Blueprint, here: str, field: str) -> Origin | None:
    for stage in reversed(blueprint.stages[: blueprint.position(here)]):
        if isinstance(stage.do, FormDo) and any(question.name == field for question in stage.do.ask):
            return _left_by("answer", blueprint, stage.id, field)
    return None


def _of(blueprint: Blueprint, field: str) -> Origin | None:
    known = profile_of(blueprint.subject).get(field)
    return Origin("profile", None, field, known.sort, known.choices) if known else None
