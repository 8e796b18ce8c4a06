"""What visitors ask of a programme, answered from its rules: only what these say, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dure.blueprint.facts import evidence_of
from dure.blueprint.model import Blueprint, DecideStep, ExternalStep, FormDo, Kind, PanelStep, RuleStep, Stage
from dure.blueprint.reasons import step_text
from dure.site import words

_SUBJECTS: dict[str, Promise] = {
    "person": _("People take part on their own."), "team": _("Teams take part."),
    "org": _("Organisations take part."), "consortium": _("Consortia of organisations take part."),
    "item": _("One takes part with a proposal or a work."),
}  # fmt: skip
_ENTRIES: dict[str, Promise] = {
    "open": _("Whoever meets the conditions may apply."), "invite": _("Those who are invited take part."),
    "nominate": _("Those whom a participating organisation nominates take part."),
    "match": _("Those who are proposed by matching take part."),
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    text: str
    answers: list[str]


def questions_of(blueprint: Blueprint) -> list[Question]:
    """The questions that the rules answer, in the order in which people ask them."""
    starts = [stage for stage in blueprint.stages if stage.entry and not stage.after]
    asked = [
        Question(gettext("Who may apply?"), list(_who(blueprint, starts))),
        Question(gettext("What do I hand in to apply?"), list(_needed(blueprint, starts))),
        Question(gettext("What does it cost?"), list(_cost(blueprint))),
        Question(gettext("How many get through?"), list(_places(blueprint))),
        Question(gettext("When do I hear the result?"), list(_told(blueprint, starts))),
        Question(gettext("Can I change what I handed in, or withdraw?"), list(_changes())),
        Question(gettext("Can I try again?"), list(_again(blueprint))),
    ]
    return [question for question in asked if question.answers]


def _who(blueprint: Blueprint, starts: list[Stage]) -> Iterator[str]:
    yield str(_SUBJECTS[blueprint.subject])
    for stage in starts:
        told = [str(_ENTRIES[stage.entry])] if stage.entry else []
        told += [words.team_size(stage.team)] if stage.team else []
        told += _conditions(blueprint, stage)
        yield from _under(blueprint, stage, told, named=len(starts) > 1)


def _needed(blueprint: Blueprint, starts: list[Stage]) -> Iterator[str]:
    for stage in starts:
        if isinstance(stage.do, FormDo):
            yield from _under(blueprint, stage, words.form_text(blueprint, stage.do), named=len(starts) > 1)


def _cost(blueprint: Blueprint) -> Iterator[str]:
    fees = [(stage, stage.do) for stage in blueprint.stages if isinstance(stage.do, FormDo) and stage.do.fee]
    for stage, do in fees:
        yield from _under(blueprint, stage, [words.fee_text(do)], named=True)
    if not fees:
        yield gettext("Nothing: no stage asks for a fee.")


def _places(blueprint: Blueprint) -> Iterator[str]:
    for stage in blueprint.stages:
        for step in stage.gate:
            if getattr(step, "take", None) is not None:
                told = [words.say(text) for text in step_text(blueprint, stage, step)]
                yield from _under(blueprint, stage, told, named=True)


def _told(blueprint: Blueprint, starts: list[Stage]) -> Iterator[str]:
    for stage in starts:
        yield from _under(blueprint, stage, [_verdict_comes(stage)], named=len(starts) > 1)
    yield gettext("You get an email, and the result with its reason stands under My work.")


def _verdict_comes(stage: Stage) -> str:
    if stage.settles_as_set:
        return gettext("Everybody at once, when the organisers announce the results after the close.")
    if any(isinstance(step, DecideStep | ExternalStep | PanelStep) for step in stage.gate):
        return gettext("As soon as yours has been judged.")
    if stage.kind is not Kind.FORM:
        return gettext("When this stage has ended for you.")
    return gettext("Right after you hand in.")


def _changes() -> Iterator[str]:
    yield gettext("Until the deadline or the verdict you may hand in again; the newest counts.")
    yield gettext("You may withdraw at any time before the result.")


def _again(blueprint: Blueprint) -> Iterator[str]:
    for stage in blueprint.stages:
        if stage.again:
            told = gettext("Whoever does not pass may try again while it is open.")
            yield from _under(blueprint, stage, [told], named=True)


def _conditions(blueprint: Blueprint, stage: Stage) -> list[str]:
    """What must hold of whoever applies: rules on their answers and on themselves, not on how they do afterwards."""
    later = set() if stage.kind is Kind.FORM else set(evidence_of(blueprint, stage))
    steps = [
        replace(step, rules=tuple(rule for rule in step.rules if rule.name not in later))
        for step in stage.gate
        if isinstance(step, RuleStep)
    ]
    return [words.say(text) for step in steps for text in step_text(blueprint, stage, step)]


def _under(blueprint: Blueprint, stage: Stage, told: list[str], *, named: bool) -> Iterator[str]:
    """Sentences, each under its stage's name where there could be doubt."""
    name = f"{words.word(blueprint, stage.id)} – " if named else ""
    return (f"{name}{sentence}" for sentence in told)
