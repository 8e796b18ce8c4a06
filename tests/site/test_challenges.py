"""Challenges: the list of rounds, and boards that many watch at once."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dure.challenges.models import Entrant, EntrantMember, Visibility
from dure.challenges.operations import set_board
from dure.core import clock
from dure.joints.models import RoundTask
from dure.programmes.models import Programme
from dure.site.challenges import board
from tests.challenges.conftest import CLOSE, START, crowd, make_task
from tests.factories import make_person
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def task(settings, tmp_path):
    """A sealed round with sixty on its board, E59 the best in public and E0 in the end."""
    settings.MEDIA_ROOT = tmp_path
    for kept in (board._written, board._lines, board._spread):
        kept.cache_clear()
    with clock.at(START):
        made = make_task()
        crowd(made, [(n / 64, 1 - n / 64) for n in range(60)])
        yield made


def entered(task, title: str = "E7"):
    """Somebody who is the entrant of that name."""
    person = make_person()
    EntrantMember.objects.create(entrant=Entrant.objects.get(title=title), task=task, person=person)
    return person


def test_the_list_tells_tasks_with_who_takes_part_and_the_best(task) -> None:
    page = text_of(client_of(None).get("/challenges/"))
    assert [text for text in ("진행 중", "정확도", " 60 ", "0.921875") if text not in page] == []

    clock.set_clock(CLOSE)

    page = text_of(client_of(None).get("/challenges/"))
    assert ("종료" in page, "0.921875" in page) == (True, True)


def test_a_round_of_a_draft_is_in_no_list(task, world) -> None:
    RoundTask.objects.create(programme=world.programme, stage="task", option="vision", task=task)
    assert "현장 AI 스쿨" in text_of(client_of(None).get("/challenges/"))

    Programme.objects.update(state="draft")

    assert "현장 AI 스쿨" not in text_of(client_of(None).get("/challenges/"))


def test_a_board_that_is_not_public_is_named_and_shows_nothing(task) -> None:
    set_board(task.round, Visibility.ENTRANTS)

    page = client_of(None).get("/challenges/")

    assert ("0.921875" in text_of(page), f"/tasks/{task.pk}/" in page.content.decode()) == (False, False)
    assert client_of(None).get(f"/tasks/{task.pk}/").status_code == 404
    assert client_of(None).get(f"/tasks/{task.pk}/board.csv").status_code == 404
    assert client_of(entered(task)).get(f"/tasks/{task.pk}/").status_code == 200


def test_ones_own_row_is_marked_and_its_place_told(task) -> None:
    page = client_of(entered(task, "E58")).get(f"/tasks/{task.pk}/")

    row = Entrant.objects.get(title="E58")
    assert f'data-entrant="{row.pk}" class="own"' in page.content.decode()
    assert "2위 / 60" in text_of(page)


def test_pages_follow_each_other(task) -> None:
    first = client_of(None).get(f"/tasks/{task.pk}/")
    link = re.search(r'rel="next"\s+href="([^"]+)"', first.content.decode())[1]
    following = client_of(None).get(link)

    assert ("E59" in text_of(first), "E9 " in text_of(first)) == (True, False)
    assert ("E59" in text_of(following), "51 E9 " in text_of(following)) == (False, True)


def test_who_is_looked_for_stands_at_the_true_place(task) -> None:
    page = text_of(client_of(None).get(f"/tasks/{task.pk}/", {"q": "e0"}))
    assert "60 E0 0.000000" in page
    assert "그런 이름이 없습니다" in text_of(client_of(None).get(f"/tasks/{task.pk}/", {"q": "nobody"}))


def test_an_unchanged_board_is_not_sent_again(task) -> None:
    client, address = client_of(None), f"/tasks/{task.pk}/"
    client.get(address)
    seen = client.get(address)
    watching = re.search(r'hx-get="(/tasks[^"]+)"', seen.content.decode())[1]

    def answers() -> list[int]:
        again = client.get(address, headers={"If-None-Match": seen["ETag"]})
        return [again.status_code, client.get(watching).status_code]

    assert answers() == [304, 204]
    type(task).objects.update(board_version=9)
    assert answers() == [200, 200]


def test_a_board_that_somebody_else_has_just_read_is_not_counted_again(task) -> None:
    address = f"/tasks/{task.pk}/"
    client_of(None).get(address)

    with CaptureQueriesContext(connection) as queries:
        client_of(None).get(address)

    assert [query["sql"] for query in queries if "challenges_best" in query["sql"]] == []


def test_a_page_watches_the_board_while_the_round_runs_only(task) -> None:
    address = f"/tasks/{task.pk}/"
    assert "every 20s" in client_of(None).get(address).content.decode()

    clock.set_clock(CLOSE)

    assert "every 20s" not in client_of(None).get(address).content.decode()


def test_after_the_end_both_parts_can_be_looked_at(task) -> None:
    address = f"/tasks/{task.pk}/"
    assert client_of(None).get(address, {"part": "final"}).status_code == 404

    clock.set_clock(CLOSE)

    assert "1 E0 1.000000" in text_of(client_of(None).get(address))
    assert "1 E59 0.921875" in text_of(client_of(None).get(address, {"part": "public"}))


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "\t=1"])
def test_the_file_holds_the_whole_board_and_runs_nothing(task, name) -> None:
    Entrant.objects.filter(title="E59").update(title=name)

    content = client_of(None, "en").get(f"/tasks/{task.pk}/board.csv").content.decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(content)))
    assert (rows[0], len(rows)) == (["Place", "Who", "Score", "Number of attempts", "Reached"], 61)
    assert rows[1][:3] == ["1", f"'{name.strip()}", "0.921875"]


def test_a_file_of_another_sort_is_not_there(task) -> None:
    assert client_of(None).get(f"/tasks/{task.pk}/board.exe").status_code == 404


def test_watching_asks_nobody_who_they_are_while_nothing_changes(task, django_assert_max_num_queries) -> None:
    client = client_of(make_person())
    page = client.get(f"/tasks/{task.pk}/").content.decode()
    watching = re.search(r'hx-get="(/tasks[^"]+)"', page)[1]

    with django_assert_max_num_queries(1):
        assert client.get(watching).status_code == 204


def test_watching_a_board_that_was_closed_to_others_says_no(task) -> None:
    client = client_of(make_person())
    watching = re.search(r'hx-get="(/tasks[^"]+)"', client.get(f"/tasks/{task.pk}/").content.decode())[1]
    type(task.round).objects.update(board="hidden")

    assert [client.get(address).status_code for address in (watching, "/tasks/none/lines/?seen=1")] == [404, 404]
