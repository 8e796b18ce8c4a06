"""What a bundle asks, limits and shares in a phase, as the rules of a round here; and back."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from dure.bundles.model import Competition, Contract, Phase
from dure.bundles.model import Question as BundleQuestion
from dure.challenges.models import Round, Sharing
from dure.challenges.questions import (
    MOST_ANSWER,
    MOST_KEY,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    MOST_TITLE,
    Question,
    QuestionKind,
)
from dure.core.text import Text

_KINDS = {
    "boolean": QuestionKind.YES_NO, "radio": QuestionKind.CHOICE, "select": QuestionKind.CHOICE,
    "choices": QuestionKind.CHOICES,
}  # fmt: skip
_TYPES = {
    QuestionKind.TEXT: "text", QuestionKind.YES_NO: "checkbox", QuestionKind.CHOICE: "select",
    QuestionKind.CHOICES: "choices",
}  # fmt: skip
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def questions_of(competition: Competition, phase: Phase) -> list[Question]:
    """EvalAI asks by phase, Codabench in the whole competition."""
    told = phase.attributes if competition.contract == Contract.EVALAI else competition.fact_sheet
    known = {question.key: question for question in map(_question, told) if question.key}
    return list(known.values())[:MOST_QUESTIONS]


def fact_sheet_of(competition: Competition, phase: Phase, round_: Round) -> tuple[BundleQuestion, ...]:
    """The round's questions as Codabench asks them: as they came, where they are the same still."""
    if competition.contract == Contract.CODABENCH and questions_of(competition, phase) == list(round_.asked):
        return competition.fact_sheet
    return tuple(_sheet(round_.asked))


def sharing_of(competition: Competition, phase: Phase) -> Sharing:
    """Whether entrants may make attempts public."""
    if competition.contract == Contract.EVALAI:
        return Sharing.OPEN if phase.submissions_public else Sharing.NONE
    return Sharing.CHOSEN if competition.settings.can_participants_make_submissions_public else Sharing.NONE


def monthly_of(phase: Phase) -> int | None:
    """A month's limit, where it says more than the limit in all."""
    limits = phase.limits
    if not limits.per_month or (limits.total and limits.per_month >= limits.total):
        return None
    return limits.per_month


def allowed_of(phase: Phase) -> list[str] | None:
    """The addresses of those who alone may submit; None: everybody who takes part."""
    return [email for email in phase.allowed_emails if _ADDRESS.fullmatch(email)] if phase.allowed_emails else None


def shared_as(competition: Competition, round_: Round) -> Competition:
    """The competition with what its round shares now."""
    shares = round_.sharing != Sharing.NONE
    return replace(competition, settings=replace(competition.settings, can_participants_make_submissions_public=shares))


def ruled_as(phase: Phase, round_: Round) -> Phase:
    """The phase with what the round takes and from whom now; what it asks stands in the competition's fact sheet."""
    allowed = round_.allowed.order_by("email").values_list("email", flat=True) if round_.by_list else ()
    return replace(
        phase,
        limits=replace(phase.limits, per_day=round_.daily, per_month=round_.monthly, total=round_.total),
        is_public=round_.is_public,
        is_active=round_.is_active,
        submissions_public=round_.sharing == Sharing.OPEN,
        allowed_emails=tuple(allowed),
        file_types=tuple(round_.file_types),
        attributes=(),
    )


def _question(told: BundleQuestion) -> Question:
    options = tuple(dict.fromkeys(one.strip()[:MOST_TITLE] for one in told.selection if one.strip()))[:MOST_OPTIONS]
    kind = _kind(told.type, has_options=bool(options))
    return Question(
        key=_line(told.key or told.title)[:MOST_KEY],
        title=_both((told.title or told.key)[:MOST_TITLE]),
        kind=kind,
        options=options if kind in (QuestionKind.CHOICE, QuestionKind.CHOICES) else (),
        required=told.required,
        on_board=told.on_board,
        about=_both(told.description[:MOST_ANSWER]),
    )


def _kind(word: str, *, has_options: bool) -> QuestionKind:
    """A checkbox with options is several of them, without any a yes or no; what cannot be chosen is written."""
    if word == "checkbox":
        return QuestionKind.CHOICES if has_options else QuestionKind.YES_NO
    kind = _KINDS.get(word.lower(), QuestionKind.TEXT)
    return kind if has_options or kind == QuestionKind.YES_NO else QuestionKind.TEXT


def _sheet(questions: Iterable[Question]) -> Iterator[BundleQuestion]:
    for question in questions:
        yield BundleQuestion(
            key=question.key,
            title=question.title.ko,
            type=_TYPES[question.kind],
            selection=question.options,
            required=question.required,
            on_board=question.on_board,
            description=question.about.ko,
        )


def _both(words: str) -> Text:
    """Bundles are written in one language."""
    return Text(ko=words, en=words)


def _line(words: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in words).strip()
