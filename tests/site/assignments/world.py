"""The pages of assignments in the small world: one that ada hands in, one whose marks are out, one being marked."""

from dure.core import clock
from dure.learning.models import Cohort
from dure.learning.operations.assignments import ask_regrade, moderate_all, release, write_note
from dure.people.models import Person
from tests.factories import make_person
from tests.learning.assignments.factories import handed_in, make_task, marked
from tests.learning.factories import make_lesson


def assignment_pages(cohort: Cohort, *, runs: Person, learns: Person, marks: Person) -> dict[str, Person]:
    """Each with somebody who may read it: ``runs`` the cohort, ``learns`` in it, ``marks`` its hand-ins."""
    make_lesson(cohort.course, kind="assignment", title_ko="현장 과제", title_en="Field work")
    mine = cohort.enrolments.get(person=learns)
    named = {"title_ko": "현장 보고서", "about_ko": "현장에서 본 것을 씁니다."}
    coming = make_task(cohort, **named, group_most=3)
    over = make_task(cohort, lesson=None, due_at=None, graders=(marks,), **named)
    made = handed_in(over, mine, text="첫 줄\n둘째 줄")
    write_note(made, by=marks, text="여기를 더 자세히.", line=2)
    marked(made.work, marks)
    moderate_all(over, by=runs)
    release(over, by=runs)
    made.work.refresh_from_db()
    sent = marks.markings.get(work=made.work).pk
    ask_regrade(made.work.mark, by=learns, text="둘째 줄을 다시 봐 주세요.")
    apart = make_task(
        cohort, lesson=None, due_at=clock.now(), late_days=5, each=2, graders=(marks, make_person()), **named
    )
    own = handed_in(apart, mine).work.markings.get(grader=marks)
    one, two, three = (f"/learn/assignments/{task.pk}/" for task in (coming, over, apart))
    return {
        "/learn/assignments/": learns, one: learns, two: learns, f"/learn/hand-ins/{made.pk}/": learns,
        **dict.fromkeys((f"{two}marking/", *(f"/learn/markings/{one}/" for one in (own.pk, sent))), marks),
        f"/learn/cohorts/{cohort.pk}/assignments/": runs, f"/learn/cohorts/{cohort.pk}/assignments/new/": runs,
        **{f"{two}{page}/": runs for page in ("works", "release", "import", "people", "settings")},
        f"{three}works/?standing=marking": runs, f"{one}people/": runs, f"{one}works/": runs,
        f"/learn/works/{made.work_id}/": runs, f"/learn/works/{own.work_id}/": runs,
    }  # fmt: skip
