"""Moving a row by compare-and-set, and the constraint that keeps its state inside the map."""

import pytest
from django.db import IntegrityError, transaction

from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.models import INVITATION_MOVES as MOVES
from dure.people.models import Invitation
from dure.people.operations import invite
from dure.store.models import move
from tests.people.races import race

pytestmark = pytest.mark.django_db


def make_invitation():
    what = Text(ko="팀", en="a team")
    return invite("new@example.org", purpose="team", subject="1", what=what, by=None).row


def test_a_row_moves_with_what_is_set_beside_its_state():
    invitation, now = make_invitation(), clock.now()

    moved = move(invitation, "accepted", by=MOVES, answered_at=now)

    assert (moved.state, moved.answered_at) == ("accepted", now)
    assert Invitation.objects.values_list("state", "answered_at").get() == ("accepted", now)


def test_what_the_map_does_not_have_is_refused():
    with pytest.raises(Refused) as refused:
        move(move(make_invitation(), "declined", by=MOVES), "accepted", by=MOVES)

    assert refused.value.code == "state.move"


def test_who_comes_second_is_told_to_reload():
    made = make_invitation()
    twin = Invitation.objects.get()
    move(made, "accepted", by=MOVES)

    with pytest.raises(Refused) as refused:
        move(twin, "declined", by=MOVES)

    assert (refused.value.code, twin.state) == ("state.changed", "pending")
    assert Invitation.objects.get().state == "accepted"


@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_one_moves_the_row():
    make_invitation()
    twins = [Invitation.objects.get() for _ in range(4)]

    got = race(*[lambda twin=twin: move(twin, "accepted", by=MOVES) for twin in twins])

    assert sorted(type(one).__name__ for one in got) == ["Invitation", "Refused", "Refused", "Refused"]


def test_a_state_outside_the_map_does_not_get_into_the_database():
    make_invitation()

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(state="lost")
