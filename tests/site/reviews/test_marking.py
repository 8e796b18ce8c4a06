"""Reviewers: marks beside the hand-in, drafts, taking back, what a blind panel sees, comparing."""

from uuid import uuid4

import pytest

from dure.applications.operations import attach, save, send
from dure.jobs.worker import drain
from dure.joints.gates.panel import assign, give_marks
from dure.joints.models import Review
from dure.joints.stages.forms import application_of
from dure.programmes.models import Decision
from tests.factories import make_person
from tests.programmes.build import live
from tests.site.conftest import client_of, text_of
from tests.site.reviews.panels import RUBRIC, panels

pytestmark = [pytest.mark.django_db]
MARKS = {"idea": "80", "craft": "90.5", "comment": "좋습니다"}
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer << >>\n%%EOF\n"


def reviews_of(judge):
    return list(Review.objects.filter(reviewer=judge).order_by("pk"))


def test_marks_are_given_for_every_criterion(world) -> None:
    review = world.reviewing()
    client = client_of(world.judge)

    flawed = client.post(f"/reviews/{review.pk}/", {"idea": "120", "craft": ""})
    client.post(f"/reviews/{review.pk}/", MARKS)
    drain()

    assert set(flawed.context["form"].errors) == {"idea", "craft"}
    review.refresh_from_db()
    assert (review.state, review.marks, review.comment) == ("done", {"idea": 80, "craft": 90.5}, "좋습니다")
    assert Decision.objects.get(turn=review.turn).verdict == "passed"


def test_what_is_sent_leads_to_the_next_one_and_at_the_end_to_the_list() -> None:
    found, judge = panels(2)
    first, second = reviews_of(judge)
    client = client_of(judge)

    onwards = client.post(f"/reviews/{first.pk}/", MARKS)
    back = client.post(f"/reviews/{second.pk}/", MARKS)

    assert (onwards["Location"], back["Location"]) == (
        f"/reviews/{second.pk}/", f"/me/reviews/panel/{found.programme.slug}/paper/0/"
    )  # fmt: skip


def test_a_draft_is_kept_with_the_time_spent_and_comes_back() -> None:
    _, judge = panels(1)
    [review] = reviews_of(judge)
    client = client_of(judge)

    client.post(f"/reviews/{review.pk}/draft/", {"idea": "70", "craft": "much", "comment": "…", "spent": "40"})
    client.post(f"/reviews/{review.pk}/draft/", {"idea": "75", "comment": "…", "spent": "20"})
    form = client.get(f"/reviews/{review.pk}/").context["form"]

    review.refresh_from_db()
    assert (form["idea"].value(), form["craft"].value(), review.seconds, review.state) == (75.0, None, 60, "assigned")


def test_marks_can_be_taken_back_until_the_result_is_set() -> None:
    found, judge = panels(2, take=1)
    first, second = reviews_of(judge)
    client = client_of(judge)
    for review in (first, second):
        client.post(f"/reviews/{review.pk}/", MARKS)

    client.post(f"/reviews/{first.pk}/take-back/")
    form = client.get(f"/reviews/{first.pk}/").context["form"]
    client.post(f"/reviews/{first.pk}/", MARKS)
    drain()
    found.settle("paper")
    too_late = client.post(f"/reviews/{second.pk}/take-back/")

    assert (form["idea"].value(), too_late.status_code) == (80, 409)
    assert [review.state for review in reviews_of(judge)] == ["done", "done"]


def test_how_the_panel_marked_is_shown_once_the_result_is_set() -> None:
    found, judge = panels(1, each=2, take=1)
    [review] = reviews_of(judge)
    [other] = reviews_of(found.seats["second"])
    give_marks(review, marks={"idea": 80, "craft": 80}, by=judge)
    give_marks(other, marks={"idea": 60, "craft": 60}, by=found.seats["second"])
    drain()
    client, page = client_of(judge), f"/me/reviews/panel/{found.programme.slug}/paper/0/"

    before = client.get(f"/reviews/{review.pk}/").context["others"], client.get(page).context["known"].n
    found.settle("paper")
    known = client.get(page).context["known"]

    assert before == (None, 0)
    assert (client.get(f"/reviews/{review.pk}/").context["others"], known.own, known.panel, known.apart) == (
        70, 80, 70, 10
    )  # fmt: skip


