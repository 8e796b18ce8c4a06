"""The maps of states: no walk leaves them, and an end is an end."""

from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from dure.core.errors import Refused
from dure.programmes.models import (
    ALIVE,
    CASE_MOVES,
    GIVEN_MOVES,
    OFFER_MOVES,
    PROGRAMME_MOVES,
    PROVIDED_MOVES,
    SETTLEMENT_MOVES,
    TURN_MOVES,
    CaseState,
    GivenState,
    OfferState,
    ProgrammeState,
    ProvidedState,
    SettlementState,
    Turn,
    TurnState,
)
from dure.store.models import move
from tests.programmes.build import APPLY, live

MAPS = [
    (TURN_MOVES, TurnState, {"passed", "withdrawn"}),
    (CASE_MOVES, CaseState, set()),
    (GIVEN_MOVES, GivenState, {"revoked"}),
    (OFFER_MOVES, OfferState, {"accepted", "declined", "withdrawn"}),
    (PROGRAMME_MOVES, ProgrammeState, {"closed"}),
    (PROVIDED_MOVES, ProvidedState, set()),
    (SETTLEMENT_MOVES, SettlementState, {"undone", "released"}),
]


@pytest.mark.parametrize(("moves", "states", "ends"), MAPS, ids=[states.__name__ for _, states, _ in MAPS])
def test_every_move_leads_to_a_state_and_only_ends_have_no_way_on(moves, states, ends):
    assert {state for nexts in moves.values() for state in nexts} <= set(states)
    assert {state.value for state in states if not moves.get(state)} == ends


@given(st.data())
@pytest.mark.parametrize(("moves", "states", "ends"), MAPS, ids=[states.__name__ for _, states, _ in MAPS])
def test_no_walk_leaves_its_map(moves, states, ends, data):
    here = next(iter(states))
    for wish in data.draw(st.lists(st.sampled_from(list(states)), max_size=12)):
        allowed = wish in moves.get(here, ())
        with suppress(Refused):
            moves.check(here, wish)
            assert allowed
            here = wish
        if here.value in ends:
            assert not any(other in moves.get(here, ()) for other in states)


@pytest.mark.parametrize("ended", ["passed", "withdrawn"])
@pytest.mark.parametrize("wish", TurnState.values)
def test_an_ended_turn_is_moved_nowhere(db, ended, wish):
    turn = live(APPLY).enter()
    Turn.objects.filter(pk=turn.pk).update(state=ended)
    turn.refresh_from_db()

    with pytest.raises(Refused) as refused:
        move(turn, wish, by=TURN_MOVES)

    assert refused.value.code == "state.move"


def test_the_database_knows_no_other_state(db):
    turn = live(APPLY).enter()

    with pytest.raises(IntegrityError), transaction.atomic():
        Turn.objects.filter(pk=turn.pk).update(state="lost")


def test_alive_is_what_may_still_be_judged():
    assert set(ALIVE) == {state for state in TurnState if TurnState.WITHDRAWN in TURN_MOVES.get(state, ())}
