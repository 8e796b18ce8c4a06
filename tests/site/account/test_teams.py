"""Invitations by letter, teams, and what one says of oneself."""

import pytest

from dure.core.text import Text
from dure.people.models import Invitation, Team
from dure.people.operations import form_team, invite
from dure.people.operations.invitations import ORGANISATION, TEAM
from dure.people.queries import mates_in
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
WHAT = Text(ko="팀에", en="to a team")


@pytest.fixture
def letter(world) -> str:
    """The address in a letter that invites to Ada's team."""
    team = form_team("두레박", captain=world.ada)
    return f"/invitations/{invite('bo@example.org', purpose=TEAM, subject=team.pk, what=WHAT, by=world.ada).secret}/"


def _mates() -> list[str]:
    return [mate.person.name for mate in mates_in(Team.objects.get())]


def test_a_letter_says_what_it_is_to_without_signing_in(letter) -> None:
    assert "두레박" in text_of(client_of(None).get(letter))


def test_accepting_asks_to_sign_in_and_comes_back(letter) -> None:
    response = client_of(None).post(letter, {"answer": "yes"})
    assert response["Location"] == f"/accounts/login/?next={letter}"


def test_accepting_lets_in(world, letter) -> None:
    client_of(world.bo).post(letter, {"answer": "yes"})
    assert _mates() == ["박하늘", "최바다"]


def test_declining_needs_the_letter_only(letter) -> None:
    client_of(None).post(letter, {"answer": "no"})
    assert _mates() == ["박하늘"]
    assert "이미 답했거나" in text_of(client_of(None).get(letter))


def test_an_invitation_waits_on_my_page_for_a_verified_address(world, letter) -> None:
    client = client_of(world.bo)
    invitation = client.get("/me/").context["invitations"][0]

    client.post(f"/me/invitations/{invitation.pk}/", {"answer": "yes"})

    assert _mates() == ["박하늘", "최바다"]


def test_nobody_answers_for_another(world, letter) -> None:
    invitation = client_of(world.bo).get("/me/").context["invitations"][0]
    assert client_of(world.stranger).post(f"/me/invitations/{invitation.pk}/", {"answer": "yes"}).status_code == 404


def test_only_the_captain_invites(world, letter) -> None:
    client_of(world.bo).post(letter, {"answer": "yes"})
    address = f"/me/teams/{Team.objects.get().pk}/invite/"

    codes = {
        who.name: client_of(who).post(address, {"email": f"{number}@example.org"}).status_code
        for number, who in enumerate((world.ada, world.bo, world.stranger))
    }

    assert codes == {"박하늘": 302, "최바다": 403, "정나그네": 404}


def test_leaving_a_team(world, letter) -> None:
    client_of(world.ada).post(f"/me/teams/{Team.objects.get().pk}/leave/")
    assert _mates() == []


def test_an_organisations_invitation_is_named(world) -> None:
    issued = invite("bo@example.org", purpose=ORGANISATION, subject=world.host.pk, role="member", what=WHAT, by=None)
    assert "한빛전자" in text_of(client_of(None).get(f"/invitations/{issued.secret}/"))


def test_a_secret_that_is_none_is_not_found(world) -> None:
    assert client_of(None).get("/invitations/nothing/").status_code == 404


def test_the_captain_hands_over_dismisses_and_takes_invitations_back(world, letter) -> None:
    client, team = client_of(world.ada), Team.objects.get()
    client.post(f"/me/teams/{team.pk}/invite/", {"email": "late@example.org"})
    late = Invitation.objects.get(email="late@example.org")
    client_of(world.bo).post(letter, {"answer": "yes"})

    client.post(f"/me/teams/{team.pk}/invitations/{late.pk}/take-back/")
    client.post(f"/me/teams/{team.pk}/members/{world.bo.pk}/captain/")
    captain = Team.objects.get().captain
    client_of(world.bo).post(f"/me/teams/{team.pk}/members/{world.ada.pk}/dismiss/")

    late.refresh_from_db()
    assert (captain, late.state, _mates()) == (world.bo, "withdrawn", ["최바다"])


def test_only_the_captain_dismisses(world, letter) -> None:
    client_of(world.bo).post(letter, {"answer": "yes"})
    team = Team.objects.get()

    answer = client_of(world.bo).post(f"/me/teams/{team.pk}/members/{world.ada.pk}/dismiss/")

    assert (answer.status_code, _mates()) == (403, ["박하늘", "최바다"])


def test_leaving_says_what_it_means_first(world, letter) -> None:
    page = text_of(client_of(world.ada).get(f"/me/teams/{Team.objects.get().pk}/leave/"))
    assert ("다시 들어오려면" in page, _mates()) == (True, ["박하늘"])
