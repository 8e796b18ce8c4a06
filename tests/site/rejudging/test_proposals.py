"""Judging again at the desk: propose, watch, look at every change, apply or discard, take it back."""

import pytest

from dure.challenges.models import Best, Proposal, Task
from dure.jobs.worker import drain
from tests.site.conftest import client_of
from tests.site.rejudging.conftest import STAGE, TURNED, file_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(handed_in) -> Task:
    return Task.objects.get(option="vision")


def form(**known) -> dict[str, object]:
    usual = {"metric": "accuracy", "environment": "standard", "wall_seconds": 600, "memory_mib": 2048, "why": "swapped"}
    return usual | known


@pytest.fixture
def proposal(handed_in, task) -> Proposal:
    answer = handed_in.post(f"{STAGE}again/new/{task.pk}/", form(labels=file_of(TURNED)))
    assert answer.status_code == 302, answer.content.decode()
    drain()
    return Proposal.objects.get()


def of(proposal: Proposal, what: str = "") -> str:
    return f"{STAGE}again/{proposal.pk}/{what}"


def test_the_list_leads_to_a_form_that_is_filled_as_the_task_is_scored(handed_in, task):
    page = handed_in.get(f"{STAGE}again/").content.decode()
    filled = handed_in.get(f"{STAGE}again/new/{task.pk}/").content.decode()

    assert f"{STAGE}again/new/{task.pk}/" in page
    assert '<option value="accuracy" selected>' in filled


def test_what_changes_nothing_is_refused_in_words(handed_in, task):
    answer = handed_in.post(f"{STAGE}again/new/{task.pk}/", form())

    assert answer.status_code == 409
    assert "Nothing differs" in answer.content.decode()


def test_labels_that_are_not_in_order_are_told_at_the_form(handed_in, task):
    answer = handed_in.post(f"{STAGE}again/new/{task.pk}/", form(labels=file_of("id\n1\n")))

    assert answer.status_code == 200
    assert 'class="note bad"' in answer.content.decode()


def test_every_change_is_shown_and_nothing_is_changed_yet(handed_in, proposal):
    page = handed_in.get(of(proposal)).content.decode()

    assert "Apply it?" in page
    assert "1.000000 → 0.000000" in page
    assert Best.objects.get(task=proposal.task_id).best.public_score == 1.0


def test_changes_are_filtered(handed_in, proposal):
    assert "1.000000 → 0.000000" in handed_in.get(of(proposal) + "?only=score").content.decode()
    filtered = handed_in.get(of(proposal) + "?only=up").content.decode()
    assert "place or score changes." in filtered


def test_changes_are_taken_as_csv_that_no_spreadsheet_runs(handed_in, proposal):
    entrant = Best.objects.get(task=proposal.task_id).entrant
    entrant.title = "=1+1"
    entrant.save(update_fields=["title"])

    places = b"".join(handed_in.get(of(proposal, "places.csv")).streaming_content).decode()
    attempts = b"".join(handed_in.get(of(proposal, "attempts.csv")).streaming_content).decode()

    assert [line.split(",")[0] for line in places.splitlines()[1:]] == ["'=1+1"]
    assert attempts.splitlines()[1].startswith("'=1+1,1,Scored,Scored,1.0,0.0,1.0,0.0")


def test_applying_and_taking_it_back(handed_in, proposal):
    assert handed_in.post(of(proposal, "apply/")).status_code == 302
    assert Best.objects.get(task=proposal.task_id).best.public_score == 0.0

    answer = handed_in.post(of(proposal, "back/"))
    drain()
    back = Proposal.objects.latest("pk")
    assert answer.url == of(back)
    handed_in.post(of(back, "apply/"))
    assert Best.objects.get(task=proposal.task_id).best.public_score == 1.0


def test_discarding(handed_in, proposal):
    handed_in.post(of(proposal, "discard/"))

    assert Proposal.objects.get().state == "discarded"
    assert "Discarded" in handed_in.get(of(proposal)).content.decode()


def test_a_page_that_watches_is_sent_nothing_while_nothing_changes(handed_in, proposal):
    first = handed_in.get(of(proposal, "now/"))

    again = handed_in.get(of(proposal, "now/"), headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)


def test_those_who_take_part_see_nothing_of_it(world, proposal):
    ada = client_of(world.ada)

    told = {ada.get(of(proposal, what)).status_code for what in ("", "now/", "places.csv", "attempts.csv")}

    assert told == {403}
    assert ada.post(of(proposal, "apply/")).status_code == 403


def test_another_operator_of_the_programme_sees_to_it_as_well(world, proposal):
    assert client_of(world.operator).post(of(proposal, "apply/")).status_code == 302


def test_the_page_asks_few_questions(handed_in, proposal, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        handed_in.get(of(proposal))
