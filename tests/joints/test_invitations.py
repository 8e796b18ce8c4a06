"""A letter that seats whoever accepts it."""

import pytest

from dure.core.errors import Forbidden
from dure.joints.invitations import invite_to_seat
from dure.people.operations import accept
from dure.programmes.models import Seat
from dure.programmes.operations.publishing import make_programme
from tests.factories import make_operator, make_organisation, make_person

pytestmark = pytest.mark.django_db

SOURCE = """
blueprint: invited
title: {en: Invited, ko: 초대}
subject: person
parties:
  host: {kind: company}
roles:
  judge: {at: host, can: [decide]}
stages:
  - id: apply
    kind: form
    entry: open
    do: {ask: [motive]}
    gate: [{decide: {role: judge}}]
"""


@pytest.fixture
def programme():
    make_organisation("host")
    return make_programme(SOURCE, slug="invited", by=make_operator())


def test_accepting_the_letter_seats_the_person(programme):
    judge = make_person("judge@example.org")
    invitation = invite_to_seat(programme, "judge", email=judge.email, by=programme.made_by)

    accept(invitation, by=judge)

    assert list(Seat.objects.values_list("role", "person", "organisation__short")) == [("judge", judge.pk, "host")]


def test_only_who_operates_the_programme_invites_to_seats(programme):
    with pytest.raises(Forbidden):
        invite_to_seat(programme, "judge", email="a@example.org", by=make_person())
