"""People: found by name or address, one with everything that hangs on the account, and what operators do with it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dure.audit.queries import acts_of, history
from dure.core.errors import Missing
from dure.people.models import Person
from dure.people.operations import deactivate, end_operator, make_operator, reactivate, reset_second_factor
from dure.people.queries import consents_of, likeliest_persons, teams_of, tokens_of
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Seat, Turn
from dure.site import words
from dure.site.account.devices import device_of
from dure.site.operator.door import NOTHING, operators
from dure.site.operator.events import events_of
from dure.site.operator.lists import PAGE, newest
from dure.site.visitors import person_of
from dure.store.search import matching

SHOWN = 20
GROUPS = {"operators": {"is_staff": True}, "closed": {"is_active": False}}


@dataclass(frozen=True)
class Act:
    """Something that an operator does with an account: what it is called, and what will happen."""

    label: Promise
    warning: Promise
    done: Promise
    operation: Callable[..., object]
    grave: bool = True


ACTS = {
    "close": Act(
        _("Close the account"),
        _("Nobody signs in with it any more and its devices are signed out at once. What was handed in stays."),
        _("The account is closed."),
        deactivate,
    ),
    "open": Act(
        _("Open the account again"),
        _("The person can sign in as before."),
        _("The account is open again."),
        reactivate,
        grave=False,
    ),
    "second-factor": Act(
        _("Reset the second factor"),
        _(
            "Their second factor and recovery codes are removed, all devices are signed out, and they are told. Make"
            " sure first that it is really they who ask: by telephone or in person, not by mail alone."
        ),
        _("The second factor is reset."),
        reset_second_factor,
    ),
    "make-operator": Act(
        _("Make an operator"),
        _("They see and change everything on this platform, as you do."),
        _("They are an operator now."),
        make_operator,
    ),
    "end-operator": Act(
        _("End the operator's office"),
        _("They see only what concerns them again."),
        _("They are an operator no more."),
        end_operator,
        grave=False,
    ),
}


@operators
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """By name, first letters, or address; without a word the newest accounts."""
    typed, group = request.GET.get("q", "").replace("\0", "").strip()[:120], request.GET.get("group", "")
    listed = newest(_all_in(group), request.GET) if not typed else None
    seen = {
        "tab": "people",
        "typed": typed,
        "group": group,
        "listed": listed,
        "people": _found(group, typed) if typed else listed and listed.rows,
        "most": PAGE,
    }
    return render(request, "operator/people.html", seen)


def _all_in(group: str) -> "QuerySet[Person]":
    return Person.objects.filter(**GROUPS.get(group, {}))


def _found(group: str, typed: str) -> list[Person]:
    """Whose address begins with it or whose name has it: at most a page, the likeliest first."""
    rows = _all_in(group)
    if "@" in typed:
        return list(rows.filter(email__startswith=typed.lower()).order_by("email")[:PAGE])
    if group in GROUPS:
        return list(matching(rows, typed)[:PAGE])
    return likeliest_persons(typed, slice(PAGE), among=lambda: rows)


@operators
@require_safe
def show(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The account, where the person belongs and takes part, what they agreed to, what was done."""
    person = get_object_or_404(Person, pk=person_id)
    factors = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP)
    has_factor = factors.exists()
    seen = {
        "tab": "people",
        "person": person,
        "has_factor": has_factor,
        "acts": _acts_on(person, has_factor=has_factor, by=person_of(request)),
        "memberships": person.memberships.select_related("organisation").order_by("-since", "pk")[:SHOWN],
        "seats": _seats(person),
        "turns": _turns(person),
        "teams": teams_of(person),
        "sessions": [(row, device_of(row.user_agent)) for row in _sessions(person)],
        "tokens": tokens_of(person),
        "consents": consents_of(person)[:SHOWN],
        "done": events_of(acts_of(person)[:SHOWN]),
        "suffered": events_of(history(person)[:SHOWN]),
    }
    return render(request, "operator/person.html", seen)


def _acts_on(person: Person, *, has_factor: bool, by: Person) -> list[tuple[str, Act]]:
    if person == by or person.forgotten_at is not None:
        return []
    names = ["close" if person.is_active else "open"]
    if person.is_active:
        names.append("end-operator" if person.is_staff else "make-operator")
    if has_factor:
        names.append("second-factor")
    return [(name, ACTS[name]) for name in names]


def _seats(person: Person) -> list[tuple[Seat, str]]:
    rows = Seat.objects.filter(person=person, ended_at=None).select_related("programme").order_by("-pk")[:SHOWN]
    return [(seat, words.word(blueprint_of(seat.programme), seat.role)) for seat in rows]


def _turns(person: Person) -> list[tuple[Turn, str]]:
    rows = Turn.objects.filter(turn_members__member__person=person).select_related("programme").order_by("-pk")
    return [(turn, words.word(blueprint_of(turn.programme), turn.stage)) for turn in rows[:SHOWN]]


def _sessions(person: Person) -> "QuerySet[UserSession]":
    return UserSession.objects.filter(user=person).order_by("-last_seen_at")[:SHOWN]


@operators
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, person_id: UUID, what: str) -> HttpResponse:
    """What an act means, then doing it."""
    person, doing = get_object_or_404(Person, pk=person_id), ACTS.get(what)
    if doing is None:
        raise Missing("page.missing", NOTHING)
    if request.method == "POST":
        doing.operation(person, by=person_of(request))
        messages.success(request, str(doing.done))
        return redirect("operator-person", person_id)
    return render(request, "operator/person_act.html", {"tab": "people", "person": person, "act": doing})
