"""What a bank holds: its questions as found and as tables, its topics, which skills are meant."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from dure.assessments.content import Kind
from dure.assessments.drawing import Drawn, Offered, draw
from dure.assessments.models import Bank, Paper, Question
from dure.assessments.tables import Line
from dure.core.hangul import key_of
from dure.core.text import Text
from dure.skills.models import Skill

_NO_SKILL = Text(ko="없는 역량입니다: {code}", en="There is no such skill: {code}")
_WHICH_SKILL = Text(
    ko="역량 코드가 여러 분류 체계에 있습니다: {code}. 분류 체계를 앞에 붙이세요.",
    en="More than one taxonomy has the skill {code}. Write the taxonomy before it.",
)


@dataclass(frozen=True)
class Sought:
    """What questions are looked for by; empty: any."""

    typed: str = ""
    topic: str = ""
    difficulty: str = ""
    kind: str = ""
    retired: bool = False


def questions_of(bank: Bank, sought: Sought) -> "QuerySet[Question]":
    """Questions by key."""
    rows = bank.questions.filter(retired_at__isnull=not sought.retired).select_related("current").order_by("key")
    if sought.typed:
        rows = rows.filter(name_key__contains=key_of(sought.typed)[:200])
    if sought.topic:
        rows = rows.filter(topic=sought.topic)
    if sought.difficulty in {"1", "2", "3", "4", "5"}:
        rows = rows.filter(difficulty=int(sought.difficulty))
    return rows.filter(kind=sought.kind) if sought.kind in set(Kind) else rows


def topics_of(bank: Bank) -> list[str]:
    return list(bank.questions.filter(retired_at=None).order_by("topic").values_list("topic", flat=True).distinct())


def stock_of(bank: Bank) -> list[tuple[str, int, str, int]]:
    """How many questions there are, as (topic, difficulty, sort, number)."""
    rows = bank.questions.filter(retired_at=None).order_by().values("topic", "difficulty", "kind")
    counted = rows.annotate(n=Count("pk")).order_by("topic", "difficulty", "kind")
    return list(counted.values_list("topic", "difficulty", "kind", "n"))


def lines_of(bank: Bank) -> Iterator[Line]:
    """The bank's questions as a table's lines, by key."""
    rows = bank.questions.filter(retired_at=None).select_related("current").order_by("key")
    rows = rows.prefetch_related("shows__skill__taxonomy")
    for number, question in enumerate(rows.iterator(chunk_size=500), start=2):
        skills = sorted((f"{row.skill.taxonomy.key}/{row.skill.code}", row.level) for row in question.shows.all())
        yield Line(number, question.key, question.topic, question.difficulty, question.content, tuple(skills))


def offered_by(bank: Bank) -> list[Offered]:
    """What papers are drawn from."""
    rows = bank.questions.filter(retired_at=None, current__isnull=False)
    return [Offered(*row) for row in rows.values_list("pk", "topic", "difficulty", "kind")]


def drawn_from(paper: Paper, *, seed: int) -> Drawn:
    """A paper as ``seed`` draws it from what its bank holds now."""
    return draw([line.wanted for line in paper.lines.all()], offered_by(paper.bank), seed=seed)


def skills_by(codes: Iterable[str]) -> dict[str, Skill | Text]:
    """Each code's skill (``taxonomy/code`` where two have it), or the sentence that says why there is none."""
    wanted = {code: code.rpartition("/") for code in codes}
    rows = Skill.objects.filter(code__in={code for _, _, code in wanted.values()}, retired_in=None)
    by_code: dict[str, list[Skill]] = {}
    for skill in rows.select_related("taxonomy"):
        by_code.setdefault(skill.code, []).append(skill)
    found: dict[str, Skill | Text] = {}
    for written, (taxonomy, _, code) in wanted.items():
        fitting = [one for one in by_code.get(code, []) if taxonomy in {"", one.taxonomy.key}]
        sentence = _WHICH_SKILL if len(fitting) > 1 else _NO_SKILL
        found[written] = fitting[0] if len(fitting) == 1 else sentence.format(code=written)
    return found
