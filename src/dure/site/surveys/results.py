"""What came of a survey: question by question, by group, beside the edition before; as tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from dure.assessments.models import Survey, SurveyState
from dure.assessments.queries.surveys import Results, replies_of, results_of, shows_results, turnout_of
from dure.assessments.surveying import Answers, Question, Sort
from dure.assessments.tallying import LEAST, OPEN, Outcome, Part, edges_of
from dure.audit.operations import record
from dure.core.errors import Missing, Refused
from dure.core.text import Text
from dure.joints.sheets import CONTENT_TYPES, write
from dure.joints.sheets.cells import Cell
from dure.site import charts, words
from dure.site.figures import number, percent
from dure.site.surveys.keeping import frame_of, kept_survey

HEAD = ("question", "sort", "text", "group", "answer", "n", "of", "mean")
MOST_TEXTS = 200
NOT_YET = Text(
    ko="익명 설문의 결과는 마감한 뒤에 볼 수 있습니다.",
    en="Results of an anonymous survey are shown once it is closed.",
)
NO_REPLIES = Text(ko="이름을 받지 않은 설문입니다.", en="This survey asked for no names.")


@dataclass(frozen=True)
class Line:
    """An answer, or several joined: how many gave it of how many; ``before``: its share in the edition before;
    ``groups``: how many of each group and their share, as the page writes it."""

    label: str
    n: int
    share: float
    before: float | None
    groups: list[str]

    @property
    def shares(self) -> list[str]:
        """Now and in the edition before, as the page writes them."""
        return [percent(self.share), "–" if self.before is None else percent(self.before)]


@dataclass(frozen=True)
class Shown:
    """A question as the page shows it."""

    outcome: Outcome
    bars: list[charts.Bar]
    lines: list[Line]
    compared: list[Line]
    hidden: list[str]
    mean_before: Decimal | None

    @property
    def texts(self) -> Sequence[str]:
        """As many as one reads on a page; the files have all of them."""
        return self.outcome.texts[:MOST_TEXTS]

    @property
    def has_before(self) -> bool:
        return any(line.before is not None for line in self.lines)


@login_required
@require_safe
def show(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    survey = kept_survey(request, survey_id)
    shows = shows_results(survey)
    found = results_of(survey) if shows else Results((), {})
    seen = {
        **frame_of(survey, "results"), "shows": shows, "turnout": turnout_of(survey), "least": LEAST,
        "results": shown_results(survey, found), "groups": [words.say(name) for name in found.groups.values()],
    }  # fmt: skip
    return render(request, "surveys/results.html", seen)


def shown_results(survey: Survey, found: Results) -> list[Shown]:
    before = {one.question.key: one for one in _before(survey)}
    return [_shown(one, before.get(one.question.key), list(found.groups)) for one in found.outcomes]


def _before(survey: Survey) -> Sequence[Outcome]:
    """Of the edition before, once it is closed; its texts are its own."""
    previous = survey.previous
    if previous is None or previous.state != SurveyState.CLOSED:
        return ()
    return results_of(previous, texts=False).outcomes


def _shown(one: Outcome, before: Outcome | None, groups: Sequence[str]) -> Shown:
    same = before if before and _asks_the_same(before.question, one.question) else None
    lines = [_line(one, part, same, ()) for part in one.parts]
    return Shown(
        outcome=one, bars=charts.bars((line.label, line.n) for line in lines) if _is_drawn(one) else [], lines=lines,
        compared=[_line(one, part, None, groups) for part in one.compared],
        hidden=[_answer(one.question, value) for value in one.hidden], mean_before=same.mean if same else None,
    )  # fmt: skip


def _is_drawn(one: Outcome) -> bool:
    """Steps have short names; those of choices stand in a table."""
    return one.question.sort in {Sort.SCALE, Sort.NUMBER} and bool(one.parts)


def _asks_the_same(one: Question, other: Question) -> bool:
    return (one.sort, one.choices) == (other.sort, other.choices)


def _line(one: Outcome, part: Part, before: Outcome | None, groups: Sequence[str]) -> Line:
    then = next((p.n / before.n for p in before.parts if p.values == part.values), None) if before else None
    by_group = [_told_of(part.by_group[group], one.group_sizes[group]) for group in groups]
    return Line(_label(one.question, part.values), part.n, part.n / one.n, then, by_group)


def _told_of(n: int, of: int) -> str:
    return f"{number(n)} · {percent(n / of)}"


def _label(question: Question, values: Sequence[str]) -> str:
    """Joined steps as one range, joined choices one after the other."""
    told = [value for value in values if value != OPEN]
    named = []
    if told and question.sort in {Sort.SCALE, Sort.NUMBER}:
        edges = [edge for value in told for edge in edges_of(value)]
        low, high = (number(float(edge)) for edge in (min(edges), max(edges)))
        named = [low if low == high else f"{low}–{high}"]
    elif told:
        named = [_answer(question, value) for value in told]
    return " / ".join([*named, *([gettext("No answer")] if OPEN in values else [])])


def _answer(question: Question, value: str) -> str:
    return words.say(question.choices[int(value)])


# --- tables


@login_required
@require_safe
def sheet(request: HttpRequest, survey_id: UUID, form: str) -> HttpResponse:
    """The results as a table, with nothing that the page does not show."""
    survey = kept_survey(request, survey_id)
    if not shows_results(survey):
        raise Refused("survey.results", NOT_YET)
    record("survey.read", survey, after={"format": form})
    return _file(write(HEAD, rows_of(survey), format=form), f"survey-{survey.pk}.{form}", form)


def rows_of(survey: Survey) -> Iterator[list[Cell]]:
    found = results_of(survey)
    names = {key: words.say(name) for key, name in found.groups.items()}
    for one in found.outcomes:
        head: list[Cell] = [one.question.key, one.question.sort.value, words.say(one.question.text)]
        mean = round(float(one.mean), 2) if one.mean is not None else None
        for part in one.parts:
            yield [*head, "", _label(one.question, part.values), part.n, one.n, mean]
        for part in one.compared:
            for group, n in part.by_group.items():
                yield [*head, names[group], _label(one.question, part.values), n, one.group_sizes[group], None]
        for text in one.texts:
            yield [*head, "", text, None, one.n, None]


@login_required
@require_safe
def replies(request: HttpRequest, survey_id: UUID, form: str) -> HttpResponse:
    """Who answered what, where names were asked for."""
    survey = kept_survey(request, survey_id)
    if survey.is_anonymous:
        raise Missing("survey.replies", NO_REPLIES)
    record("survey.read", survey, after={"format": form, "names": True})
    asked = survey.asks
    head = ["name", "email", "group", "sent_at", *(one.key for one in asked)]
    return _file(write(head, _replies(survey, asked), format=form), f"replies-{survey.pk}.{form}", form)


def _replies(survey: Survey, asked: Sequence[Question]) -> Iterator[list[Cell]]:
    for reply in replies_of(survey).iterator(chunk_size=500):
        who: list[Cell] = [reply.person.name, reply.person.email] if reply.person else ["", ""]
        yield [*who, reply.group, reply.sent_at.isoformat(), *(_told(one, reply.answers) for one in asked)]


def _told(one: Question, answers: Answers) -> Cell:
    given = answers.get(one.key)
    if given is None:
        return None
    if one.sort.has_choices:
        return ", ".join(_answer(one, str(place)) for place in (given if isinstance(given, list) else [given]))
    return int(given) if one.sort is Sort.SCALE else str(given)


def _file(data: bytes, name: str, form: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type=CONTENT_TYPES[form], headers=disposition)
