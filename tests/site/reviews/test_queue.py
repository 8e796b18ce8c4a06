"""The queue: everything that waits for one's judgement, the most pressing first."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.joints.models import Review
from tests.site.conftest import client_of, text_of
from tests.site.reviews.panels import panels

pytestmark = [pytest.mark.django_db]


def test_the_queue_counts_what_is_left_and_leads_to_the_first(world) -> None:
    review = world.reviewing()
    client = client_of(world.judge)

    groups = client.get("/me/reviews/").context["groups"]
    first = client.get("/me/reviews/next/", follow=True)

    assert [(g.kind, g.title, g.left, g.done, g.late) for g in groups] == [("review", "면접", 1, 0, False)]
    assert first.redirect_chain[-1][0] == f"/reviews/{review.pk}/"


def test_what_has_waited_for_a_week_is_late_and_stands_first(world) -> None:
    found, judge = panels(2)
    world.reviewing()
    Review.objects.filter(turn__programme=found.programme).update(assigned_at=clock.now() - timedelta(days=8))
    Review.objects.filter(reviewer=judge).update(reviewer=world.judge)

    groups = client_of(world.judge).get("/me/reviews/").context["groups"]

    assert [(g.programme, g.left, g.late) for g in groups] == [
        (found.programme, 2, True),
        (world.programme, 1, False),
    ]


def test_decisions_wait_in_the_same_queue_and_can_be_filtered(world) -> None:
    world.applied()
    client = client_of(world.clerk)

    every = client.get("/me/reviews/").context["groups"]
    marks = client.get("/me/reviews/?kind=review").context["groups"]

    assert ([(g.kind, g.left) for g in every], marks) == ([("decide", 2)], [])


def test_an_empty_queue_leads_on(world) -> None:
    page = client_of(world.stranger).get("/me/reviews/")
    assert "기다리는 심사가 없습니다" in text_of(page)


def test_the_queue_takes_few_queries(world, django_assert_max_num_queries) -> None:
    world.applied()
    client = client_of(world.clerk)
    client.get("/me/reviews/")
    with django_assert_max_num_queries(20):
        client.get("/me/reviews/")
