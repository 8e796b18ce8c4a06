"""An assignment written on a phone and marked at a desk by keys alone; what is written saves itself."""

import pytest

from dure.learning.models import HandIn, Marking, Work
from dure.learning.operations.assignments import keep_marks
from tests.learning.assignments.factories import handed_in, make_class, make_task
from tests.learning.factories import make_enrolment

pytestmark = [pytest.mark.browser]


@pytest.fixture
def cohort(world):
    found = make_class()
    make_enrolment(found, person=world.ada)
    return found


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("ko", ("본문 쓰기", "임시 저장했습니다.", "제출하기", "제출 확인증")),
        ("en", ("Your text", "The draft is saved.", "Hand the work in", "Receipt of a hand-in")),
    ],
)
def test_a_draft_saves_itself_and_is_handed_in_by_keyboard(world, cohort, visit, language, says):
    label, saved, send, receipt = says
    task = make_task(cohort)
    phone = visit(world.ada, language=language, width=390).go(f"/learn/assignments/{task.pk}/")

    phone.tab_to(label).page.keyboard.type("현장 보고")
    phone.page.get_by_text(saved).wait_for()
    kept = Work.objects.get().draft
    phone.enter(send)

    assert kept == "현장 보고"
    assert receipt in phone.text
    assert HandIn.objects.get().text == "현장 보고"


def test_a_grader_marks_one_after_the_other_by_keys_alone(world, cohort, visit):
    task = make_task(cohort, due_at=None, graders=(world.judge,))
    for _ in range(2):
        handed_in(task, make_enrolment(cohort))
    first, second = Marking.objects.order_by("work")
    desk = visit(world.judge, language="ko").go(f"/learn/markings/{first.pk}/")

    desk.page.keyboard.press("1")
    desk.page.keyboard.press("2")
    desk.page.get_by_text("임시 저장했습니다.").wait_for()
    kept = Marking.objects.get(pk=first.pk).points
    desk.page.keyboard.press("Control+Enter")
    desk.page.wait_for_url(f"**/{second.pk}/")

    assert kept == {"c1": "5", "c2": "2.5"}
    assert Marking.objects.get(pk=first.pk).state == "sent"
    assert "5" not in desk.page.locator("[data-total]").inner_text()


def test_what_another_tab_changed_is_said_and_not_written_over(world, cohort, visit):
    task = make_task(cohort, due_at=None, graders=(world.judge,))
    marking = handed_in(task, make_enrolment(cohort)).work.markings.get()
    desk = visit(world.judge, language="ko").go(f"/learn/markings/{marking.pk}/")
    keep_marks(marking, points={"c1": "3"}, comment="", saves=0, rubric=1)

    desk.page.keyboard.press("1")
    desk.page.get_by_text("다른 탭에서 점수를 먼저 바꾸었습니다").wait_for()

    marking.refresh_from_db()
    assert (marking.points, marking.saves) == ({"c1": "3"}, 1)
