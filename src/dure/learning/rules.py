"""Who may do what with catalogues and courses."""

from django.db.models import Q, QuerySet

from dure.learning.models import Cohort, Course, CourseState, Duty, Enrolment, Item, Provider
from dure.people.days import today
from dure.people.models import Organisation, Person, Role
from dure.people.rules import is_operator, may_change_organisation


def may_open_provider(actor: Person, organisation: Organisation) -> bool:
    """Give an organisation a shelf in the catalogue."""
    return may_change_organisation(actor, organisation)


def may_curate(actor: Person, provider: Provider) -> bool:
    """Import, write, rework and retire what a provider offers."""
    return actor.is_active and curated_by(actor).filter(pk=provider.pk).exists()


def may_appoint(actor: Person, provider: Provider) -> bool:
    """Say who curates, and how the live catalogue is reached."""
    return may_change_organisation(actor, provider.organisation)


def curated_by(actor: Person) -> "QuerySet[Provider]":
    """The providers that somebody looks after, by name."""
    rows = Provider.objects.order_by("name_key", "pk")
    if is_operator(actor):
        return rows
    administered = actor.memberships.on(today()).filter(role=Role.ADMIN).values("organisation")
    return rows.filter(Q(pk__in=actor.curated_providers.values("pk")) | Q(organisation__in=administered))


def is_written_here(item: Item) -> bool:
    """Whether its provider's curators may change what it says; what was imported changes with its source."""
    return not item.feed


# --- courses


def may_make(actor: Person, course: Course) -> bool:
    """Write a course, plan its cohorts and seat their teachers."""
    return may_curate(actor, course.provider)


def may_see_course(actor: Person | None, course: Course) -> bool:
    """Open ones are everybody's; a draft its curators', an archived one also theirs who take it."""
    if course.state == CourseState.OPEN:
        return True
    if actor is None:
        return False
    taken = course.state == CourseState.ARCHIVED and actor.enrolments.filter(cohort__course=course).exists()
    return taken or may_make(actor, course)


def may_run(actor: Person, cohort: Cohort) -> bool:
    """Enter people, extend, note grades, prove lessons: its instructors and the course's curators."""
    teaches = cohort.seats.filter(person=actor, duty=Duty.INSTRUCTOR).exists()
    return actor.is_active and (teaches or may_make(actor, cohort.course))


def may_watch(actor: Person, cohort: Cohort) -> bool:
    """See who is in it and how far they are; mentors may, too."""
    return may_run(actor, cohort) or (actor.is_active and cohort.seats.filter(person=actor).exists())


def may_learn(actor: Person, enrolment: Enrolment) -> bool:
    """Open lessons as the one who takes the course."""
    return actor.is_active and enrolment.person_id == actor.pk
