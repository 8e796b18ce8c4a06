"""The whole way in a browser: apply, decide, settle, release, see the result; then compete, rank, see the prize."""

import pytest

from dure.jobs.worker import drain
from tests.browser.conftest import TRUTH, set_up_tasks

pytestmark = [pytest.mark.browser]
DESK = "/desk/field-ai-2026/"


def test_from_applying_to_the_prize(world, visit, tmp_path) -> None:
    """Everything that people do is done on pages; only the worker is run by hand."""
    set_up_tasks(world)
    ada, clerk = visit(world.ada), visit(world.clerk)

    ada.go("/programmes/field-ai-2026/").press("지원하기").press("참가하기")
    ada.page.fill("#id_motive", "현장에서 배우고 싶습니다")
    ada.page.fill("#id_years", "2")
    ada.page.locator("#saved", has_text="저장됨").wait_for()  # saved while writing
    ada.press("제출")
    assert "접수되었습니다" in ada.text
    drain()

    clerk.go("/me/reviews/").press("시작하기")
    assert "현장에서 배우고 싶습니다" in clerk.text
    clerk.press("통과, 다음")
    clerk.page.wait_for_url("**/me/reviews/decide/**")
    clerk.go(f"{DESK}stages/apply/").press("결과 확정…").press("결과 확정")
    assert "확정(발표 전)" in clerk.text
    ada.go("/me/")
    assert "제출함" in ada.text
    clerk.press("결과 발표")
    drain()

    ada.go("/me/").press("온라인 라운드")
    ada.page.check("input[value=vision]")
    ada.press("선택하기").press("동의합니다").press("제출하러 가기")
    predictions = tmp_path / "predictions.csv"
    predictions.write_text(TRUTH)
    ada.page.set_input_files("#file", predictions)
    ada.press("제출")
    ada.page.locator("#attempts tbody tr").first.wait_for()
    drain()
    ada.page.locator("text=채점 완료").wait_for()  # the list watches by itself
    clerk.go(f"{DESK}stages/task/").press("결과 확정…").press("결과 확정").press("결과 발표")

    ada.go("/me/")
    assert ("상금 1,500만 원" in ada.text, "현장 배지" in ada.text) == (True, True)
