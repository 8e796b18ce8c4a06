"""A course from joining to the end by Tab, Space and Enter alone, begun on a phone and finished at a desk."""

import pytest

from dure.learning.models import Enrolment
from dure.learning.operations.courses import open_course
from tests.learning.factories import make_cohort, make_course, make_lesson, make_provider

pytestmark = [pytest.mark.browser]
QUIZ = "? What is 2 + 2? || 2 더하기 2는?\n* Four || 넷\n- Five || 다섯"


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("ko", ("수강 신청", "시작하기", "완료하고 다음으로", "이어서 하기", "넷", "제출하기", "통과했습니다.",
                "강좌로 돌아가기", "수료한 강좌입니다.")),
        ("en", ("Join the course", "Begin", "Done, go on", "Go on", "Four", "Send the answers", "Passed.",
                "Back to the course", "You have finished this course.")),
    ],
)  # fmt: skip
def test_a_course_is_taken_by_keyboard_on_two_devices(world, visit, language, says) -> None:
    join, begin, done, onward, four, send, passed, back, finished = says
    course = make_course(make_provider("field", organisation=world.host), key="basics", lessons=1, opened=False)
    make_lesson(course, kind="quiz", quiz=QUIZ)
    make_cohort(open_course(course))

    phone = visit(world.ada, language=language, width=390).go("/learn/courses/basics/")
    phone.enter(join).enter(begin).enter(done)
    desk = visit(world.ada, language=language).go("/learn/mine/")
    desk.go(f"/learn/enrolments/{Enrolment.objects.get().pk}/").enter(onward)
    desk.tab_to(four).page.keyboard.press("Space")
    desk.enter(send)

    assert passed in desk.text
    assert finished in desk.enter(back).text
