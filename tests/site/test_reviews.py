"""Reviewers and deciders."""

import pytest

from dure.jobs.worker import drain
from dure.joints.models import Review
from dure.programmes.models import Decision
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]


def test_the_queue_leads_to_what_waits(world) -> None:
    review = world.reviewing()
    page = client_of(world.judge).get("/me/reviews/")
    assert f'href="/reviews/{review.pk}/"' in page.content.decode()


def test_marks_are_given_for_every_criterion(world) -> None:
    review = world.reviewing()
    client = client_of(world.judge)

    flawed = client.post(f"/reviews/{review.pk}/", {"idea": "120", "craft": ""})
    client.post(f"/reviews/{review.pk}/", {"idea": "80", "craft": "90.5", "comment": "좋습니다"})
    drain()

    assert set(flawed.context["form"].errors) == {"idea", "craft"}
    review.refresh_from_db()
    assert (review.state, review.marks, review.comment) == ("done", {"idea": 80, "craft": 90.5}, "좋습니다")
    assert Decision.objects.get(turn=review.turn).verdict == "passed"


def test_a_reviewer_steps_back(world) -> None:
    review = world.reviewing()
    client_of(world.judge).post(f"/reviews/{review.pk}/conflict/", {"why": "같은 연구실"})
    assert Review.objects.get().state == "declined"


def test_a_review_is_its_reviewers_alone(world) -> None:
    review = world.reviewing()
    codes = {who.name: client_of(who).get(f"/reviews/{review.pk}/").status_code for who in (world.clerk, world.ada)}
    assert codes == {"김담당": 404, "박하늘": 404}


def test_a_decision_shows_what_was_handed_in(world) -> None:
    world.applied()
    turn, client = world.turn(world.ada, "apply"), client_of(world.clerk)

    queue = client.get("/me/reviews/").content.decode()
    page = text_of(client.get(f"/decisions/{turn.pk}/0/"))

    assert (f'href="/decisions/{turn.pk}/0/"' in queue, "지원 동기 현장" in page) == (True, True)


def test_who_does_not_decide_sees_no_decision(world) -> None:
    world.applied()
    turn = world.turn(world.ada, "apply")
    assert client_of(world.judge).get(f"/decisions/{turn.pk}/0/").status_code == 404
