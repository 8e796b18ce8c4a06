"""Who may do what with catalogues and courses."""

from django.db.models import Q, QuerySet

from dure.learning.models import (
    SEATED,
    Assignment,
    AssignmentState,
    Candidacy,
    Cohort,
    Course,
    CourseState,
    Degree,
    DegreeDuty,
    Duty,
    Enrolment,
    Item,
    Marking,
    MarkingState,
    Provider,
    Work,
)
from dure.people.models import Organisation, Person
from dure.people.rules import administered_by, is_operator, may_change_organisation


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
    return rows.filter(Q(pk__in=actor.curated_providers.values("pk")) | Q(organisation__in=administered_by(actor)))


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


# --- assignments


def may_see_assignment(actor: Person, assignment: Assignment) -> bool:
    """Those who take the course, once it is open; its graders and those who teach the cohort."""
    if assignment.state == AssignmentState.OPEN and enrolment_for(actor, assignment) is not None:
        return True
    return assignment.seats.filter(person=actor).exists() or may_watch(actor, assignment.cohort)


def enrolment_for(actor: Person, assignment: Assignment) -> Enrolment | None:
    """As what somebody hands it in: their seat in the cohort, where the assignment is one of their track."""
    rows = actor.enrolments.filter(cohort=assignment.cohort_id, state__in=SEATED)
    found = rows.select_related("cohort__course", "person").first()
    lesson = assignment.lesson
    return found if found and (lesson is None or lesson.is_for(found.option)) else None


def may_work(actor: Person, work: Work) -> bool:
    """Write the draft and hand it in: whose work it is."""
    return actor.is_active and work.members.filter(enrolment__person=actor, enrolment__state__in=SEATED).exists()


def may_mark(actor: Person, marking: Marking) -> bool:
    return actor.is_active and marking.grader_id == actor.pk


def may_moderate(actor: Person, assignment: Assignment) -> bool:
    """Set it, choose graders, decide where they differ, release marks: who runs the cohort."""
    return may_run(actor, assignment.cohort)


def sees_markings(actor: Person, work: Work) -> bool:
    """A moderator who marks the same work sees the other graders' marks once their own are sent."""
    return not work.markings.filter(grader=actor, state=MarkingState.DRAFT).exists()


# --- degrees


def may_found_degree(actor: Person, organisation: Organisation) -> bool:
    """Have an institution award a degree."""
    return may_change_organisation(actor, organisation)


def may_keep(actor: Person, degree: Degree) -> bool:
    """Write the requirement, keep records, propose: its registrars, and whoever looks after the institution."""
    return may_change_organisation(actor, degree.organisation) or _sits(actor, degree, DegreeDuty.REGISTRAR)


def may_award(actor: Person, degree: Degree) -> bool:
    """Say yes or no to proposals: the awarding committee; nobody their own, nobody what they proposed."""
    return _sits(actor, degree, DegreeDuty.COMMITTEE)


def may_seat(actor: Person, degree: Degree) -> bool:
    """Say who are its registrars and its committee."""
    return may_change_organisation(actor, degree.organisation)


def works_for(actor: Person, degree: Degree) -> bool:
    """See who is on the way to it."""
    return may_keep(actor, degree) or may_award(actor, degree)


def may_see_candidacy(actor: Person, candidacy: Candidacy) -> bool:
    """The candidate, their advisor, and those who work for the degree."""
    own = actor.pk in {candidacy.person_id, candidacy.advisor_id}
    return actor.is_active and (own or works_for(actor, candidacy.degree))


def _sits(actor: Person, degree: Degree, duty: DegreeDuty) -> bool:
    return actor.is_active and degree.seats.filter(person=actor, duty=duty).exists()
