"""An exam by hand: what is answered without a connection arrives, and two devices overwrite nothing unasked."""

import pytest

from dure.assessments.models import Attempt, AttemptState
from dure.assessments.operations.attempts import HAND_IN, MARK
from dure.assessments.operations.exams import admit
from dure.jobs.worker import drain
from tests.assessments.factories import (
    Draws,
    a_paper,
    make_bank,
    make_exam,
    make_question,
    multiple,
    numeric,
    ordering,
    single,
)
from tests.assessments.factories import short as words

pytestmark = [pytest.mark.browser]


@pytest.fixture
def exam(world):
    bank = make_bank(organisation=world.host)
    kinds = (single(), multiple(0, 1), numeric("3.5", units=("m",)), words("두레"), ordering())
    for at, content in enumerate(kinds):
        make_question(bank, content, topic=str(at))
    lines = [Draws(1, topic=str(at)) for at in range(len(kinds))]
    made = make_exam(paper=a_paper(bank, *lines, shuffles=False))
    admit(made, [world.ada])
    return made


def kept() -> list[object]:
    return list(Attempt.objects.get().asked.order_by("place").values_list("answer", flat=True))


def test_what_is_answered_without_a_connection_arrives_and_counts(world, exam, visit) -> None:
    ada = visit(world.ada, width=390).go(f"/exams/{exam.pk}/").press("시험 시작")
    ada.page.check("#q1 label:has-text('옳음') input")
    ada.page.locator("#q1[data-saves='1']").wait_for()

    ada.context.set_offline(True)
    ada.page.check("#q2 label:has-text('옳음') input")
    ada.page.check("#q2 label:has-text('그름') input")
    ada.page.fill("#q3 input:not([type=hidden])", "3.5 m")
    ada.page.fill("#q4 input:not([type=hidden])", " 두레 ")
    ada.page.get_by_text("연결이 끊겼습니다").wait_for()
    before = kept()
    ada.context.set_offline(False)
    for letter, number in (("a", "1"), ("b", "1"), ("c", "3"), ("d", "4")):
        _order(ada, letter, number)
    ada.page.get_by_text("번호를 모두 다르게 매기세요").wait_for()
    _order(ada, "b", "2")
    ada.page.locator("#q5:not([data-saves='0'])").wait_for()
    ada.page.get_by_text("모든 답이 저장되었습니다.").wait_for()
    ada.press("저장하고 제출하기")
    ada.page.wait_for_url("**/send/")
    ada.press("제출")
    ada.page.wait_for_url(lambda url: not url.endswith("/send/"))
    drain([MARK, HAND_IN])

    assert before == [[0], None, None, None, None]
    assert kept()[:4] == [[0], [0, 1], "3.5 m", " 두레 "]
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.score, attempt.total) == (AttemptState.MARKED, 5, 5)


def _order(visitor, letter, number) -> None:
    line = visitor.page.locator("#q5 .order", has=visitor.page.get_by_text(letter, exact=True))
    line.locator("select").select_option(number)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_time_left_stays_in_view_below_the_bar_of_the_portal(world, exam, visit, width) -> None:
    ada = visit(world.ada, width=width).go(f"/exams/{exam.pk}/").press("시험 시작")
    ada.page.locator("#q5 select").last.focus()
    ada.page.mouse.wheel(0, 5_000)
    ada.page.wait_for_function("scrollY > 100")

    bar, clock = (ada.page.locator(one).bounding_box() for one in (".top", ".clock"))

    assert 0 <= clock["y"] - (bar["y"] + bar["height"]) + 1 <= 2


def test_what_another_device_changed_is_asked_about(world, exam, visit) -> None:
    phone = visit(world.ada, language="en", width=390).go(f"/exams/{exam.pk}/").press("Begin the exam")
    phone.page.wait_for_url("**/attempts/**")
    desk = visit(world.ada, language="en").go(phone.page.url.removeprefix(phone.url))
    answer = "#q4 input:not([type=hidden])"

    phone.page.fill(answer, "on the phone")
    phone.page.locator("#q4[data-saves='1']").wait_for()
    desk.page.fill(answer, "at the desk")
    desk.page.locator("#q4 .elsewhere").wait_for()
    unasked = kept()[3]
    desk.page.click("#q4 [data-mine]")
    desk.page.locator("#q4[data-saves='2']").wait_for()

    assert (unasked, kept()[3]) == ("on the phone", "at the desk")
