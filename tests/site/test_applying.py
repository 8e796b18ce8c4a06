"""Joining a round whose registration asks nothing: nobody is sent an empty form."""

import io
from datetime import timedelta

import pytest

from dure.challenges.measures import Measure
from dure.core import clock
from dure.core.errors import Refused
from dure.jobs.worker import drain
from dure.joints.plain import make_round
from dure.people.models import Team
from dure.people.operations.teams import join_team
from dure.programmes.models import Offer, Programme, Turn
from dure.programmes.operations.entering import offer
from dure.programmes.operations.publishing import open_programme, publish
from tests.api.conftest import Caller
from tests.factories import make_operator, make_organisation, make_person
from tests.joints.test_plain import LABELS, OPENS, wanted
from tests.site.conftest import client_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_before_it_opens")]


@pytest.fixture
def _before_it_opens(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.at(OPENS - timedelta(days=1)):
        yield


def opened(**known) -> Programme:
    said = wanted(make_organisation("hanbit"), **known)
    programme = make_round(said, by=make_operator(), labels=io.BytesIO(LABELS), measure=Measure("accuracy"))
    publish(programme)
    open_programme(programme)
    return programme


def joined(programme: Programme, person, **said) -> Turn:
    client_of(person, "en").post(f"/programmes/{programme.slug}/join/apply/", said)
    drain()
    return Turn.objects.get(programme=programme, stage="join")


def page(programme: Programme, person) -> str:
    return client_of(person, "en").get(f"/programmes/{programme.slug}/join/apply/").content.decode()


def test_where_registration_is_open_one_takes_part_at_once():
    programme, person = opened(), make_person()
    told = page(programme, person)

    turn = joined(programme, person)

    assert "you take part at once" in told
    assert turn.state == "passed"
    assert Turn.objects.filter(programme=programme, stage="round").count() == 1


def test_until_the_round_opens_for_one_the_page_says_so_without_an_empty_form():
    programme, person = opened(), make_person()
    client = client_of(person, "en")

    told = client.post(f"/programmes/{programme.slug}/join/apply/", follow=True).content.decode()

    assert ("You are registered since" in told, 'href="/me/"' in told) == (True, True)
    assert ("Save the draft" in told, "required filled in" in told) == (False, False)


def test_a_team_takes_part_at_once():
    programme, person = opened(team=3), make_person()

    turn = joined(programme, person, team_name="Birds")

    assert turn.state == "passed"


def test_where_an_organiser_admits_one_waits_for_their_yes_without_a_form():
    programme, person = opened(entry="approve"), make_person()
    told = page(programme, person)

    turn = joined(programme, person)

    assert "decided next" in told
    assert turn.state == "handed-in"
    assert not Turn.objects.filter(programme=programme, stage="round").exists()


def test_by_the_api_one_takes_part_at_once_as_well():
    programme, person = opened(), make_person()

    turn = Caller(person).post(f"/programmes/{programme.slug}/stages/join/entries", {}, 201)
    drain()

    assert turn["state"] == "handed-in"
    assert Turn.objects.get(programme=programme, stage="join").state == "passed"


def test_an_invitation_is_accepted_by_the_api_without_a_form():
    programme, person = opened(entry="invite"), make_person()
    offer(programme, "join", to=person, by=make_operator())

    turn = Caller(person).post(f"/offers/{Offer.objects.get().pk}/accept", {}, 201)

    assert turn["state"] == "handed-in"


def test_who_accepts_an_invitation_takes_part_at_once():
    programme, person = opened(entry="invite"), make_person()
    offer(programme, "join", to=person, by=make_operator())

    client_of(person, "en").post(f"/offers/{Offer.objects.get().pk}/", {"answer": "yes"})
    drain()

    assert Turn.objects.get(programme=programme, stage="join").state == "passed"


def test_a_team_that_has_only_registered_still_takes_mates_in_up_to_its_most():
    programme, person, mate = opened(team=2), make_person(), make_person()
    joined(programme, person, team_name="Birds")
    team = Team.objects.get(name="Birds")

    join_team(team, person=mate)

    here = Turn.objects.filter(programme=programme, stage="round", turn_members__member__person=mate)
    assert here.count() == 1
    with pytest.raises(Refused) as full:
        join_team(team, person=make_person())
    assert full.value.code == "team.full"


def test_who_takes_part_with_another_team_is_not_taken_in_twice():
    programme, person, mate = opened(team=3), make_person(), make_person()
    joined(programme, person, team_name="Birds")
    client_of(mate, "en").post(f"/programmes/{programme.slug}/join/apply/", {"team_name": "Bees"})
    drain()

    with pytest.raises(Refused) as elsewhere:
        join_team(Team.objects.get(name="Birds"), person=mate)
    assert elsewhere.value.code == "team.not-here"
