"""A letter goes out, its reader answers once."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from dure.core import clock
from dure.core.errors import Flawed, Missing, Refused
from dure.core.events import on
from dure.core.text import Text
from dure.people.days import today
from dure.people.events import InvitationAccepted
from dure.people.models import Invitation, Role
from dure.people.operations import accept, decline, form_team, invite, withdraw
from dure.people.queries import colleagues_of, invitation_by, invitations_for, invitations_to, mates_in, notices_of
from tests.factories import make_organisation, make_person
from tests.people.races import race

pytestmark = pytest.mark.django_db
TO_JUDGE = Text(ko="예선 심사위원", en="to judge the first round")


def invite_to_judge(email: str = "judge@example.org", **known):
    return invite(
        email, **{"purpose": "visit", "subject": 7, "what": TO_JUDGE, "by": make_person(name="이한솔"), **known}
    )


def test_whoever_has_an_account_under_the_address_is_told_on_their_pages_too():
    reader, stranger = make_person("judge@example.org"), make_person()
    invite_to_judge()
    assert [(n.text.en, n.path) for n in notices_of(reader)] == [
        ("이한솔 invites you to judge the first round.", "/me/")
    ]
    assert notices_of(stranger).count() == 0


def test_the_letter_says_who_invites_to_what_and_leads_to_the_invitation():
    issued = invite_to_judge(" Judge@Example.org")

    letter = mail.outbox[0]
    assert letter.to == ["judge@example.org"]
    for sentence in ("이한솔 님이", "예선 심사위원", "이한솔 invites you to judge the first round."):
        assert sentence in letter.body
    secret = re.search(r"/invitations/(\S+)$", letter.body, re.MULTILINE)[1]
    assert secret == issued.secret
    assert invitation_by(secret) == issued.row


def test_the_secret_is_not_stored():
    issued = invite_to_judge()

    assert issued.secret not in str(Invitation.objects.values().get())
    with pytest.raises(Missing, match="no such invitation"):
        invitation_by(issued.row.secret_sha256)


def test_accepting_tells_the_room_that_invited():
    heard = []
    on(InvitationAccepted)(heard.append)
    invitation, judge = invite_to_judge(role="reviewer").row, make_person()

    accept(invitation, by=judge)

    assert heard == [InvitationAccepted(invitation.pk, "visit", "7", "reviewer", judge.pk)]
    assert (invitation.state, invitation.answered_by) == ("accepted", judge)


def test_a_refusing_room_leaves_the_invitation_unanswered():
    organisation, person = make_organisation(), make_person()
    letters = [
        invite(email, purpose="organisation", subject=organisation.pk, what=TO_JUDGE, by=None).row
        for email in ("a@example.org", "b@example.org")
    ]
    accept(letters[0], by=person)

    with pytest.raises(Refused) as refusal:
        accept(letters[1], by=person)

    assert refusal.value.code == "membership.exists"
    assert Invitation.objects.get(pk=letters[1].pk).state == "pending"


def test_an_invitation_to_an_organisation_gives_its_role():
    organisation, person = make_organisation(), make_person()
    letter = invite(person.email, purpose="organisation", subject=organisation.pk, what=TO_JUDGE, by=None, role="admin")

    accept(letter.row, by=person)

    assert [(m.person, m.role) for m in colleagues_of(organisation, on=today())] == [(person, Role.ADMIN)]


def test_an_invitation_to_a_team_lets_in():
    captain, person = make_person(), make_person()
    team = form_team("Alpha", captain=captain)

    accept(invite(person.email, purpose="team", subject=team.pk, what=TO_JUDGE, by=captain).row, by=person)

    assert [member.person for member in mates_in(team)] == [captain, person]


def test_waiting_invitations_are_found_by_verified_addresses_only():
    verified, unverified = make_person("a@example.org"), make_person("b@example.org", verified=False)
    waiting = invite_to_judge("a@example.org").row
    invite_to_judge("b@example.org")
    decline(invite_to_judge("a@example.org", subject=8).row, by=verified)

    assert [list(invitations_for(person)) for person in (verified, unverified)] == [[waiting], []]


@pytest.mark.parametrize("first", [lambda i: decline(i, by=None), withdraw, lambda i: accept(i, by=make_person())])
def test_an_invitation_is_answered_once(first):
    invitation = invite_to_judge().row
    first(invitation)

    for second in (lambda: accept(invitation, by=make_person()), lambda: decline(invitation, by=None)):
        with pytest.raises(Refused) as refusal:
            second()
        assert refusal.value.code == "invitation.answered"


def test_an_expired_invitation_is_refused_and_can_be_sent_again():
    invitation = invite_to_judge().row
    with clock.at(invitation.expires_at):
        with pytest.raises(Refused) as refusal:
            accept(invitation, by=make_person())
        again = invite_to_judge().row

    assert refusal.value.code == "invitation.expired"
    assert list(invitations_to("visit", 7)) == [again, invitation]


def test_one_invitation_at_a_time():
    invite_to_judge(lasts=timedelta(days=1))

    with pytest.raises(Refused) as refusal:
        invite_to_judge()

    assert refusal.value.code == "invitation.pending"
    assert len(mail.outbox) == 1


def test_what_is_no_address_is_refused():
    with pytest.raises(Flawed, match="not an email address"):
        invite_to_judge("judge at example")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_the_same_time_one_gets_in():
    invitation, people = invite_to_judge().row, [make_person() for _ in range(4)]

    outcomes = race(*(lambda p=p: accept(Invitation.objects.get(pk=invitation.pk), by=p).answered_by for p in people))

    winners = [outcome for outcome in outcomes if not isinstance(outcome, Refused)]
    assert winners == [Invitation.objects.get(pk=invitation.pk).answered_by]
    assert len(outcomes) == len(people)
