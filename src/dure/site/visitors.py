"""Who asks, and which ways are open to them."""

import json
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, QuerySet
from django.http import HttpRequest

from dure.blueprint.model import Ability
from dure.core.errors import Forbidden, Missing
from dure.core.text import Text
from dure.people.days import today
from dure.people.models import Organisation, Person
from dure.people.queries import unread_count
from dure.people.rules import administrations, looked_after_by
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, ProgrammeState, Seat, Turn
from dure.store.worded import asked, found

NO_PROGRAMME = Text(
    ko="찾으시는 프로그램이 없습니다. 주소를 확인하거나 프로그램 목록에서 찾아보세요.",
    en="There is no such programme. Check the address, or look in the list of programmes.",
)
NO_TURN = Text(
    ko="찾으시는 항목이 없습니다. 내 페이지에서 진행 중인 항목을 확인하세요.",
    en="There is nothing here. Your own page lists what you take part in.",
)
NOT_AN_OPERATOR = Text(
    ko="이 프로그램의 운영자만 볼 수 있는 페이지입니다. 권한이 필요하면 운영자에게 요청하세요.",
    en="Only the operators of this programme see this page. Ask one of them to give you a seat.",
)


BESIDE = frozenset({Ability.SUPERVISE, Ability.MENTOR, Ability.WORK})  # who is with turns, and may sit on their panels
JUDGE = BESIDE | {Ability.REVIEW, Ability.DECIDE}
MOST_HOMES = 500
THEME_COOKIE, THEMES = "theme", frozenset({"light", "dark"})


def person_of(request: HttpRequest) -> Person:
    """Whoever is signed in; views that call this are behind ``login_required``."""
    if not isinstance(request.user, Person):
        raise TypeError("this view lacks login_required")
    return request.user


def homes_of(person: Person) -> dict[str, Organisation]:
    """For which organisations somebody may act, by short name: the choices of a form."""
    return {one.short: one for one in looked_after_by(person)[:MOST_HOMES]}


def id_from(written: str | None) -> UUID:
    """The id that somebody sent; what is none becomes the id that nothing has."""
    try:
        return UUID(written or "")
    except ValueError:
        return UUID(int=0)


def visitor(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


def programme_for(request: HttpRequest, slug: str) -> Programme:
    """The programme of that address; a draft is there for its operators only. Raises Missing."""
    person, programmes = visitor(request), found(_called, slug)
    for programme in programmes:
        if programme.state != ProgrammeState.DRAFT or (person and rules.operates(person, programme)):
            return programme
    raise Missing("programme.missing", NO_PROGRAMME)


def _called(slug: str) -> "QuerySet[Programme]":
    return Programme.objects.filter(slug=slug)


def desk_for(request: HttpRequest, slug: str) -> Programme:
    """The programme, for those who operate it. Raises Missing or Forbidden."""
    programme = programme_for(request, slug)
    if not rules.operates(person_of(request), programme):
        raise Forbidden("desk.not-yours", NOT_AN_OPERATOR)
    return programme


def turn_for(request: HttpRequest, turn_id: UUID) -> Turn:
    """A turn that the visitor may see. Raises Missing: strangers need not know that it is there."""
    for turn in found(_turn, turn_id):
        if rules.may_see(person_of(request), turn):
            return turn
    raise Missing("turn.missing", NO_TURN)


def _turn(turn: UUID) -> "QuerySet[Turn]":
    return Turn.objects.filter(pk=turn).select_related("programme", "case", "evidence")


class Ways:
    """Which parts of the site somebody has something to do in; asked for only by pages that show the menu."""

    def __init__(self, person: Person | None) -> None:
        self._person = person

    @cached_property
    def abilities(self) -> set[Ability]:
        seats = asked(_seats_of, self._person.pk) if self._person else ()
        return {ability for seat in seats for ability in _abilities_at(*seat)}

    @cached_property
    def _has(self) -> tuple[bool, bool]:
        """Whether they made a programme, and whether they look after an organisation."""
        rows = asked(_standing_of, self._person.pk, today()) if self._person else ()
        return next(((bool(made), bool(after)) for made, after in rows), (False, False))

    @cached_property
    def desk(self) -> bool:
        return self._is_operator or any(self._has) or Ability.OPERATE in self.abilities

    @cached_property
    def unread(self) -> int:
        """How many notices wait to be seen."""
        return unread_count(self._person) if self._person else 0

    @cached_property
    def studio(self) -> bool:
        _, looks_after = self._has
        return self._is_operator or looks_after

    @cached_property
    def reviews(self) -> bool:
        return bool(JUDGE & self.abilities)

    @cached_property
    def recruit(self) -> bool:
        return Ability.RECRUIT in self.abilities

    @property
    def _is_operator(self) -> bool:
        return self._person is not None and rules.is_operator(self._person)


def _seats_of(person: UUID) -> "QuerySet[Seat, Any]":
    """Role and rules of each seat that somebody has now."""
    rules_of = ("programme__source", "programme__bind", "programme__windows")
    return Seat.objects.filter(person=person, ended_at__isnull=True).values_list("role", *rules_of)


def _abilities_at(role: str, source: str, bind: str, windows: str) -> Iterable[Ability]:
    programme = Programme(source=source, bind=json.loads(bind), windows=json.loads(windows))
    held = blueprint_of(programme).roles.get(role)
    return held.can if held else ()


def _standing_of(person: UUID, day: date) -> "QuerySet[Person, Any]":
    made, looked_after = Programme.objects.filter(made_by=person), administrations(person, day)
    return Person.objects.filter(pk=person).values_list(Exists(made), Exists(looked_after))


PARTS = {
    "awards": "me", "banks": "learn", "bans": "me", "calendar": "me", "decisions": "reviews", "degrees": "learn",
    "disqualifications": "me", "exams": "learn", "interviews": "learn", "make": "studio", "roles": "learn",
    "round-bans": "me", "rounds": "challenges", "skills": "learn", "submissions": "me", "surveys": "me",
    "tasks": "challenges", "turns": "me",
}  # of the menu, by the first word of an address that says another  # fmt: skip


def ways(request: HttpRequest) -> dict[str, object]:
    """For every template: ``ways``, the ``part`` of the site that the page is in, and the ``theme`` that was chosen."""
    first, _, rest = request.path.lstrip("/").partition("/")
    part = "reviews" if rest.startswith("reviews/") else PARTS.get(first, first)
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "ways": Ways(visitor(request) if hasattr(request, "user") else None),
        "part": part,
        "theme": theme if theme in THEMES else "",
    }
