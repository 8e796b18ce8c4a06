"""Pages that scorers wrote: they run nothing, and are shown to whom the task says."""

import io

import pytest
from django.test import Client

from dure.challenges import files
from dure.challenges.columns import Column
from dure.challenges.models import Submission
from dure.challenges.operations import PartFiles, Programs, accept_programs, enter, open_round, receive_programs, submit
from dure.core.text import Text
from tests.challenges.bundled import REFERENCE, SCORING, archive
from tests.factories import make_person
from tests.site.conftest import client_of

pytestmark = pytest.mark.django_db
ELSEWHERE = "https://results.example.org"
PAGE = b"<script>alert(1)</script><h1>Confusion</h1>"


@pytest.fixture(autouse=True)
def _disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def detailed(*, shows_details: bool = True) -> Submission:
    """A scored submission with a page."""
    round_ = open_round(Text(ko="라운드", en="round"), by=make_person())
    part = PartFiles(archive(SCORING), archive(REFERENCE))
    chosen = Programs("codabench", [part], [Column("accuracy", "A")], "accuracy", shows_details=shows_details)
    with receive_programs(chosen) as received:
        task = accept_programs(round_, received=received)
    person = make_person()
    receipt = submit(enter(task, persons=[person]), by=person, upload=archive({"guess.txt": "1"}))
    page = files.store(io.BytesIO(PAGE), most_bytes=1_000)
    page.save(force_insert=True)
    Submission.objects.filter(pk=receipt.id).update(
        details=page, state="scored", public_score=0.5, values={"accuracy": "0.5000000001"}
    )
    return Submission.objects.get(pk=receipt.id)


def test_without_a_second_origin_it_is_a_download_that_could_run_nothing(settings):
    settings.DETAILS_ORIGIN = ""
    submission = detailed()

    answer = client_of(submission.by).get(f"/submissions/{submission.pk}/details/")

    assert b"".join(answer.streaming_content) == PAGE
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_on_the_second_origin_the_address_vouches_for_minutes(settings):
    settings.DETAILS_ORIGIN = ELSEWHERE
    settings.ALLOWED_HOSTS = ["testserver", "results.example.org"]
    submission = detailed()

    sent_on = client_of(submission.by).get(f"/submissions/{submission.pk}/details/")["Location"]
    path = sent_on.removeprefix(ELSEWHERE)
    shown = Client().get(path, secure=True, headers={"host": "results.example.org"})

    assert sent_on.startswith(f"{ELSEWHERE}/details/")
    assert (shown.status_code, b"".join(shown.streaming_content)) == (200, PAGE)
    assert "attachment" not in shown["Content-Disposition"]
    assert shown["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    wrong = [
        Client().get(path, secure=True),
        Client().get(path[:-3] + "x/", secure=True, headers={"host": "results.example.org"}),
    ]
    assert [answer.status_code for answer in wrong] == [404, 404]


@pytest.mark.parametrize(("shows_details", "seen"), [(True, {"own", "organiser"}), (False, {"organiser"})])
def test_who_sees_it(settings, shows_details, seen):
    settings.DETAILS_ORIGIN = ""
    submission = detailed(shows_details=shows_details)
    people = {
        "own": submission.by,
        "organiser": submission.entrant.task.round.organisers.get(),
        "stranger": make_person(),
    }

    codes = {}
    for who, one in people.items():
        answer = client_of(one).get(f"/submissions/{submission.pk}/details/")
        codes[who] = answer.status_code
        b"".join(answer)  # a file is closed when it was read

    assert {who for who, code in codes.items() if code == 200} == seen
    assert {codes[who] for who in people.keys() - seen} == {404}


def test_an_attempts_page_shows_every_column_and_leads_on():
    submission = detailed()

    page = client_of(submission.by).get(f"/submissions/{submission.pk}/").content.decode()

    assert "0.5000000001" in page
    assert f"/submissions/{submission.pk}/details/" in page


def test_the_board_and_the_api_know_tasks_without_labels():
    submission = detailed()
    task = submission.entrant.task
    client = client_of(submission.by)

    codes = {
        path: client.get(path).status_code
        for path in (f"/tasks/{task.pk}/", "/challenges/", f"/api/v1/tasks/{task.pk}/format")
    }

    assert codes == {f"/tasks/{task.pk}/": 200, "/challenges/": 200, f"/api/v1/tasks/{task.pk}/format": 404}
