"""Batches through the API: an act on many checked and done by workers, a workbook written, both watched."""

import io

import pytest
from python_calamine import CalamineWorkbook

from dure.jobs.worker import drain
from tests.api.stories import Story

pytestmark = pytest.mark.django_db
BATCHES = {"joints.act-on-next", "joints.write-sheet"}


@pytest.fixture
def story(settings, tmp_path) -> Story:
    """Two have applied and wait for the clerk's word."""
    settings.MEDIA_ROOT = tmp_path
    story = Story.opened()
    for who in (story.ada, story.bo):
        story.apply(who)
    return story


def test_everybody_is_decided_about_after_a_check(story) -> None:
    way = f"{story.at}/stages/apply/acts"
    check = story.clerk.post(way, {"act": "yes", "check_only": True}, 201)
    early = story.clerk.post(f"/batches/{check['id']}/apply", status=409)["code"]
    drain(BATCHES)
    done = story.clerk.post(f"/batches/{check['id']}/apply", status=201)
    drain(BATCHES)

    seen = [story.clerk.get(f"/batches/{batch['id']}") for batch in (check, done)]
    lines = story.clerk.get(f"/batches/{done['id']}/lines?limit=1")
    rest = story.clerk.get(f"/batches/{done['id']}/lines?after={lines['next']}")
    assert early == "batch.unchecked"
    assert [(b["state"], b["done"], b["refused"], b["in_all"]) for b in seen] == [("done", 2, 0, 2)] * 2
    assert [line["done"] for line in lines["items"] + rest["items"]] == [True, True]
    assert story.clerk.get(f"{story.at}/stages/apply/turns")["items"][0]["state"] != "out"


def test_what_cannot_be_done_at_a_stage_and_a_no_without_a_reason_are_told(story) -> None:
    way = f"{story.at}/stages/apply/acts"

    assert story.clerk.post(way, {"act": "reviewers"}, 409)["code"] == "batch.act"
    assert story.clerk.post(way, {"act": "no"}, 422)["code"] == "batch.reason"
    assert story.clerk.post(way, {"act": "yes", "group": {"state": "passed"}}, 409)["code"] == "batch.nobody"


def test_a_workbook_is_written_and_taken(story) -> None:
    asked = story.clerk.post(f"{story.at}/sheets/cohort/workbook", status=201)
    early = story.clerk.get(f"/batches/{asked['id']}/file", 404)["code"]
    drain(BATCHES)

    book = story.clerk.call("get", f"/batches/{asked['id']}/file").getvalue()

    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert (early, len(rows)) == ("batch.gone", 3)


def test_a_batch_is_stopped_and_is_the_operators_alone(story) -> None:
    batch = story.clerk.post(f"{story.at}/stages/apply/acts", {"act": "yes"}, 201)
    way = f"/batches/{batch['id']}"

    codes = [who.call("get", way).status_code for who in (story.clerk, story.judge, story.ada)]
    stopped = story.clerk.post(f"{way}/stop")
    drain(BATCHES)

    assert (codes, stopped["state"], story.clerk.get(way)["done"]) == ([200, 404, 404], "stopped", 0)
    assert [found["id"] for found in story.clerk.get(f"{story.at}/batches")["items"]] == [batch["id"]]
