"""Judging through the API: reasons in both languages, marks taken back, letters for seats sent again."""

import pytest

from dure.people.models import Invitation
from tests.api.stories import Story

pytestmark = pytest.mark.django_db


def test_a_reason_is_given_in_both_languages():
    story = Story.opened()
    turn = story.apply(story.ada)

    said = story.clerk.post(
        f"/turns/{turn['id']}/says", {"step": 1, "yes": False, "reason": "경험 부족", "reason_en": "Too new"}, 201
    )

    assert (said["reason"], said["reason_en"]) == ("경험 부족", "Too new")


def test_many_reasons_are_given_in_both_languages_at_once():
    story = Story.opened()
    turn = story.apply(story.ada)
    row = {"turn": turn["id"], "step": 1, "yes": False, "reason": "경험 부족", "reason_en": "Too new"}

    (said,) = story.clerk.post(f"{story.at}/stages/apply/says", {"rows": [row]}, 201)["items"]

    assert (said["reason"], said["reason_en"]) == ("경험 부족", "Too new")


def test_marks_are_taken_back_by_their_reviewer_alone():
    story = Story.opened()
    story.judged()
    review = story.judge.get("/me/reviews?state=done")["items"][0]
    way = f"/reviews/{review['id']}/take-back"

    refused = story.clerk.post(way, status=403)["code"]
    taken = story.judge.post(way)

    assert refused == "review.not-yours"
    assert (taken["state"], taken["marks"]) == ("assigned", {})


def test_a_letter_for_a_seat_is_sent_again_with_a_new_link():
    story = Story.opened()
    sent = story.clerk.post(f"{story.at}/seats/invitations", {"role": "judge", "email": "new@example.org"}, 201)

    again = story.clerk.post(f"{story.at}/seats/invitations/{sent['id']}/again", status=201)

    assert dict(Invitation.objects.values_list("pk", "state")) == {
        Invitation.objects.get(pk=sent["id"]).pk: "withdrawn", Invitation.objects.get(pk=again["id"]).pk: "pending",
    }  # fmt: skip
    assert (
        story.ada.post(f"{story.at}/seats/invitations/{again['id']}/again", status=403)["code"] == "programme.not-yours"
    )
