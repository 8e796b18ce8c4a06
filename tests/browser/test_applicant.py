"""An applicant on a phone, and one with the keyboard alone: what they write is never lost."""

import re

import pytest

from dure.applications.models import Application
from dure.programmes.operations.publishing import make_programme, open_programme, publish
from tests.site.world import SOURCE

pytestmark = [pytest.mark.browser]
WITH_FILE = SOURCE.replace("do: {ask: [motive, years: number]}", "do: {ask: [motive, years: number], attach: [plan]}")

EARLY = """new MutationObserver((_, watch) => {
  const field = document.getElementById("id_motive");
  if (!field) return;
  watch.disconnect();
  field.value = "early";
}).observe(document, {childList: true, subtree: true})"""


@pytest.fixture
def applying(world) -> str:
    programme = make_programme(WITH_FILE, slug="with-file", by=world.operator, parties={"host": [world.host]})
    publish(programme)
    open_programme(programme)
    return "/programmes/with-file/apply/apply/"


def test_a_form_is_filled_in_on_a_phone(world, applying, visit, tmp_path) -> None:
    plan, program = tmp_path / "계획.pdf", tmp_path / "run.exe"
    plan.write_bytes(b"%PDF-1.4\n%%EOF\n")
    program.write_bytes(b"MZ" + bytes(64))
    ada = visit(world.ada, width=390)

    ada.go(applying).press("참가하기")
    ada.page.fill("#id_motive", "현장에서 배우고 싶습니다")
    ada.page.locator("#saved", has_text=re.compile(r"저장됨 \d\d:\d\d")).wait_for()
    ada.page.set_input_files("#file-plan", program)
    ada.page.locator("#wrong-plan").wait_for()
    ada.page.set_input_files("#file-plan", plan)
    ada.page.locator("#field-plan a", has_text="계획.pdf").wait_for()
    ada.page.reload()
    kept = ada.page.input_value("#id_motive"), ada.page.inner_text("#progress")
    ada.page.fill("#id_years", "3")
    ada.press("제출")
    ada.page.wait_for_url("**/receipts/1/")

    assert kept[0] == "현장에서 배우고 싶습니다"
    assert "필수 항목 3개 중 2개 작성" in kept[1]
    assert all(said in ada.text for said in ("접수증", "현장에서 배우고 싶습니다", "계획.pdf"))


def test_what_is_written_before_the_page_listens_is_saved(world, applying, visit) -> None:
    ada = visit(world.ada, width=390)
    ada.page.add_init_script(EARLY)

    ada.go(applying).press("참가하기")
    ada.page.locator("#saved", has_text=re.compile(r"저장됨 \d\d:\d\d")).wait_for()

    assert Application.objects.get().answers == {"motive": "early"}


def test_the_keyboard_alone_is_enough(world, applying, visit) -> None:
    ada = visit(world.ada, language="en")
    keys = ada.go("/programmes/field-ai-2026/apply/apply/").page.keyboard
    ada.tab_to("Take part")
    keys.press("Enter")
    ada.page.wait_for_url("**/turns/*/")

    ada.page.focus("#id_motive")
    keys.type("To learn in the field")
    keys.press("Tab")
    keys.type("3")
    ada.tab_to("Hand in")
    keys.press("Enter")
    ada.page.wait_for_url("**/receipts/1/")

    assert Application.objects.get().answers == {"motive": "To learn in the field", "years": "3"}


def test_what_cannot_be_saved_is_said_and_saved_later(world, applying, visit) -> None:
    ada = visit(world.ada)
    ada.go(applying).press("참가하기")
    ada.page.locator("#id_motive").wait_for()

    ada.context.set_offline(True)
    ada.page.fill("#id_motive", "끊긴 동안 쓴 글")
    ada.page.locator("#saved.wrong").wait_for()
    ada.context.set_offline(False)
    ada.page.locator("#saved", has_text=re.compile(r"저장됨")).wait_for()

    assert Application.objects.get().answers["motive"] == "끊긴 동안 쓴 글"
