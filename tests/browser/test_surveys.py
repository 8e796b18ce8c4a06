"""A survey by hand: what is written stays on the device until it is sent, and only there; by keyboard as well."""

import pytest

from dure.assessments.models import Respondent, SealedAnswer
from dure.assessments.operations.answering import ask
from dure.assessments.operations.surveys import open_survey
from tests.site.surveys.world import drafted

pytestmark = [pytest.mark.browser]
DRAFTS = "Object.keys(localStorage).filter((name) => name.startsWith('survey:')).length"


@pytest.fixture
def survey(world, settings, tmp_path):
    settings.SURVEY_KEYS = tmp_path / "keys"
    made = open_survey(drafted(world.host, by=world.operator))
    ask(made, {world.ada: ""})
    return made


def test_a_draft_stays_on_the_device_and_is_forgotten_once_it_is_sent(world, survey, visit) -> None:
    ada = visit(world.ada, width=390).go(f"/surveys/{survey.pk}/")
    ada.page.check("input[name=q-scale][value='4']")
    ada.page.fill("[name=q-number]", "12")

    ada.page.reload()
    kept = ada.page.is_checked("input[name=q-scale][value='4']"), ada.page.input_value("[name=q-number]")
    server = SealedAnswer.objects.count()
    ada.page.check("input[name=q-single][value='0']")
    ada.page.check("input[name=q-multiple][value='1']")
    ada.press("익명으로 보내기")
    ada.page.get_by_text("이 설문에 답했습니다").wait_for()

    assert (kept, server) == ((True, "12"), 0)
    assert (SealedAnswer.objects.count(), Respondent.objects.get().answered) == (1, True)
    assert ada.page.evaluate(DRAFTS) == 0


def test_a_survey_is_answered_by_keyboard_alone(world, survey, visit) -> None:
    page = visit(world.ada, language="en").go(f"/surveys/{survey.pk}/").page
    keys = page.keyboard

    page.focus("input[name=q-scale][value='1']")
    for key in ("ArrowRight", "Tab", "ArrowDown", "Tab", "Space", "Tab", "Tab", "Tab"):
        keys.press(key)
    keys.type("7")
    for key in ("Tab", "Tab", "Enter"):
        keys.press(key)
    page.locator(".empty strong").wait_for()

    assert SealedAnswer.objects.count() == 1
