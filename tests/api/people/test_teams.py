"""Teams over HTTP: codes, names, merging, and who may."""

import pytest

from dure.people.operations.team_codes import MOST_TRIES
from tests.api.conftest import Caller
from tests.factories import make_member, make_organisation, make_person

pytestmark = pytest.mark.django_db


def team_of(captain: Caller, name: str = "Alpha") -> str:
    return f"/teams/{captain.post('/teams', {'name': name}, 201)['id']}"


def test_one_joins_by_the_code_that_the_captain_told():
    ada, bo = Caller(make_person(name="Ada")), Caller(make_person(name="Bo"))
    place = team_of(ada)
    code = ada.post(f"{place}/code", status=201)

    joined = bo.post("/teams/join", {"code": code["code"].lower()})

    assert [mate["name"] for mate in joined["members"]] == ["Ada", "Bo"]
    assert ada.get(f"{place}/code") == code
    assert bo.get(f"{place}/code", 403)["code"] == "request.not-yours"
    ada.delete(f"{place}/code")
    assert ada.get(f"{place}/code", 404)["code"] == "team.code"


def test_wrong_codes_stay_counted():
    ada = Caller(make_person())

    statuses = [ada.call("post", "/teams/join", {"code": "XXXX-XXXX"}).status_code for _ in range(MOST_TRIES + 1)]

    assert statuses == [404] * MOST_TRIES + [429]


def test_the_captain_renames_and_invites_whom_they_meet():
    place_of_work = make_organisation()
    ada, bo = (Caller(make_member(place_of_work).person) for _ in range(2))
    place = team_of(ada)

    renamed = ada.patch(place, {"name": "Omega"})
    ada.post(f"{place}/invitations/to/{bo.person.pk}")
    stranger = ada.post(f"{place}/invitations/to/{make_person().pk}", status=404)

    assert (renamed["name"], stranger["code"]) == ("Omega", "person.missing")
    assert [row["purpose"] for row in bo.get("/me/invitations")["items"]] == ["team"]


def test_two_teams_merge_when_the_other_captain_accepts():
    ada, bo, cy = (Caller(make_person(name=name)) for name in ("Ada", "Bo", "Cy"))
    into, gone = team_of(ada), team_of(bo, "Beta")
    asked = ada.post(f"{into}/merges", {"team": gone.removeprefix("/teams/")}, 201)
    place = f"/merges/{asked['id']}"

    strangers = [cy.post(f"{place}/accept", status=404)["code"], ada.post(f"{place}/accept", status=403)["code"]]
    waiting = bo.get(f"{gone}/merges")
    accepted = bo.post(f"{place}/accept")

    assert strangers == ["merge.missing", "request.not-yours"]
    assert ([row["id"] for row in waiting], asked["tasks"], accepted["state"]) == ([asked["id"]], [], "accepted")
    assert [mate["name"] for mate in ada.get(into)["members"]] == ["Ada", "Bo"]
    assert bo.get(gone, 404)["code"] == "team.missing"


def test_a_question_is_declined_or_taken_back():
    ada, bo = Caller(make_person()), Caller(make_person())
    into, gone = team_of(ada), team_of(bo, "Beta")
    other = {"team": gone.removeprefix("/teams/")}

    first = ada.post(f"{into}/merges", other, 201)
    declined = bo.post(f"/merges/{first['id']}/decline")
    second = ada.post(f"{into}/merges", other, 201)
    taken_back = ada.post(f"/merges/{second['id']}/withdraw")

    assert (declined["state"], taken_back["state"]) == ("declined", "withdrawn")
    assert ada.post(f"{into}/merges", {}, 422)["code"] == "merge.team"
