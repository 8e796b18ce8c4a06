"""What evidence shows is kept, and the levels of those whose evidence it is are counted again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from dure.core.errors import Flawed
from dure.core.events import publish
from dure.core.text import Text
from dure.people.days import today
from dure.people.models import Person
from dure.skills import levels
from dure.skills.events import LevelChanged
from dure.skills.models import Claim, Evidence, Evidencing, Level, OwnRole, Skill, Trust
from dure.skills.queries.levels import seen_of

_RANGE = Text(
    ko="수준은 1~5, 비중은 1~100%, 점수는 0~1이어야 합니다.",
    en="A level is 1 to 5, a share 1 to 100 percent, a score 0 to 1.",
)
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """That evidence shows a skill. ``level``: at best; ``share``: percent of it that is about the skill; ``score``: how
    well it went, 0 to 1."""

    skill: Skill
    level: int
    share: int = 100
    score: float = 1.0


@transaction.atomic
def show(evidence: Evidence, *, skills: Iterable[Shown], trust: Trust) -> list[Evidencing]:
    """Say which skills a piece of evidence shows, once; levels of its persons follow in the same transaction.

    A skill that it is known to show already stays as it was. Raises Flawed("evidencing.range").
    """
    rows = [_checked(evidence, shown, trust) for shown in skills]
    Evidencing.objects.bulk_create(rows, ignore_conflicts=True)
    persons = list(evidence.showings.values_list("person", flat=True))
    for row in rows:
        for person in persons:
            count_again(person, row.skill_id, on=today())
    return list(evidence.evidencings.order_by("pk"))


def _checked(evidence: Evidence, shown: Shown, trust: Trust) -> Evidencing:
    if shown.level not in levels.LEVELS or not 1 <= shown.share <= 100 or not 0 <= shown.score <= 1:
        raise Flawed("evidencing.range", _RANGE, skill=shown.skill.code)
    score = round(shown.score * levels.WHOLE)
    return Evidencing(
        evidence=evidence, skill=shown.skill, level=shown.level, share=shown.share, score=score, trust=trust
    )


def count_again(person: UUID, skill: UUID, *, on: date) -> Level:
    """One person's level at one skill, from all that speaks for it."""
    seen = [known for _, known in seen_of(person, [skill])]
    stands = levels.standing(seen, on=on)
    before = Level.objects.filter(person=person, skill=skill).values_list("level", flat=True).first() or 0
    told = {
        "level": stands.level, "points": stands.points, "towards": stands.towards, "as_of": on,
        "falls_on": levels.falls_on(seen, on=on),
    }  # fmt: skip
    row, _ = Level.objects.update_or_create(person_id=person, skill_id=skill, defaults=told)
    if before != stands.level:
        publish(LevelChanged(person, skill, before, stands.level))
    return row


@transaction.atomic
def catch_up(*, on: date) -> int:
    """Count again what age has lowered by a day, some at a time; how many there were."""
    due = Level.objects.filter(falls_on__lte=on).order_by("falls_on", "pk")
    rows = list(due.values_list("person", "skill")[:MOST_AT_ONCE])
    for person, skill in rows:
        count_again(person, skill, on=on)
    return len(rows)


@transaction.atomic
def forget_levels(person: Person) -> None:
    """Somebody is forgotten: what was counted of them and what they said of themselves goes."""
    for model in (Level, Claim, OwnRole):
        model.objects.filter(person=person).delete()
