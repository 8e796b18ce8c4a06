"""My page: what waits for me, what is under way, results, and what I received."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dure.challenges.models import Ban, Disqualification
from dure.challenges.queries.standing import bans_on, outs_on
from dure.core import clock
from dure.funding.models import PaymentState
from dure.funding.queries import payments_of
from dure.joints.gives.money import PURPOSE
from dure.people.models import Person
from dure.people.queries import invitations_for
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Approach, Given, GivenState, Look, Offer, OfferState
from dure.programmes.queries.nominating import nominating_of
from dure.programmes.queries.recruiting import approaches_to
from dure.site import words
from dure.site.mine.rounds import standing_rounds
from dure.site.mine.work import RECENT, work_of
from dure.site.visitors import person_of
from dure.store.worded import asked, found

LETTERS, MANY = 3, 100  # messages shown; looks counted no further


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What waits for me (by deadline), the rest of my turns, where I may nominate, and what I received."""
    person = person_of(request)
    seen = {
        "work": work_of(person),
        "rounds": standing_rounds(person),
        "bans": found(_bans, person.pk, clock.now()),
        "outs": found(_outs, person.pk, clock.now()),
        "offers": found(_offers, person.pk),
        "invitations": invitations_for(person).select_related("invited_by"),
        "received": received_by(person),
        "letters": found(_letters, person.pk),
        "looked": len(asked(_looks, person.pk)),
        "nominating": [(one, words.word(blueprint_of(one.programme), one.stage.id)) for one in nominating_of(person)],
    }
    return render(request, "mine/page.html", seen)


def _bans(person: UUID, at: datetime) -> "QuerySet[Ban]":
    return bans_on(Person(pk=person), at=at)[:RECENT]


def _outs(person: UUID, at: datetime) -> "QuerySet[Disqualification]":
    return outs_on(Person(pk=person), at=at)[:RECENT]


def _offers(person: UUID) -> "QuerySet[Offer]":
    return Offer.objects.filter(person=person, state=OfferState.OFFERED).select_related("programme", "by")


def _letters(person: UUID) -> "QuerySet[Approach]":
    return approaches_to(Person(pk=person))[:LETTERS]


def _looks(person: UUID) -> "QuerySet[Look, Any]":
    return Look.objects.filter(person=person).values_list("pk")[:MANY]


@dataclass(frozen=True)
class Received:
    """Something I was given. ``paid`` of ``instalments`` payments have left (money); ``over``: its end has come."""

    given: Given
    url: str
    paid: int = 0
    instalments: int = 0

    @property
    def over(self) -> bool:
        return self.given.expires_at is not None and self.given.expires_at <= clock.now()

    @property
    def state(self) -> str:
        """The word of ``RECEIVED_STATES`` for where it stands."""
        if self.over:
            return "over"
        if self.given.kind != "money" or not self.instalments:
            return self.given.state
        return "paid" if self.paid == self.instalments else "paying" if self.paid else "planned"


def received_by(person: Person) -> list[Received]:
    """What somebody was given: credentials, privileges and roles of their own, and their turns' money."""
    given_to = found(_given, person.pk)
    payments: dict[str, list[bool]] = {}
    if any(given.kind == "money" for given in given_to):
        for purpose, state in payments_of(person).values_list("commitment__purpose", "state"):
            payments.setdefault(purpose, []).append(state == PaymentState.PAID)
    due = {given.pk: payments.get(f"{PURPOSE}{given.pk}", []) for given in given_to}
    return [Received(given, _award(given), sum(due[given.pk]), len(due[given.pk])) for given in given_to]


def _given(person: UUID) -> "QuerySet[Given]":
    own = Given.objects.filter(person=person).values("pk")
    shared = Given.objects.filter(kind="money", turn__turn_members__member__person=person).values("pk")
    rows = Given.objects.filter(pk__in=own.union(shared)).exclude(state=GivenState.REVOKED)
    return rows.select_related("programme").order_by("-pk")[:RECENT]


def _award(given: Given) -> str:
    """The page on which anybody can verify it."""
    return reverse("award", args=[given.pk])