def sent_with_file(name: str = "홍길동_제안서.pdf"):
    """Somebody of a telling name has sent a form with a file of a telling name; its review."""
    gate = f"{{panel: {{role: judge, rubric: {RUBRIC}, each: 1, conflicts: []}}}}"
    found = live(f"- {{id: paper, kind: form, entry: open, do: {{ask: [abstract], attach: [draft]}}, gate: [{gate}]}}")
    person = make_person(name="홍길동")
    turn = found.enter("paper", by=person)
    application = application_of(turn, by=person)
    application = save(application, answers={"abstract": "요약"}, version=application.version, by=person)
    file = attach(application, "draft", content=[PDF], name=name, by=person)
    application.refresh_from_db()
    send(application, version=application.version, by=person)
    drain()
    return found, assign(found.again(turn), 0, reviewer=found.seats["judge"], by=found.operator), file


def fetched(client, address):
    """The answer, read to its end."""
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == PDF
    return answer


def test_a_blind_panel_reads_no_name_anywhere(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    found, review, file = sent_with_file()
    client = client_of(found.seats["judge"])

    page = client.get(f"/reviews/{review.pk}/")
    shown = fetched(client, f"/reviews/{review.pk}/files/{file.pk}/")
    listed = client.get(f"/me/reviews/panel/{found.programme.slug}/paper/0/")

    assert "요약" in text_of(page)
    told = page.content.decode() + listed.content.decode() + shown["Content-Disposition"]
    assert [name for name in ("홍길동", "%ED%99%8D", "제안서") if name in told] == []


def test_who_meets_somebody_knows_who_they_are(world) -> None:
    review = world.reviewing()
    assert "박하늘" in text_of(client_of(world.judge).get(f"/reviews/{review.pk}/"))


def test_a_file_stands_in_its_place_and_acts_nowhere(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    found, review, file = sent_with_file()
    client, address = client_of(found.seats["judge"]), f"/reviews/{review.pk}/files/{file.pk}/"

    shown, saved = fetched(client, address), fetched(client, f"{address}?save=yes")

    heads = ("Content-Type", "X-Content-Type-Options", "X-Frame-Options")
    assert [shown[head] for head in heads] == ["application/pdf", "nosniff", "SAMEORIGIN"]
    assert shown["Content-Security-Policy"].startswith("default-src 'none'")
    assert (shown["Content-Disposition"][:6], saved["Content-Disposition"][:10]) == ("inline", "attachment")
    assert client.get(f"/reviews/{review.pk}/files/{uuid4()}/").status_code == 404
    assert client_of(found.seats["head"]).get(address).status_code == 404


def test_a_reviewer_steps_back_and_says_why() -> None:
    _, judge = panels(1)
    [review] = reviews_of(judge)

    client_of(judge).post(f"/reviews/{review.pk}/conflict/", {"kind": ["같은 기관"], "why": "같은 연구실"})

    review.refresh_from_db()
    assert (review.state, review.conflict) == ("declined", "같은 기관 · 같은 연구실")


def test_a_review_is_its_reviewers_alone(world) -> None:
    review = world.reviewing()
    codes = {who.name: client_of(who).get(f"/reviews/{review.pk}/").status_code for who in (world.clerk, world.ada)}
    assert codes == {"김담당": 404, "박하늘": 404}


def test_two_or_three_of_one_panel_stand_side_by_side() -> None:
    _, judge = panels(2)
    first, second = reviews_of(judge)
    client = client_of(judge)

    beside = client.get(f"/me/reviews/compare/?r={first.pk}&r={second.pk}")
    alone = client.get(f"/me/reviews/compare/?r={first.pk}")

    assert [values for _, values in beside.context["rows"]] == [["A paper", "A paper"]]
    assert alone.status_code == 409


def test_a_hand_in_that_was_replaced_asks_nobody_any_more() -> None:
    found, judge = panels(1)
    [review] = reviews_of(judge)
    found.hand_in(review.turn, abstract="A better paper")

    page = client_of(judge).get(f"/reviews/{review.pk}/")

    assert (page.context["form"], client_of(judge).get("/me/reviews/").context["left"]) == (None, 0)


def test_a_panels_list_asks_the_same_however_long_it_is(world, django_assert_max_num_queries) -> None:
    found, judge = panels(3)
    client, page = client_of(judge), f"/me/reviews/panel/{found.programme.slug}/paper/0/"
    client.get(page)

    with django_assert_max_num_queries(14):
        assert len(client.get(page).context["rows"]) == 3
