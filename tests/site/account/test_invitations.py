"""Invitations by letter."""

import pytest

from dure.core.text import Text
from dure.people.models import Team
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


def test_an_organisations_invitation_is_named(world) -> None:
    issued = invite("bo@example.org", purpose=ORGANISATION, subject=world.host.pk, role="member", what=WHAT, by=None)
    assert "한빛전자" in text_of(client_of(None).get(f"/invitations/{issued.secret}/"))


def test_a_secret_that_is_none_is_not_found(world) -> None:
    assert client_of(None).get("/invitations/nothing/").status_code == 404
