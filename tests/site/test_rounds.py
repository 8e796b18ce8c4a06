"""Rounds on pages: setting up, handing in, verdicts, boards."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.challenges.models import Best, Round, Submission, Task, Visibility
from dure.jobs.worker import drain
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db(transaction=True)]
TASKS = "/desk/field-ai-2026/stages/task/tasks/"
TRUTH = "id,label\n" + "".join(f"{n},{n % 2}\n" for n in range(40))
WRONG = "id,label\n" + "".join(f"{n},1\n" for n in range(39))


def _file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("predictions.csv", text.encode())


@pytest.fixture
def competing(world):
    """(client of Ada, address of her round): its task is set up, her turn is open."""
    desk = client_of(world.clerk)
    for option in ("vision", "speech"):
        sent = {"option": option, "metric": "accuracy", "labels": _file(TRUTH), "id_column": "id",
                "label_columns": "label", "share": "30"}  # fmt: skip
        assert desk.post(TASKS, sent).status_code == 302
    world.competing()
    return client_of(world.ada), f"/turns/{world.turn(world.ada, 'task').pk}/round/"


def test_a_task_whose_labels_are_not_in_order_says_so(world) -> None:
    sent = {"option": "vision", "metric": "accuracy", "labels": _file("id,label\n1,a\n1,b\n"), "id_column": "id",
            "label_columns": "label", "share": "30"}  # fmt: skip

    response = client_of(world.clerk).post(TASKS, sent)

    assert (response.status_code, Task.objects.count()) == (200, 0)
    assert response.context["form"].errors


def test_an_attempt_is_received_judged_and_stands_on_the_board(world, competing) -> None:
    client, address = competing

    client.post(address, {"file": _file(TRUTH)})
    waiting = client.get(f"{address}attempts/")
    drain()
    judged = text_of(client.get(address))
    board = text_of(client.get(f"/tasks/{Task.objects.get(option='vision').pk}/"))

    assert "hx-trigger" in waiting.content.decode()
    assert ("채점 완료" in judged, "오늘: 5회 중 4회 남음" in judged, "박하늘" in board) == (True, True, True)


def test_a_file_that_cannot_be_scored_names_row_and_column(competing) -> None:
    client, address = competing

    client.post(address, {"file": _file(WRONG + "38,1\n")})
    drain()
    page = client.get(f"/submissions/{Submission.objects.get().pk}/")

    assert "채점 불가" in text_of(page)
    assert "채점할 수 없는 제출물도 제출 횟수에서 차감됩니다" in text_of(client.get(address))
    assert [flaw["row"] for flaw in Submission.objects.get().flaws if flaw["row"]]
    assert '<th scope="col">열</th>' in page.content.decode()


def test_a_board_seen_before_costs_nothing(competing) -> None:
    client, address = competing
    first = client.get(f"{address}attempts/")
    assert client.get(f"{address}attempts/", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_a_hidden_board_is_hidden_from_everybody_but_the_desk(world, competing) -> None:
    client, address = competing
    client.post(address, {"file": _file(TRUTH)})
    drain()
    client_of(world.clerk).post(TASKS, {"board": "hidden"})
    task = Task.objects.get(option="vision")

    codes = {
        who.name if who else "": client_of(who).get(f"/tasks/{task.pk}/").status_code
        for who in (None, world.ada, world.bo, world.clerk)
    }

    assert Round.objects.get().board == Visibility.HIDDEN
    assert codes == {"": 404, "박하늘": 404, "최바다": 404, "김담당": 200}
    assert "순위표" not in text_of(client.get(address))


def test_final_scores_are_not_told_before_the_end(world, competing) -> None:
    client, address = competing
    client.post(address, {"file": _file(TRUTH)})
    drain()
    address = f"/submissions/{Submission.objects.get().pk}/"

    seen = {who.name: "최종 점수" in text_of(client_of(who).get(address)) for who in (world.ada, world.clerk)}

    assert seen == {"박하늘": False, "김담당": True}


def test_an_attempt_is_its_entrants_alone(world, competing) -> None:
    client, address = competing
    client.post(address, {"file": _file(TRUTH)})
    submission = Submission.objects.get()

    codes = {
        who.name: client_of(who).get(f"/submissions/{submission.pk}/").status_code for who in (world.bo, world.judge)
    }

    assert codes == {"최바다": 404, "이심사": 404}


def test_another_attempt_is_chosen_to_count(competing) -> None:
    client, address = competing
    client.post(address, {"file": _file(TRUTH)})
    client.post(address, {"file": _file(TRUTH)})
    drain()
    second = Submission.objects.get(number=2)

    client.post(f"/submissions/{second.pk}/choose/")

    assert "최종 제출" in text_of(client.get(f"/submissions/{second.pk}/"))


def test_a_choice_is_taken_back(competing) -> None:
    client, address = competing
    client.post(address, {"file": _file(TRUTH)})
    client.post(address, {"file": _file(TRUTH)})
    drain()
    client.post(f"/submissions/{Submission.objects.get(number=2).pk}/choose/")

    client.post(f"{address}best/")

    assert Best.objects.get().counting.number == 1


def test_a_form_sent_with_progress_is_told_where_to_go_on(competing) -> None:
    client, address = competing
    response = client.post(address, {"file": _file(TRUTH)}, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (200, address)


def test_a_spent_day_says_when_there_are_new_attempts(competing) -> None:
    client, address = competing
    for _ in range(5):
        client.post(address, {"file": _file(TRUTH)})

    page = client.get(address).content.decode()

    assert ("부터 다시 제출할 수 있습니다" in page, "disabled>제출<" in page) == (True, True)


def test_scores_are_drawn_attempt_by_attempt(competing) -> None:
    client, address = competing
    for text in (TRUTH, TRUTH.replace("0,0\n", "0,1\n", 1)):
        client.post(address, {"file": _file(text)})
    drain()
    assert [bar.own for bar in client.get(address).context["bars"]] == [True, False]


def test_a_file_above_the_bound_is_told_and_takes_no_attempt(competing) -> None:
    client, address = competing
    Task.objects.update(most_bytes=20)

    response = client.post(address, {"file": _file(TRUTH)})

    assert (response.status_code, Submission.objects.count()) == (413, 0)
    assert "파일은 20바이트까지 올릴 수 있습니다." in text_of(response)


def test_nothing_sent_is_told(competing) -> None:
    client, address = competing
    assert client.post(address).status_code == 422
