"""What happens to cohorts, levels and items has paths planned anew; what is taught now is asked of nobody."""

from uuid import UUID

from dure.core.events import on
from dure.jobs.operations import enqueue
from dure.learning.events import (
    CatalogueImported,
    CohortPeopleChanged,
    CohortPlanned,
    CourseFinished,
    ItemFinished,
    ItemRetired,
    SkillsTaught,
)
from dure.learning.models import Enrolment, Lesson
from dure.learning.operations.paths import LOOK, look_at_item, look_at_levels
from dure.learning.operations.revisions import close_taught
from dure.skills.events import LevelChanged


@on(CohortPlanned)
def look_at_planned_cohort(fact: CohortPlanned) -> None:
    _look(fact.cohort, planned=True)


@on(CohortPeopleChanged)
def look_at_seats(fact: CohortPeopleChanged) -> None:
    _look(fact.cohort, planned=False)


def _look(cohort: UUID, *, planned: bool) -> None:
    """Later and once: many may join at the same time."""
    key = f"{LOOK}:{cohort}:{int(planned)}"
    enqueue(LOOK, arguments={"cohort": cohort, "planned": int(planned)}, key=key)


@on(ItemFinished)
def go_on_after_item(fact: ItemFinished) -> None:
    item = Lesson.objects.values_list("item", flat=True).get(pk=fact.lesson)
    if item is not None:
        look_at_item(item, person=Enrolment.objects.values_list("person", flat=True).get(pk=fact.enrolment))


@on(CourseFinished)
def go_on_after_course(fact: CourseFinished) -> None:
    enrolment = Enrolment.objects.select_related("cohort__course").get(pk=fact.enrolment)
    if item := enrolment.cohort.course.item_id:
        look_at_item(item, person=enrolment.person_id)


@on(LevelChanged)
def go_on_from_level(fact: LevelChanged) -> None:
    look_at_levels(fact.person, skill=fact.skill)


@on(ItemRetired)
def do_without_item(fact: ItemRetired) -> None:
    look_at_item(fact.item)


@on(SkillsTaught)
def close_what_is_taught(_fact: SkillsTaught) -> None:
    close_taught()


@on(CatalogueImported)
def close_what_was_brought(_fact: CatalogueImported) -> None:
    close_taught()
