"""Supervisors and mentors: whom they are with, and the evidence that they record."""

import pytest

from dure.programmes.operations.seating import attach
from tests.programmes.build import live, project
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]


def supervised():
    found = live(project(mentors=1))
    turn = found.enter("build")
    attach(turn, "mentor", person=found.seats["mentor"])
    return found, turn


def test_a_mentor_sees_their_people_and_what_is_open() -> None:
    found, turn = supervised()
    found.enter("build")
    client = client_of(found.seats["mentor"])

    groups = client.get("/me/reviews/").context["groups"]
    rows = client.get(f"/me/reviews/with/{found.programme.slug}/build/").context["rows"]

    assert [(group.kind, group.left, group.done) for group in groups] == [("supervise", 1, 0)]
    assert [row.turn for row in rows] == [turn]


def test_evidence_is_kept_first_and_handed_in_when_it_is_complete() -> None:
    found, turn = supervised()
    client = client_of(found.seats["mentor"])

    flawed = client.post(f"/reviews/with/{turn.pk}/", {"milestones": "7"})
    client.post(f"/reviews/with/{turn.pk}/", {"milestones": "0.5", "keep": "yes"})
    kept = found.again(turn)
    client.post(f"/reviews/with/{turn.pk}/", {"milestones": "1", "deliverables": "2"})

    assert set(flawed.context["form"].errors) == {"milestones"}
    assert (kept.state, kept.evidence.values["milestones"]) == ("open", 0.5)
    assert (found.again(turn).state, found.again(turn).evidence.values["milestones"]) == ("handed-in", 1)


def test_nobody_else_is_with_them() -> None:
    found, turn = supervised()
    codes = [
        client_of(who).get(path).status_code
        for who in (found.seats["judge"], found.operator)
        for path in (f"/reviews/with/{turn.pk}/", f"/me/reviews/with/{found.programme.slug}/build/")
    ]
    assert codes == [404, 404, 404, 404]


def test_what_was_recorded_stands_beside_the_form() -> None:
    found, turn = supervised()
    client = client_of(found.seats["mentor"])
    client.post(f"/reviews/with/{turn.pk}/", {"milestones": "0.5", "keep": "yes"})
    assert "0.5" in text_of(client.get(f"/reviews/with/{turn.pk}/"))
