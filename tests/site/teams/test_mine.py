"""My teams: joining, inviting, leading, leaving."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.people.models import Invitation, Team, TeamCode
from dure.people.operations import bind_team, form_team, join_team
from dure.people.queries import mates_in
from tests.factories import make_member
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(world) -> Team:
    """Ada's, with Bo in it."""
    return join_team(form_team("두레박", captain=world.ada), person=world.bo)


@pytest.fixture
def address(team) -> str:
    return f"/me/teams/{team.pk}/"


def mates() -> list[str]:
    return [mate.person.name for mate in mates_in(Team.objects.get())]


def test_a_new_team_has_a_page_of_its_own(world) -> None:
    answer = client_of(world.ada).post("/me/teams/new/", {"name": "두레박"})
    assert answer["Location"] == f"/me/teams/{Team.objects.get().pk}/"


def test_one_joins_by_the_code_that_the_captain_made(world, address) -> None:
    client_of(world.ada).post(f"{address}code/")
    code = str(TeamCode.objects.get())

    assert code in text_of(client_of(world.ada).get(address))
    assert code not in text_of(client_of(world.bo).get(address))
    client_of(world.stranger).post("/me/teams/join/", {"code": code.lower()})
    client_of(world.ada).post(f"{address}end-code/")

    assert (mates(), TeamCode.objects.count()) == (["박하늘", "최바다", "정나그네"], 0)


def test_a_wrong_code_says_whom_to_ask(world) -> None:
    answer = client_of(world.stranger).post("/me/teams/join/", {"code": "ABCD-EFGH"})
    assert (answer.status_code, "팀장에게 확인" in text_of(answer)) == (404, True)


def test_only_the_captain_acts(world, address) -> None:
    acts = {
        "rename/": {"name": "새 이름"}, "invite/": {"email": "new@example.org"}, "code/": {},
        f"members/{world.bo.pk}/dismiss/": {},
    }  # fmt: skip

    statuses = {
        act: tuple(client_of(who).post(f"{address}{act}", sent).status_code for who in (world.stranger, world.bo))
        for act, sent in acts.items()
    }

    assert statuses == dict.fromkeys(acts, (404, 403))
    assert mates() == ["박하늘", "최바다"]


def test_the_captain_hands_over_takes_out_and_takes_invitations_back(world, address) -> None:
    client = client_of(world.ada)
    client.post(f"{address}invite/", {"email": "late@example.org"})
    late = Invitation.objects.get(email="late@example.org")

    client.post(f"{address}invitations/{late.pk}/take-back/")
    assert "증거로도 남습니다" in text_of(client.get(f"{address}members/{world.bo.pk}/dismiss/"))
    client.post(f"{address}members/{world.bo.pk}/captain/")
    captain = Team.objects.get().captain
    client_of(world.bo).post(f"{address}members/{world.ada.pk}/dismiss/")

    late.refresh_from_db()
    assert (captain, late.state, mates()) == (world.bo, "withdrawn", ["최바다"])


def test_a_colleague_is_invited_by_name_and_their_address_stays_their_own(world, address) -> None:
    for person in (world.ada, world.stranger):
        make_member(world.host, person)
    client = client_of(world.ada)

    found = client.get(f"{address}?q=정나그네").content.decode()
    client.post(f"{address}invite-known/", {"person": str(world.stranger.pk)})
    page = client.get(address).content.decode()

    assert str(world.stranger.pk) in found
    assert ("정나그네" in page, world.stranger.email in page + found) == (True, False)
    assert client.post(f"{address}invite-known/", {"person": str(world.judge.pk)}).status_code == 404


def test_leaving_says_what_it_means_first(world, address) -> None:
    page = text_of(client_of(world.ada).get(f"{address}leave/"))
    assert ("다시 들어오려면" in page, mates()) == (True, ["박하늘", "최바다"])

    client_of(world.ada).post(f"{address}leave/")
    assert (mates(), Team.objects.get().captain) == (["최바다"], world.bo)


def test_the_last_one_is_told_that_the_team_ends(world) -> None:
    team = form_team("두레박", captain=world.ada)
    assert "해체" in text_of(client_of(world.ada).get(f"/me/teams/{team.pk}/leave/"))


def test_a_fixed_team_shows_no_way_to_change_it(world, team, address) -> None:
    bind_team(team, of="round", locks_at=clock.now() - timedelta(hours=1))

    page = client_of(world.ada).get(address).content.decode()

    assert ("고정되었습니다" in page, f"{address}leave/" in page, f"{address}code/" in page) == (True, False, False)
    assert client_of(world.ada).post(f"{address}rename/", {"name": "새 이름"}).status_code == 409


def test_a_teams_page_asks_the_same_whatever_its_size(world, team, address, django_assert_max_num_queries) -> None:
    client = client_of(world.ada)
    client.get(address)
    with django_assert_max_num_queries(20):
        client.get(address)
