"""Announcements through the API: written, sent by workers, watched, stopped; for operators alone."""

import pytest

from dure.jobs.worker import drain
from tests.api.stories import Story

pytestmark = pytest.mark.django_db
TEXTS = {"subject_ko": "안내", "subject_en": "News", "body_ko": "{name} 님", "body_en": "Dear {name}"}


@pytest.fixture
def story() -> Story:
    story = Story.opened()
    story.apply(story.ada)
    story.apply(story.bo)
    return story


def test_one_is_written_changed_and_sent_by_workers(story) -> None:
    made = story.clerk.post(f"{story.at}/announcements", {**TEXTS, "group": {"cases": [1]}}, 201)
    way = f"/announcements/{made['id']}"

    story.clerk.put(way, TEXTS)
    sending = story.clerk.post(f"{way}/send")
    drain({"programmes.announce"})

    sent = story.clerk.get(way)
    assert [(row["state"], row["told"], row["receivers"]) for row in (made, sending, sent)] == [
        ("draft", 0, 0), ("sending", 0, 2), ("sent", 2, 2),
    ]  # fmt: skip
    assert (sent["waiting"], sent["failed"]) == (2, 0)
    assert story.clerk.get(f"{story.at}/announcements")["items"] == [sent]


def test_sending_is_stopped(story) -> None:
    way = f"/announcements/{story.clerk.post(f'{story.at}/announcements', TEXTS, 201)['id']}"
    story.clerk.post(f"{way}/send")

    stopped = story.clerk.post(f"{way}/stop")
    drain({"programmes.announce"})

    assert (stopped["state"], story.clerk.get(way)["told"]) == ("stopped", 0)
    assert story.clerk.post(f"{way}/send", status=409)["code"] == "state.move"


def test_a_draft_is_thrown_away(story) -> None:
    way = f"/announcements/{story.clerk.post(f'{story.at}/announcements', TEXTS, 201)['id']}"

    story.clerk.delete(way)

    assert story.clerk.get(way, 404)["code"] == "announcement.missing"


def test_it_is_the_operators_alone(story) -> None:
    way = f"/announcements/{story.clerk.post(f'{story.at}/announcements', TEXTS, 201)['id']}"

    codes = [who.call("get", way).status_code for who in (story.clerk, story.root, story.judge, story.ada)]

    assert codes == [200, 200, 404, 404]
    assert story.ada.post(f"{story.at}/announcements", TEXTS, 403)["code"] == "programme.not-yours"
