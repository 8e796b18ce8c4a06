"""A path with all that one can hold, a revision task, cohorts without sessions and with some that hold lessons: for the
pages that are looked at."""

from datetime import timedelta

from dure.calendar.operations import plan
from dure.core import clock
from dure.joints.learning.lessons import hold_lessons
from dure.joints.learning.sessions import open_sessions
from dure.learning.models import Cohort, Course, RevisionTask
from dure.learning.operations.paths import leave_out, say_done
from dure.learning.operations.revisions import look_for_lag
from dure.people.days import today
from dure.people.models import Organisation, Person
from dure.skills.models import Skill
from dure.skills.operations import report_demand
from tests.learning.factories import make_cohort, make_course, make_lesson, make_provider
from tests.learning.paths.factories import make_path, make_role, teaching


def path_pages(host: Organisation, *, curates: Person, learns: Person) -> dict[str, Person]:
    """Every page with who looks at it; ``curates`` looks after all providers."""
    shelf = make_provider("ways", organisation=host)
    role = make_role("wayfarer", ways=3, maps=1, stars=1)
    first = teaching("ways-1", provider=shelf, ways=1)
    course = make_course(shelf, key="ways", item=teaching("ways-2", provider=shelf, ways=2))
    now = clock.now()
    cohort = make_cohort(course, opens_at=now + timedelta(weeks=1), closes_at=now + timedelta(weeks=3))
    blended = _blended(make_course(shelf, key="ways-together", lessons=1), curates)
    unwanted = teaching("maps-slow", provider=shelf, maps=1)
    for key in ("ways-3", "ways-3-other"):
        teaching(key, provider=shelf, ways=3)
    path = make_path(role, person=learns)
    leave_out(path, item=unwanted)
    say_done(learns, item=first)
    stars = Skill.objects.get(code="stars")
    for months, count in ((2, 1), (1, 3), (0, 6)):
        report_demand({stars.pk: count}, month=(today().replace(day=15) - timedelta(days=30 * months)))
    report_demand({stars.pk: 1}, month=today().replace(day=15) - timedelta(days=120))
    look_for_lag(on=today())
    task = RevisionTask.objects.get(skill=stars)
    own = f"/learn/paths/{path.pk}/"
    return {
        **dict.fromkeys(("/learn/paths/", "/learn/paths/new/", own, f"{own}leave/"), learns),
        f"/learn/paths/new/?role={make_role('other', ways=1).pk}": learns,
        **dict.fromkeys(("/learn/revisions/", f"/learn/revisions/{task.pk}/"), curates),
        f"/learn/cohorts/{cohort.pk}/sessions/": curates,
        f"/learn/cohorts/{blended.pk}/sessions/": curates,
    }


def _blended(course: Course, teacher: Person) -> Cohort:
    """A cohort with three sessions, one of which holds a lesson."""
    cohort, lesson = make_cohort(course), make_lesson(course, kind="session", title_ko="함께 하는 실습")
    series, start = open_sessions(cohort), clock.now() + timedelta(days=3)
    for number in range(3):
        at = start + timedelta(weeks=number)
        plan(
            series,
            title_ko=f"{number + 1}회",
            title_en=f"No. {number + 1}",
            starts_at=at,
            ends_at=at + timedelta(hours=2),
        )
    hold_lessons(cohort, {series.sessions.earliest("starts_at").pk: lesson.pk}, by=teacher)
    return cohort
