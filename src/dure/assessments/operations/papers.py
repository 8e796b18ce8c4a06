"""Papers: what is drawn of a bank, changed as long as nobody has sat an exam with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction

from dure.assessments.models import Attempt, Bank, Paper, PaperLine
from dure.audit.operations import record
from dure.core.errors import Refused
from dure.core.text import Text

MOST_QUESTIONS = 200
_NAME = Text(ko="이 문제은행에 같은 이름의 시험지가 있습니다.", en="The bank has a paper of this name.")
_USED = Text(
    ko="이 시험지로 이미 시험을 치렀습니다. 바꾸려면 새 시험지를 만드세요.",
    en="Somebody has sat an exam with this paper. Make another paper.",
)
_EMPTY = Text(ko="문항 수는 모두 합해 1개에서 {most}개까지입니다.", en="A paper has 1 to {most} questions in all.")


@dataclass(frozen=True)
class Draws:
    """A line of a paper: ``count`` questions of ``points`` each; what is empty may be any."""

    count: int
    points: Decimal = Decimal(1)
    topic: str = ""
    difficulty: int | None = None
    kind: str = ""


@transaction.atomic
def make_paper(bank: Bank, *, name: str, lines: Sequence[Draws], shuffles: bool = True) -> Paper:
    """A paper of a bank; whether the bank can fill it is for ``queries.banks.drawn_from`` to say, and for exams.

    Raises Refused("paper.name", "paper.empty").
    """
    try:
        with transaction.atomic():
            paper = Paper.objects.create(bank=bank, name=name, shuffles=shuffles)
    except IntegrityError:
        raise Refused("paper.name", _NAME) from None
    _draw_up(paper, lines)
    record("paper.made", paper, after={"name": name, "lines": len(lines)})
    return paper


@transaction.atomic
def change_paper(paper: Paper, *, name: str, lines: Sequence[Draws], shuffles: bool) -> Paper:
    """Draw it otherwise. Raises Refused("paper.used") once somebody has sat an exam with it, else as ``make_paper``."""
    Paper.objects.select_for_update().get(pk=paper.pk)
    if Attempt.objects.filter(exam__paper=paper).exists():
        raise Refused("paper.used", _USED)
    before = {"name": paper.name, "lines": paper.lines.count()}
    paper.name, paper.shuffles = name, shuffles
    try:
        with transaction.atomic():
            paper.save(update_fields=["name", "shuffles"])
    except IntegrityError:
        raise Refused("paper.name", _NAME) from None
    paper.lines.all().delete()
    _draw_up(paper, lines)
    record("paper.changed", paper, before=before, after={"name": name, "lines": len(lines)})
    return paper


def _draw_up(paper: Paper, lines: Sequence[Draws]) -> None:
    if not 1 <= sum(line.count for line in lines) <= MOST_QUESTIONS:
        raise Refused("paper.empty", _EMPTY.format(most=MOST_QUESTIONS))
    PaperLine.objects.bulk_create(
        [
            PaperLine(
                paper=paper, place=place, count=line.count, points=line.points, topic=line.topic,
                difficulty=line.difficulty, kind=line.kind,
            )
            for place, line in enumerate(lines)
        ]
    )  # fmt: skip
