"""The studio at a browser: writing with offers and marks, fields, a rehearsal, and a programme in four clicks."""

import pytest

from dure.people.models import Role
from dure.programmes.models import Draft, Programme
from dure.programmes.operations.drafting import begin, version_in_force, write
from dure.site.studio.shelf import source_of
from tests.factories import make_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAYS = [("ko", 1280), ("en", 390)]


@pytest.fixture
def maker(world):
    """The clerk looks after the host, and so may make programmes."""
    make_member(world.host, world.clerk, role=Role.ADMIN)
    return world.clerk


@pytest.fixture
def draft(maker):
    return begin(source_of("naver-ai-rush"), by=maker)


def text_of(draft: Draft) -> str:
    return version_in_force(Draft.objects.get(pk=draft.pk)).text


def saved(page) -> None:
    """Until nothing waits to be sent."""
    page.wait_for_selector("#saved:not([data-busy])")


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_writing_with_the_keyboard_alone(visit, maker, draft, language, width):
    page = visit(maker, language=language, width=width).go(f"/studio/{draft.pk}/").page
    page.focus("#text")
    page.keyboard.press("Control+End")
    page.keyboard.type("\nmeas")
    page.wait_for_selector("#offers:not([hidden]) li")

    page.keyboard.press("Enter")
    page.wait_for_selector("#faults [data-line]")
    marked = page.inner_text(".gutter .bad").strip()
    page.keyboard.press("Tab")
    saved(page)

    assert text_of(draft).endswith("\nmeasures:   ")
    assert marked == str(len(text_of(draft).split("\n")))
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") != "text"


def test_korean_is_composed_without_the_editors_keys(visit, maker, draft):
    page = visit(maker).go(f"/studio/{draft.pk}/").page
    page.focus("#text")
    page.keyboard.press("Control+Home")
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "한", "selectionStart": 1, "selectionEnd": 1})
    composing = page.evaluate("document.querySelector('.paper').classList.contains('composing')")
    session.send("Input.insertText", {"text": "한글"})
    page.keyboard.type("# ")
    page.wait_for_selector(".paper:not(.composing)")
    saved(page)

    assert composing
    assert text_of(draft).startswith("한글# ")


def test_a_fault_and_a_box_lead_to_their_line(visit, maker, draft):
    write(draft, text_of(draft).replace("role: recruiter, take", "role: recruter, take"), revision=None)
    page = visit(maker).go(f"/studio/{draft.pk}/").page

    def line():
        return page.evaluate("text.value.slice(0, text.selectionStart).split('\\n').length")

    page.click("#faults [data-line]")
    assert "recruter" in text_of(draft).split("\n")[line() - 1]
    page.focus("#picture a >> nth=2")
    page.keyboard.press("Enter")
    assert text_of(draft).split("\n")[line() - 1] == "  - id: r2"


def test_another_window_does_not_overwrite(visit, maker, draft):
    page = visit(maker).go(f"/studio/{draft.pk}/").page
    write(draft, "blueprint: theirs\n", revision=None)
    page.focus("#text")
    page.keyboard.press("Control+Home")
    page.keyboard.type("# mine\n")
    page.wait_for_selector("#faults.confirm")
    kept = text_of(draft)
    page.click("#faults button")
    page.wait_for_load_state()

    assert kept == "blueprint: theirs\n"
    assert text_of(draft).startswith("# mine\n")


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_fields_write_the_text_and_can_be_taken_back(visit, maker, draft, language, width):
    before = text_of(draft)
    page = visit(maker, language=language, width=width).go(f"/studio/{draft.pk}/?view=form&at=r1").page
    page.fill('input[name=\'v["stages", 1, "gate", 0, "rank", "take"]\']', "50")
    page.keyboard.press("Tab")
    page.wait_for_selector("#steps button:not([disabled])")
    changed = text_of(draft)
    page.click("#steps button >> nth=0")
    page.wait_for_load_state()

    assert changed == before.replace("take: 40, per", "take: 50, per")
    assert text_of(draft) == before


def test_a_stage_is_added_with_the_fields_of_its_kind(visit, maker, draft):
    page = visit(maker).go(f"/studio/{draft.pk}/?view=form").page
    page.select_option("#new-stage", "event")
    page.click("button[value='add:[\"stages\"]']")
    page.wait_for_selector(".parts a:has-text('event-1')")
    page.click(".parts a:has-text('event-1')")

    assert page.input_value('select[name=\'v["stages", 4, "do", "type"]\']') == "seminar"
    assert "  - id: event-1\n" in text_of(draft) or "{id: event-1" in text_of(draft)


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_rehearsal_is_run_kept_and_compared(visit, maker, draft, language, width):
    visitor = visit(maker, language=language, width=width).go(f"/studio/{draft.pk}/rehearse/")
    page = visitor.page
    for cases in ("400", "200"):
        visitor.go(f"/studio/{draft.pk}/rehearse/")
        page.fill("#cases", cases)
        page.click("form.panel button.main")
        page.wait_for_url("**/studio/rehearsals/**")
    page.click("main a[href*='/beside/']")

    assert page.locator("tr.own").count() > 3
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_programme_in_four_clicks(visit, maker, language, width):
    page = visit(maker, language=language, width=width).go("/make/").page
    page.click("a[href='/make/library/lg-aimers/']")
    page.click("button[name=check]")
    page.click("button[name=make]")
    page.wait_for_url("**/desk/lg-aimers-*/")

    made = Programme.objects.latest("made_at")
    assert (made.state, made.blueprint_name, made.made_by) == ("draft", "lg-aimers", maker)
