"""What happened to a turn, in order: when it opened, what was handed in, proven, decided and given, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from dure.applications.models import Receipt
from dure.core import clock
from dure.joints.models import Proof, ProofState
from dure.people.models import Person
from dure.programmes.models import Decision, Given, GivenState, Turn, TurnState, Verdict
from dure.site import words
from dure.site.templatetags.dure import named
from dure.store.worded import found, valued

AT_ONCE = timedelta(minutes=1)


@dataclass(frozen=True)
class Event:
    """``tone``: ``good``, ``bad`` or none; ``url`` leads to what there is to see."""

    at: datetime
    title: str
    text: str = ""
    tone: str = ""
    url: str = ""

    @property
    def is_to_come(self) -> bool:
        return self.at > clock.now()


def history_of(turn: Turn, verdicts: Sequence[Decision], gives: Sequence[Given]) -> list[Event]:
    """Everything a turn's holder may know of it, from its arrival to its end; a deadline to come stands last.

    ``gives``: what the turn gave them.
    """
    events = []
    if turn.opened_at is None or turn.opened_at - turn.arrived_at > AT_ONCE:
        events.append(Event(turn.arrived_at, gettext("You came to this stage")))
    if turn.opened_at:
        events.append(Event(turn.opened_at, gettext("It opened for you")))
    events += [*_sent(turn), *_proven(turn), *map(_judged, verdicts), *map(_given, gives)]
    if turn.state == TurnState.WITHDRAWN and turn.ended_at:
        events.append(Event(turn.ended_at, gettext("Withdrawn")))
    if turn.state in {TurnState.OPEN, TurnState.WAITING} and turn.closes_at:
        events.append(Event(turn.closes_at, gettext("Deadline")))
    return sorted(events, key=lambda event: event.at)


def _sent(turn: Turn) -> list[Event]:
    """Every sending of a form with its receipt; of anything else the hand-in that counts."""
    sent = [
        Event(
            received_at,
            gettext("Handed in") if number == 1 else gettext("Changed and handed in again"),
            url=reverse("receipt", args=[turn.pk, number]),
        )
        for received_at, number in valued(_receipts, turn.pk)
    ]
    if sent:
        return sent
    return [Event(turn.handed_in_at, gettext("Handed in"))] if turn.handed_in_at else []


def _receipts(turn: UUID) -> "QuerySet[Receipt, Any]":
    rows = Receipt.objects.filter(application__form_turn__turn=turn).order_by("number")
    return rows.values_list("received_at", "number")


def _proven(turn: Turn) -> list[Event]:
    events = []
    for proof in found(_proofs, turn.pk):
        events.append(Event(proof.at, gettext("Proof entered"), text=proof.reference))
        if proof.verified_at and proof.state == ProofState.VERIFIED:
            events.append(Event(proof.verified_at, gettext("Proof verified"), text=proof.note, tone="good"))
        elif proof.verified_at:
            events.append(Event(proof.verified_at, gettext("Proof not accepted"), text=proof.note, tone="bad"))
    return events


def _proofs(turn: UUID) -> "QuerySet[Proof]":
    return Proof.objects.filter(turn=turn)


def _judged(decision: Decision) -> Event:
    told = decision.settlement.ended_at if decision.settlement and decision.settlement.ended_at else decision.at
    if decision.verdict == Verdict.PASSED:
        return Event(told, gettext("You passed"), words.say(decision.reason), "good")
    return Event(told, gettext("Not passed"), words.say(decision.reason), "bad")


def given_by(turn: Turn, *, to: Person | None) -> list[Given]:
    """What a turn gave: to one of those who hold it, or to all of them at once; None: to anybody."""
    gives = found(_gave, turn.pk) if to is None else found(_gave, turn.pk, to.pk)
    for given in gives:
        given.programme = turn.programme
    return gives


def _gave(turn: UUID, *to: UUID) -> "QuerySet[Given]":
    whose = Q(person__in=to) | Q(person=None) if to else Q()
    rows = Given.objects.filter(whose, turn=turn).exclude(state=GivenState.REVOKED)
    return rows.order_by("index", "pk")


def _given(given: Given) -> Event:
    return Event(given.given_at, gettext("You received: %(what)s") % {"what": named(given)})
