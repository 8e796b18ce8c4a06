"""Handing in, and confirming a result, by Tab and Enter alone; applying and judging stand beside their own pages."""

import pytest

from dure.challenges.models import Submission
from dure.programmes.models import Settlement
from tests.browser.conftest import TRUTH, set_up_tasks

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("ko", ("제출하기", "파일을 끌어다 놓거나 눌러서 고르세요", "제출")),
        ("en", ("Hand in an attempt", "Drop a file here or choose one", "Hand in")),
    ],
)
def test_an_attempt_is_handed_in(world, visit, tmp_path, language, says) -> None:
    to_round, file, send = says
    set_up_tasks(world)
    world.competing()
    ada = visit(world.ada, language=language).go("/me/")
    predictions = tmp_path / "predictions.csv"
    predictions.write_text(TRUTH)

    ada.enter(to_round)
    with ada.page.expect_file_chooser() as chooser:
        ada.tab_to(file).page.keyboard.press("Enter")
    chooser.value.set_files(predictions)
    ada.tab_to(send).page.keyboard.press("Enter")
    ada.page.locator("#attempts tbody tr").first.wait_for()

    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "says"),
    [("ko", ("결과 확정…", "결과 확정", "결과 발표")), ("en", ("Settle …", "Settle", "Release the result"))],
)
def test_a_result_is_confirmed_and_released(world, visit, language, says) -> None:
    look, confirm, release = says
    world.applied()
    world.decided()
    clerk = visit(world.clerk, language=language).go("/desk/field-ai-2026/stages/apply/")

    clerk.enter(look).enter(confirm).enter(release)

    assert Settlement.objects.get().state == "released"
