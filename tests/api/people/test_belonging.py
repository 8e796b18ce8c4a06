"""Organisations, memberships, teams and the letters that let people in."""

import pytest
from django.core import mail

from dure.jobs.models import Message
from dure.people.models import Organisation
from tests.api.conftest import Caller
from tests.factories import make_admin, make_member, make_organisation, make_person

pytestmark = pytest.mark.django_db


def secret_of_the_last_letter() -> str:
    text = Message.objects.latest("pk").text if Message.objects.exists() else mail.outbox[-1].body
    return text.partition("/invitations/")[2].split()[0]


def test_organisation_is_founded_changed_and_listed(operator, learner):
    made = operator.post(
        "/organisations", {"short": "acme", "name_ko": "아크메", "name_en": "Acme", "kind": "sme", "staff": 9}, 201
    )
    admin = Caller(make_admin(_organisation("acme")))

    changed = admin.patch("/organisations/acme", {"name_en": "ACME", "staff": None})

    assert learner.get("/organisations?kind=sme")["items"] == [changed]
    assert changed == {**made, "name": {"ko": "아크메", "en": "ACME"}, "staff": None}
    assert learner.get("/organisations/nothing", 404)["code"] == "organisation.missing"
    assert operator.post("/organisations", {"short": "A B", "name_ko": "가", "name_en": "A", "kind": "sme"}, 422)


def test_members_join_and_leave():
    organisation = make_organisation("acme")
    admin, new = Caller(make_admin(organisation)), Caller(make_person(name="Ada"))

    joined = admin.post("/organisations/acme/members", {"email": new.person.email, "department": "Vision"}, 201)
    today = {row["person"]["name"] for row in new.get("/organisations/acme/members")["items"]}
    ended = new.delete(f"/memberships/{joined['id']}")

    assert ("Ada" in today, joined["department"]) == (True, "Vision")
    assert ended["until"] == joined["since"]
    assert new.get("/organisations/acme/members", 403)["code"] == "request.not-yours"
    assert [row["organisation"] for row in new.get("/me/memberships")["items"]] == ["acme"]
    past = admin.get("/organisations/acme/members?past=true")["items"]
    assert "Ada" in {row["person"]["name"] for row in past}


def test_a_members_role_is_changed_from_today_on_by_who_looks_after_the_organisation():
    organisation = make_organisation("acme")
    admin, member = Caller(make_admin(organisation)), Caller(make_person(name="Ada"))
    joined = admin.post("/organisations/acme/members", {"email": member.person.email, "department": "Vision"}, 201)
    way = f"/memberships/{joined['id']}/role"

    refused = [
        member.post(way, {"role": "admin"}, 403)["code"],
        Caller(make_person()).post(way, {"role": "admin"}, 404)["code"],
    ]
    changed = admin.post(way, {"role": "admin"})

    assert refused == ["request.not-yours", "membership.missing"]
    assert (changed["role"], changed["department"]) == ("admin", "Vision")
    assert admin.post(f"/memberships/{changed['id']}/role", {"role": "boss"}, 422)["code"] == "request.form"


def test_membership_of_strangers_is_not_there():
    membership = make_member(make_organisation())

    assert Caller(make_person()).delete(f"/memberships/{membership.pk}", 404)["code"] == "membership.missing"


def test_letter_to_an_organisation_is_answered_by_its_secret():
    organisation = make_organisation("acme")
    admin, reader = Caller(make_admin(organisation)), Caller(make_person())
    admin.post("/organisations/acme/invitations", {"email": "old.address@example.org", "role": "student"}, 201)
    letter = {"secret": secret_of_the_last_letter()}

    accepted = reader.post("/invitations/accept", letter)
    again = Caller().post("/invitations/decline", letter, 409)

    assert (accepted["state"], again["code"]) == ("accepted", "invitation.answered")
    assert [row["role"] for row in reader.get("/me/memberships")["items"]] == ["student"]


def test_letter_is_declined_without_an_account_and_withdrawn_by_its_sender():
    organisation = make_organisation("acme")
    admin = Caller(make_admin(organisation))
    admin.post("/organisations/acme/invitations", {"email": "a@example.org"}, 201)
    declined = Caller().post("/invitations/decline", {"secret": secret_of_the_last_letter()})
    sent = admin.post("/organisations/acme/invitations", {"email": "b@example.org"}, 201)

    foreign = Caller(make_person()).post(f"/invitations/{sent['id']}/withdraw", status=404)
    withdrawn = admin.post(f"/invitations/{sent['id']}/withdraw")

    assert (declined["state"], foreign["code"], withdrawn["state"]) == ("declined", "invitation.missing", "withdrawn")


def test_team_forms_changes_its_captain_and_is_left():
    ada, bo, stranger = (Caller(make_person(name=name)) for name in ("Ada", "Bo", "Cy"))
    team = ada.post("/teams", {"name": "Alpha"}, 201)
    place = f"/teams/{team['id']}"
    ada.post(f"{place}/invitations", {"email": bo.person.email}, 201)
    [letter] = bo.get("/me/invitations")["items"]
    ada.post(f"/invitations/{letter['id']}/accept", status=404)
    bo.post(f"/invitations/{letter['id']}/accept")

    handed = ada.post(f"{place}/captain", {"person": str(bo.person.pk)})
    refused = ada.post(f"{place}/leave", {"person": str(bo.person.pk)}, 403)
    left = bo.post(f"{place}/leave", {"person": str(ada.person.pk)})

    assert (handed["captain"]["name"], refused["code"]) == ("Bo", "request.not-yours")
    assert [member["name"] for member in left["members"]] == ["Bo"]
    assert [row["name"] for row in bo.get("/me/teams")["items"]] == ["Alpha"]
    assert stranger.get(place, 404)["code"] == "team.missing"


def test_letter_to_a_team_is_declined_by_its_reader():
    ada, bo = Caller(make_person()), Caller(make_person())
    team = ada.post("/teams", {"name": "Alpha"}, 201)
    ada.post(f"/teams/{team['id']}/invitations", {"email": bo.person.email}, 201)
    [letter] = bo.get("/me/invitations")["items"]

    bo.post(f"/invitations/{letter['id']}/decline")

    assert bo.get("/me/invitations")["items"] == []
    assert len(ada.get(f"/teams/{team['id']}")["members"]) == 1


def _organisation(short: str):
    return Organisation.objects.get(short=short)
