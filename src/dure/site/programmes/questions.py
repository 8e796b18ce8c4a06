"""What visitors ask of a programme, answered from its rules: only what these say, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from dure.blueprint.model import Blueprint, DecideStep, ExternalStep, FormDo, PanelStep, RuleStep, Stage
from dure.blueprint.reasons import step_text
from dure.site import words


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
    yield str(words.SUBJECTS[blueprint.subject])
    for stage in starts:
        told = [str(words.ENTRIES[stage.entry])] if stage.entry else []
        told += [words.team_size(stage.team)] if stage.team else []
        told += _sentences(blueprint, stage, RuleStep)
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
    yield gettext("You get an e-mail, and the result with its reason stands under My work.")


def _verdict_comes(stage: Stage) -> str:
    if stage.settles_as_set:
        return gettext("Everybody at once, when the organisers announce the results after the close.")
    if any(isinstance(step, DecideStep | ExternalStep | PanelStep) for step in stage.gate):
        return gettext("As soon as yours has been judged.")
    return gettext("Right after you hand in.")


def _changes() -> Iterator[str]:
    yield gettext("Until the deadline or the verdict you may hand in again; the newest counts.")
    yield gettext("You may withdraw at any time before the result.")


def _again(blueprint: Blueprint) -> Iterator[str]:
    for stage in blueprint.stages:
        if stage.again:
            told = gettext("Whoever does not pass may try again while it is open.")
            yield from _under(blueprint, stage, [told], named=True)


def _sentences(blueprint: Blueprint, stage: Stage, kind: type[RuleStep]) -> list[str]:
    steps = (step for step in stage.gate if isinstance(step, kind))
    return [words.say(text) for step in steps for text in step_text(blueprint, stage, step)]


def _under(blueprint: Blueprint, stage: Stage, told: list[str], *, named: bool) -> Iterator[str]:
    """Sentences, each under its stage's name where there could be doubt."""
    name = f"{words.word(blueprint, stage.id)} – " if named else ""
    return (f"{name}{sentence}" for sentence in told)
