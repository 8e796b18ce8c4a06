"""What a round asks with submissions and whose it takes: at the desk, on the entrant's page, on boards, made public."""

import io

import pytest

from dure.challenges.models import Allowed, Submission, Task
from dure.challenges.operations.asking import set_allowed, set_questions
from dure.challenges.questions import Question, QuestionKind
from dure.core.text import Text
from dure.jobs.worker import drain
from dure.joints.stages.rounds import set_up_task
from tests.challenges.conftest import ACCURACY, labels, predictions
from tests.site.conftest import client_of, text_of
from tests.site.test_round_checks import RULES, desk
from tests.site.world import World

pytestmark = pytest.mark.django_db
QUESTIONS = [
    Question("model", Text(ko="모델", en="Model"), required=True, on_board=True),
    Question("gpu", Text(ko="GPU를 썼나요?", en="Did you use a GPU?"), QuestionKind.YES_NO),
    Question("data", Text(ko="데이터", en="Data"), QuestionKind.CHOICES, ("own", "open")),
]


@pytest.fixture
def task(world) -> Task:
    """Ada competes in it."""
    world.competing()
    return set_up_task(world.programme, "task", "vision", by=world.operator, labels=labels(), measure=ACCURACY)


def own_page(world: World) -> str:
    return f"/turns/{world.turn(world.ada, 'task').pk}/round/"


def sent(**answers) -> dict[str, object]:
    file = io.BytesIO(predictions().getvalue())
    file.name = "mine.csv"
    return {"file": file, **answers}


