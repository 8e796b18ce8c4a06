"""The documentation's pictures: every one that a page names is made, from the demo (`make screens`) or from here.

What `make screens` made stays; where it was not run, pages of the small programme stand in.
"""

import re

import pytest

from dure.blueprint.library import load_blueprint
from dure.blueprint.rehearsal import rehearse
from dure.core import clock
from dure.programmes.operations.drafting import begin, keep_rehearsal, version_in_force
from dure.site.docs.shelves import ROOT as DOCS
from dure.site.docs.shelves import screen_file
from dure.site.studio.shelf import source_of
from tests.browser.conftest import set_up_tasks
from tests.challenges.conftest import START, crowd, make_task

pytestmark = [pytest.mark.browser]
NAMED = re.compile(r"!\[[^\]]*\]\((?:\.\./)*screens/([a-z-]+)\.png\)")
OF_APPLICANTS = {"home", "programmes", "programme", "apply", "my-work", "submit", "board"}
OF_STAFF = {"desk", "participants", "case", "settle", "studio", "rehearse", "make", "review", "operator"}


def pictured(visit, scenes) -> dict[str, int]:
    """Take what is missing in both languages; what each page answered."""
    found = {}
    for language in ("ko", "en"):
        for name, (path, person) in scenes.items():
            file = screen_file(name, language)
            file.parent.mkdir(parents=True, exist_ok=True)
            visitor = visit(person, language=language)
            found[name] = visitor.page.goto(f"{visitor.url}{path}").status
            if not file.exists():
                visitor.page.screenshot(path=file, caret="initial")
    return found


def test_what_applicants_see(world, visit) -> None:
    set_up_tasks(world)
    world.competing()
    with clock.at(START):
        board = make_task()
        crowd(board, [(0.9, 0.8), (0.85, 0.9), (0.7, 0.75)])
    programme = "/programmes/field-ai-2026/"

    found = pictured(visit, {
        "home": ("/", None), "programmes": ("/programmes/", None), "programme": (programme, None),
        "apply": (f"{programme}apply/apply/", world.stranger), "my-work": ("/me/", world.ada),
        "submit": (f"/turns/{world.turn(world.ada, 'task').pk}/round/", world.ada),
        "board": (f"/tasks/{board.pk}/", None),
    })  # fmt: skip

    assert found == dict.fromkeys(OF_APPLICANTS, 200)


def test_what_those_who_run_it_see(world, visit) -> None:
    review = world.reviewing()
    desk = "/desk/field-ai-2026/"
    source = source_of("naver-ai-rush")
    draft = begin(source, by=world.operator)
    outcome = rehearse(load_blueprint(source.encode()), cases=20)
    rehearsal = keep_rehearsal(version_in_force(draft), outcome, overrides={})

    found = pictured(visit, {
        "desk": (desk, world.clerk), "participants": (f"{desk}participants/", world.clerk),
        "case": (f"{desk}cases/1/", world.clerk), "settle": (f"{desk}stages/talk/settle/", world.clerk),
        "studio": (f"/studio/{draft.pk}/", world.operator),
        "rehearse": (f"/studio/rehearsals/{rehearsal.pk}/", world.operator),
        "make": ("/make/library/lg-aimers/", world.operator), "review": (f"/reviews/{review.pk}/", world.judge),
        "operator": ("/operator/", world.operator),
    })  # fmt: skip

    assert found == dict.fromkeys(OF_STAFF, 200)


def test_every_picture_that_a_page_names_is_made() -> None:
    named = {name for page in DOCS.rglob("*.md") for name in NAMED.findall(page.read_text(encoding="utf-8"))}

    assert named - OF_APPLICANTS - OF_STAFF == set()
