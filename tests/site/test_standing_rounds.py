"""Rounds outside programmes: whoever is in one hands in at the task's own page, which is that of a turn otherwise."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.challenges.models import Best, Submission
from dure.challenges.operations import close_round, enter
from dure.core import clock
from dure.jobs.worker import drain
from tests.challenges.conftest import make_task, predictions
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def task(world):
    """Of a round with three attempts a day, which Ada has entered."""
    task = make_task(opens_at=None, closes_at=clock.now() + timedelta(days=2), daily=3)
    enter(task, persons=[world.ada], title="하늘")
    return task


@pytest.fixture
def handed_in(world, task):
    """(Ada's client, the page): two attempts are judged."""
    client, address = client_of(world.ada), f"/tasks/{task.pk}/mine/"
    for right in (6, 5):
        client.post(address, {"file": _file(right)})
    drain()
    return client, address


def _file(right: int = 6) -> SimpleUploadedFile:
    return SimpleUploadedFile("predictions.csv", predictions(final=right).read())


def test_an_attempt_is_handed_in_judged_and_told(world, task) -> None:
    client, address = client_of(world.ada), f"/tasks/{task.pk}/mine/"

    answer = client.post(address, {"file": _file()})
    waiting = client.get(f"{address}attempts/").content.decode()
    drain()
    judged = text_of(client.get(address))

    assert answer["Location"] == address
    assert f'hx-get="{address}attempts/"' in waiting
    assert ("채점 완료" in judged, "오늘: 3회 중 2회 남음" in judged) == (True, True)


def test_another_attempt_is_chosen_and_the_choice_taken_back(handed_in) -> None:
    client, address = handed_in
    second = Submission.objects.get(number=2)

    chosen = client.post(f"/submissions/{second.pk}/choose/")
    counts = Best.objects.get().counting.number
    back = client.post(f"{address}best/")

    assert (chosen["Location"], counts) == (address, 2)
    assert (back["Location"], Best.objects.get().counting.number) == (address, 1)


def test_the_page_of_an_attempt_leads_back(handed_in) -> None:
    client, address = handed_in
    assert address in client.get(f"/submissions/{Submission.objects.get(number=1).pk}/").content.decode()


def test_the_board_and_the_talk_and_my_work_lead_to_it(world, task) -> None:
    client, address = client_of(world.ada), f"/tasks/{task.pk}/mine/"
    leading = {page for page in (f"/tasks/{task.pk}/", f"/rounds/{task.round.pk}/talk/", "/me/")
               if address in client.get(page).content.decode()}  # fmt: skip
    assert leading == {f"/tasks/{task.pk}/", f"/rounds/{task.round.pk}/talk/", "/me/"}


def test_my_work_tells_deadline_and_attempts_until_the_round_is_over(world, task) -> None:
    client = client_of(world.ada)
    running = text_of(client.get("/me/"))
    close_round(task.round)
    over = text_of(client.get("/me/"))

    assert ("오늘 3회 중 3회 남음" in running, "종료" in over, "제출하기" in over) == (True, True, False)


def test_a_round_that_is_over_takes_nothing(world, task, handed_in) -> None:
    client, address = handed_in
    close_round(task.round)
    page = client.get(address)
    refused = client.post(address, {"file": _file()})

    assert ('type="file"' in page.content.decode(), refused.status_code) == (False, 409)
    assert Submission.objects.count() == 2


def test_it_is_there_for_entrants_alone(world, task) -> None:
    address = f"/tasks/{task.pk}/mine/"
    codes = {who.name: client_of(who).get(address).status_code for who in (world.ada, world.bo, world.operator)}
    assert codes == {"박하늘": 200, "최바다": 404, "오운영": 404}
    assert client_of(None).get(address).status_code == 302


def test_a_hidden_round_tells_no_score_before_its_end(world, task, handed_in) -> None:
    client, address = handed_in
    task.round.scores_wait = True
    task.round.save(update_fields=["scores_wait"])

    page = text_of(client.get(address))

    assert ("1.0" in page, "순위표 보기" in page) == (False, False)


def test_the_starter_kit_comes_with_the_session(world, task) -> None:
    client = client_of(world.ada)
    page = client.get(f"/tasks/{task.pk}/mine/").content.decode()
    kit = client.get(f"/api/v1/tasks/{task.pk}/kit")

    assert f'href="/api/v1/tasks/{task.pk}/kit"' in page
    assert f"dure check {task.pk} predictions.csv" in page
    names = ZipFile(io.BytesIO(b"".join(kit.streaming_content))).namelist()
    assert {"sample_submission.csv", "main.py", "README.ko.md"} <= set(names)


@pytest.mark.parametrize("page", ["", "attempts/"])
def test_pages_ask_the_database_little(handed_in, page, django_assert_max_num_queries) -> None:
    client, address = handed_in
    with django_assert_max_num_queries(20):
        client.get(f"{address}{page}")
