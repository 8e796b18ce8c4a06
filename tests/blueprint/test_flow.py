"""The picture: every stage a box, every way an arrow, for sound blueprints and for those being written."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from dure.blueprint.flow import WIDE, Passing, as_svg, flow_of
from dure.blueprint.library import load_blueprint
from dure.blueprint.read import read
from dure.blueprint.yaml import read_document

ROOT = Path(__file__).parents[2] / "blueprints"
LIBRARY = sorted(ROOT.glob("*.yaml"))
RUSH = load_blueprint(ROOT / "06-naver-ai-rush-2020.yaml")


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_every_stage_is_a_box_and_no_box_lies_on_another(file):
    blueprint = load_blueprint(file)
    flow = flow_of(blueprint)

    assert [box.stage for box in flow.boxes] == [stage.id for stage in blueprint.stages]
    assert len(flow.arrows) == sum(len(stage.after) for stage in blueprint.stages)
    for one in flow.boxes:
        beside = [two for two in flow.boxes if two is not one and abs(one.x - two.x) < WIDE]
        assert all(two.y >= one.y + one.height or one.y >= two.y + two.height for two in beside)
        assert 0 <= one.x <= flow.width - WIDE
        assert one.y + one.height <= flow.height


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_the_picture_is_well_formed_and_can_be_followed_by_keyboard(file):
    blueprint = load_blueprint(file)

    drawn = ET.fromstring(as_svg(flow_of(blueprint), ("ko",), lambda stage: {"href": f"#{stage}"}))  # noqa: S314 -- our own drawing

    links = drawn.findall("a")
    assert [link.get("href") for link in links] == [f"#{stage.id}" for stage in blueprint.stages]
    assert all(
        blueprint.word(stage.id).ko in link.get("aria-label")
        for stage, link in zip(blueprint.stages, links, strict=True)
    )


def test_a_box_tells_its_gate_and_gives():
    told = flow_of(RUSH).boxes[2].told("en")
    assert told == (
        "Round 2 · round · places: 3 · score · each option · Prize · KRW 15,000,000 · "
        "Interview for regular hiring · Result counts in screening"
    )


def test_a_rehearsal_gives_arrows_their_width():
    passing = {"apply": Passing(400, 100, 300), "r1": Passing(100, 80, 20), "r2": Passing(40, 24, 16)}
    arrows = flow_of(RUSH, passing).arrows
    assert [(arrow.out, arrow.part) for arrow in arrows] == [(False, 0.25), (False, 0.8), (False, 0.6), (True, 0.4)]


def test_a_way_that_leads_nowhere_yet_is_left_out():
    text = (ROOT / "06-naver-ai-rush-2020.yaml").read_text().replace('after: [r2, "r2:out"]', "after: [r9, r2]")
    blueprint, _ = read(read_document(text.encode(), "-"))

    assert [arrow.above.stage for arrow in flow_of(blueprint).arrows] == ["apply", "r1", "r2"]
