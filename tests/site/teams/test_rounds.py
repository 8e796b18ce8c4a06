"""Teams in rounds: entering, merging, and from when they are fixed."""

from datetime import timedelta

import pytest

from dure.challenges.models import Entrant, TeamRule
from dure.challenges.operations import enter_team, open_to_teams
from dure.core import clock
from dure.people.models import Team, TeamMerge
from dure.people.operations import form_team
from dure.programmes.models import TeamLock
from tests.challenges.conftest import make_task
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(world, settings, tmp_path):
    """Of a standing round that is open to teams of up to three."""
    settings.MEDIA_ROOT = tmp_path
    task = make_task(opens_at=None, closes_at=None, daily=3)
    open_to_teams(task.round, most=3)
    return task


@pytest.fixture
def teams(world, task) -> tuple[Team, Team]:
    """Ada's and Bo's, both in the task."""
    both = tuple(form_team(name, captain=who) for name, who in (("두레박", world.ada), ("물레방아", world.bo)))
    for team in both:
        enter_team(task, team)
    return both


def test_the_board_leads_to_taking_part(world, task) -> None:
    assert f"/tasks/{task.pk}/enter/" in client_of(world.ada).get(f"/tasks/{task.pk}/").content.decode()


def test_one_enters_with_a_new_team_and_can_hand_in(world, task) -> None:
    client, address = client_of(world.ada), f"/tasks/{task.pk}/enter/"

    answer = client.post(address, {"name": "두레박"})

    team = Team.objects.get()
    assert answer["Location"] == f"/tasks/{task.pk}/mine/"
    assert f"/me/teams/{team.pk}/" in client.get(answer["Location"]).content.decode()
    assert "‘두레박’ 팀으로 참가" in text_of(client.get(address))
    assert [entrant.title for entrant in Entrant.objects.filter(task=task)] == ["두레박"]


def test_one_enters_only_with_a_team_that_one_leads(world, task) -> None:
    team = form_team("두레박", captain=world.bo)
    answer = client_of(world.ada).post(f"/tasks/{task.pk}/enter/", {"team": str(team.pk)})
    assert (answer.status_code, Entrant.objects.count()) == (404, 0)


def test_a_round_that_is_not_open_to_teams_has_no_such_page(world, task) -> None:
    TeamRule.objects.all().delete()
    assert client_of(world.ada).get(f"/tasks/{task.pk}/enter/").status_code == 404


def test_two_captains_make_one_team_of_two(world, teams) -> None:
    mine, other = teams
    ada, bo = client_of(world.ada), client_of(world.bo)
    found = ada.get(f"/me/teams/{mine.pk}/merge/?q=물레방아").content.decode()
    asking = f"/me/teams/{mine.pk}/merge/{other.pk}/"
    told = text_of(ada.get(asking))
    ada.post(asking)
    merge = TeamMerge.objects.get()

    waiting = bo.get(f"/me/teams/{other.pk}/").content.decode()
    page = text_of(bo.get(f"/me/merges/{merge.pk}/"))
    answer = bo.post(f"/me/merges/{merge.pk}/", {"answer": "yes"})

    assert asking in found
    assert f"/me/merges/{merge.pk}/" in waiting
    for text in (told, page):
        assert "되돌릴 수 없습니다" in text
    assert answer["Location"] == f"/me/teams/{mine.pk}/"
    assert [entrant.title for entrant in Entrant.objects.all()] == ["두레박"]


def test_the_question_is_declined_or_taken_back(world, teams) -> None:
    mine, other = teams
    ada, bo = client_of(world.ada), client_of(world.bo)

    ada.post(f"/me/teams/{mine.pk}/merge/{other.pk}/")
    bo.post(f"/me/merges/{TeamMerge.objects.get().pk}/", {"answer": "no"})
    ada.post(f"/me/teams/{mine.pk}/merge/{other.pk}/")
    ada.post(f"/me/merges/{TeamMerge.objects.latest('pk').pk}/")

    assert [merge.state for merge in TeamMerge.objects.order_by("pk")] == ["declined", "withdrawn"]


def test_strangers_see_no_question_and_no_team_of_other_tasks(world, teams) -> None:
    mine, other = teams
    client_of(world.ada).post(f"/me/teams/{mine.pk}/merge/{other.pk}/")
    elsewhere = form_team("먼 팀", captain=world.stranger)

    assert client_of(world.stranger).get(f"/me/merges/{TeamMerge.objects.get().pk}/").status_code == 404
    assert client_of(world.ada).get(f"/me/teams/{mine.pk}/merge/{elsewhere.pk}/").status_code == 404


def test_the_organiser_opens_a_round_to_teams(world, task, teams) -> None:
    organiser = client_of(task.round.organisers.get())
    address = f"/rounds/{task.round.pk}/teams/"

    organiser.post(address, {"least": "2", "most": "4", "lock": "2027-03-01T18:00"})

    rule = TeamRule.objects.get()
    assert (rule.least, rule.most, rule.locks_at.isoformat()) == (2, 4, "2027-03-01T09:00:00+00:00")
    assert "두레박" in text_of(organiser.get(address))
    assert organiser.post(address, {"least": "x"}).status_code == 422
    assert client_of(world.ada).get(address).status_code == 404


def test_the_desk_fixes_a_programmes_teams(world) -> None:
    address = f"/desk/{world.programme.slug}/teams/"
    clerk = client_of(world.clerk)

    clerk.post(address, {"lock": "2027-03-01T18:00"})
    fixed = TeamLock.objects.get().at
    clerk.post(address, {"lock": ""})

    assert fixed.isoformat() == "2027-03-01T09:00:00+00:00"
    assert not TeamLock.objects.exists()
    assert clerk.post(address, {"lock": "soon"}).status_code == 422
    assert client_of(world.ada).get(address).status_code == 403


def test_a_lock_in_the_past_is_seen_on_the_teams_page(world, task, teams) -> None:
    open_to_teams(task.round, most=3, locks_at=clock.now() - timedelta(minutes=1))
    assert "고정되었습니다" in text_of(client_of(world.ada).get(f"/me/teams/{teams[0].pk}/"))
