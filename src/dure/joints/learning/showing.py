"""What somebody learnt shows skills: a finished course is evidence of what its item and its lessons' items teach.

A course whose required lessons Dure itself saw done vouches as measured; where a person or a provider's table said that
one of them was done, as recorded. It went as well as its grade says or, without one, as its quizzes.
"""

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from django.db.models import Avg

from dure.core.events import on
from dure.joints.stages.courses import VIA
from dure.learning.events import CourseFinished
from dure.learning.models import Enrolment, ItemSkill, LessonKind
from dure.learning.operations.progressing import own_lessons
from dure.learning.queries.courses import evidence_of
from dure.skills.models import Evidence, Skill, Trust
from dure.skills.operations import record, show
from dure.skills.operations.levels import Shown

TOP_GRADE = Decimal("4.5")
PROVEN = [kind for kind in LessonKind if kind.is_proven]


@on(CourseFinished)
def show_what_was_learnt(fact: CourseFinished) -> None:
    rows = Enrolment.objects.select_related("cohort__course", "person")
    enrolment = rows.get(pk=fact.enrolment)
    lessons = own_lessons(enrolment.cohort.course, enrolment.option)
    if skills := _taught(enrolment, lessons):
        shown = [Shown(skill, level, score=_score(enrolment)) for skill, level in skills.items()]
        show(_evidence(enrolment), skills=shown, trust=_trust(enrolment, lessons))


def _taught(enrolment: Enrolment, lessons: Collection[UUID]) -> dict[Skill, int]:
    """Skill → the highest level that the course's item, or an item among its lessons, leads to."""
    course = enrolment.cohort.course
    items = {course.item_id, *course.lessons.filter(pk__in=lessons).values_list("item", flat=True)} - {None}
    found: dict[Skill, int] = {}
    for row in ItemSkill.objects.filter(item__in=items).select_related("skill"):
        found[row.skill] = max(found.get(row.skill, 0), row.level)
    return found


def _evidence(enrolment: Enrolment) -> Evidence:
    """The one that a programme's turn left behind, else one of its own."""
    proof = f"enrolment {enrolment.pk}"
    kept = Evidence.objects.filter(showings__person=enrolment.person_id, via=VIA, proof=proof).order_by("-pk").first()
    return kept or record("learn", evidence_of(enrolment), persons=[enrolment.person], via=VIA, by=None, proof=proof)


def _trust(enrolment: Enrolment, lessons: Collection[UUID]) -> Trust:
    told = enrolment.progress.filter(lesson__in=lessons, lesson__kind__in=PROVEN)
    return Trust.RECORDED if told.exists() else Trust.MEASURED


def _score(enrolment: Enrolment) -> float:
    """0 to 1; 1 where nothing was marked."""
    if enrolment.grade is not None:
        return float(enrolment.grade / TOP_GRADE)
    mean = enrolment.progress.filter(score__isnull=False).aggregate(mean=Avg("score"))["mean"]
    return 1.0 if mean is None else float(mean)