def saved(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_question_is_asked_changed_and_asked_no_more(world, task):
    clerk = client_of(world.clerk, "en")
    told = {"key": "gpu", "title_ko": "장비", "title_en": "Hardware", "kind": "choice", "options": "A100\nH100\n",
            "about_ko": "학습에 쓴 것", "about_en": "What you trained on"}  # fmt: skip

    assert clerk.post(desk(world, "asked"), told).status_code == 302
    assert "A100 · H100" in text_of(clerk.get(desk(world, "asked")))
    assert "H100</textarea>" in clerk.get(desk(world, "asked") + "?question=gpu").content.decode()
    assert "What you trained on</textarea>" in clerk.get(desk(world, "asked") + "?question=gpu").content.decode()
    clerk.post(desk(world, "asked"), {**told, "kind": "text", "options": "", "required": "on"})
    task.round.refresh_from_db()
    about = Text(ko="학습에 쓴 것", en="What you trained on")
    assert task.round.asked == (Question("gpu", Text(ko="장비", en="Hardware"), required=True, about=about),)
    assert "What you trained on" in text_of(client_of(world.ada, "en").get(own_page(world)))
    clerk.post(desk(world, "asked"), {"act": "remove", "key": "gpu"})

    task.round.refresh_from_db()
    assert task.round.asked == ()


def test_a_question_that_cannot_be_answered_is_told_above_its_form(world, task):
    told = {"key": "gpu", "title_ko": "장비", "title_en": "Hardware", "kind": "choice", "options": ""}

    answer = client_of(world.clerk, "en").post(desk(world, "asked"), told)

    assert (answer.status_code, "Give options" in text_of(answer)) == (422, True)


def test_help_in_one_language_is_told_in_both(world, task):
    told = {"key": "gpu", "title_ko": "장비", "title_en": "Hardware", "kind": "text", "about_ko": "학습에 쓴 것"}

    client_of(world.clerk, "en").post(desk(world, "asked"), told)

    assert "학습에 쓴 것" in text_of(client_of(world.ada, "en").get(own_page(world)))


def test_a_list_of_addresses_is_set_and_taken_back(world, task):
    clerk = client_of(world.clerk, "en")

    clerk.post(desk(world, "asked"), {"act": "allowed", "by_list": "on", "emails": f"{world.bo.email}\nlater@x.org"})
    assert "later@x.org" in text_of(clerk.get(desk(world, "asked")))
    assert "on the organisers' list" in text_of(client_of(world.ada, "en").get(own_page(world)))
    clerk.post(desk(world, "asked"), {"act": "allowed", "emails": "later@x.org"})

    assert Allowed.objects.count() == 0
    assert "Hand in an attempt" in text_of(client_of(world.ada, "en").get(own_page(world)))


def test_only_those_who_run_the_round_see_what_it_lists(world, task):
    set_allowed(task.round, ["later@x.org"])

    assert client_of(world.ada).get(desk(world, "asked")).status_code in (403, 404)


def test_what_is_asked_is_answered_with_the_file_and_shown_on_the_board(world, task):
    set_questions(task.round, QUESTIONS)
    ada = client_of(world.ada, "en")
    assert "Did you use a GPU?" in text_of(ada.get(own_page(world)))

    refused = ada.post(own_page(world), sent())
    ada.post(own_page(world), sent(**{"answer-0": "ResNet <50>", "answer-1": "no", "answer-2": ["open", "own"]}))
    drain()

    submission = Submission.objects.get()
    assert refused.status_code == 422
    assert submission.answers == {"model": "ResNet <50>", "gpu": False, "data": ["own", "open"]}
    assert "ResNet &lt;50&gt;" in client_of(world.stranger, "en").get(f"/tasks/{task.pk}/").content.decode()
    board = b"".join(client_of(world.stranger, "en").get(f"/tasks/{task.pk}/board.csv"))
    assert (b"Model" in board, b"ResNet" in board, b"GPU" in board) == (True, True, False)
    assert "own, open" in text_of(ada.get(f"/submissions/{submission.pk}/"))


def test_a_public_submission_is_seen_and_downloaded_by_whoever_sees_the_board(world, task):
    client_of(world.clerk).post(desk(world, "rules"), {**RULES, "sharing": "chosen"})
    ada, stranger = client_of(world.ada, "en"), client_of(world.stranger, "en")
    ada.post(own_page(world), sent(public="on"))
    drain()
    submission = Submission.objects.get()
    page, file = f"/tasks/{task.pk}/shared/", f"/submissions/{submission.pk}/file/"

    assert "mine.csv" in text_of(stranger.get(page))
    assert saved(stranger.get(file)) == predictions().getvalue()
    ada.post(f"/submissions/{submission.pk}/share/", {"public": ""})

    assert ("mine.csv" in text_of(stranger.get(page)), stranger.get(file).status_code) == (False, 404)
    assert saved(ada.get(file)) == predictions().getvalue()


def test_a_round_that_is_paused_says_so(world, task):
    client_of(world.clerk).post(desk(world, "rules"), {**RULES, "is_active": ""})

    assert "take no submissions at the moment" in text_of(client_of(world.ada, "en").get(own_page(world)))


def test_strangers_learn_nothing_of_a_round_that_is_not_public(world, task):
    client_of(world.clerk).post(desk(world, "rules"), {**RULES, "is_public": ""})
    task.round.refresh_from_db()
    programme = f"/programmes/{world.programme.slug}/"
    pages = [client_of(who, "en").get(programme).content.decode() for who in (None, world.ada)]
    at_programme = ["Online round" in page for page in pages]
    promised = ["A stage that is not public" in page for page in pages]
    told = {
        who.pk: (f"/tasks/{task.pk}/" in client_of(who).get("/challenges/").content.decode(),
                 client_of(who).get(f"/tasks/{task.pk}/").status_code)
        for who in (world.stranger, world.ada)
    }  # fmt: skip

    assert (at_programme, promised) == ([False, True], [True, False])
    assert told == {world.stranger.pk: (False, 404), world.ada.pk: (True, 200)}
    assert client_of(world.stranger).get(f"/api/v1/programmes/{world.programme.slug}/stages/task/tasks").json() == []
