"""Recruiters: the people whom consent or a right lets them see, a shortlist, and letters through Dure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.blueprint.model import Blueprint, CredentialGive, Entry, PrivilegeGive, Stage
from dure.blueprint.reasons import fact_text
from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.people.days import today
from dure.people.models import Person
from dure.people.queries.known import known
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import Approach, Given, GivenState, Member, Turn, TurnMember, TurnState
from dure.programmes.operations.entering import offer
from dure.programmes.operations.recruiting import MOST_TEXT, approach, keep_in_mind, let_go, look
from dure.programmes.queries.recruiting import (
    Recruiter,
    contacts_left,
    held_by_person,
    recruits_of,
    rights,
    scored_stage,
    shortlist_of,
    shown_to,
    taking,
    turns_at,
    with_scores,
)
from dure.site import words
from dure.site.paging import page_of
from dure.site.visitors import person_of
from dure.store.search import matching

PAGE = 50
PROFILE = ("employer", "degree", "major", "year")  # age is nobody's business in hiring
ORDERS: dict[str, Promise] = {"score": _("Best score first"), "name": _("By name"), "end": _("Right that ends first")}
NOT_RECRUITING = Text(
    ko="채용 담당자로 등록된 프로그램이 아닙니다. 프로그램 운영자에게 요청하세요.",
    en="You do not recruit in this programme. Ask one of its operators for a seat.",
)
NO_LETTER = Text(ko="찾으시는 메시지가 없습니다.", en="There is no such message.")


@dataclass(frozen=True)
class Row:
    """One person of the list. ``turns``: by stage, where they stand."""

    person: Person
    turns: Sequence[tuple[str, Turn]]
    score: float | None
    rights: Sequence[Given]
    credentials: Sequence[Given]
    kept: bool


@dataclass(frozen=True)
class Asked:
    """How the list is narrowed; empty does not narrow."""

    stage: str
    option: str
    credential: str
    right: str
    kept: bool
    text: str
    order: str

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        order = given.get("order", "")
        return cls(
            stage=given.get("stage", ""), option=given.get("option", ""), credential=given.get("credential", ""),
            right=given.get("right", ""), kept="kept" in given, text=given.get("q", "").strip()[:80],
            order=order if order in ORDERS else next(iter(ORDERS)),
        )  # fmt: skip


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The programmes in which one recruits; with only one, its list at once."""
    found = recruits_of(person_of(request))
    if len(found) == 1:
        return redirect("recruit-in", found[0].programme.slug)
    seen = {"recruits": [(one, shown_to(one).count(), shortlist_of(one).count()) for one in found]}
    return render(request, "recruiting/index.html", seen)


@login_required
@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom one may see, narrowed and ordered; a page at a time."""
    recruiter = _recruiter(request, slug)
    programme, asked = recruiter.programme, Asked.of(request.GET)
    scored = scored_stage(programme)
    page = page_of(_found(recruiter, asked, scored), request.GET.get("page"), size=PAGE)
    blueprint = blueprint_of(programme)
    kept = set(shortlist_of(recruiter).values_list("person", flat=True))
    rows = _rows(recruiter, list(page), kept=kept)
    seen = {
        "programme": programme,
        "organisation": recruiter.organisation,
        "asked": asked,
        "page": page,
        "rows": rows,
        "scored": words.word(blueprint, scored.id) if scored and any(row.score is not None for row in rows) else "",
        "stages": [(stage.id, words.word(blueprint, stage.id)) for stage in blueprint.stages],
        "options": [(name, words.word(blueprint, name)) for name in _options(recruiter)],
        "credentials": _names(recruiter, CredentialGive),
        "rights": _names(recruiter, PrivilegeGive),
        "orders": ORDERS,
        "kept": len(kept),
    }
    return render(request, "recruiting/people.html", seen)


def _recruiter(request: HttpRequest, slug: str) -> Recruiter:
    """The visitor as a recruiter of the programme. Raises Missing."""
    for found in recruits_of(person_of(request)):
        if found.programme.slug == slug:
            return found
    raise Missing("recruit.not-yours", NOT_RECRUITING)


def _found(recruiter: Recruiter, asked: Asked, scored: Stage | None) -> "QuerySet[Person]":
    programme = recruiter.programme
    found = shown_to(recruiter)
    if asked.stage:
        found = _who(found, taking(programme, asked.stage, state=TurnState.PASSED))
    if asked.option:
        offering = [stage.id for stage in blueprint_of(programme).stages if stage.options is not None]
        members = Member.objects.none()
        for stage in offering:
            members |= taking(programme, stage, option=asked.option)
        found = _who(found, members)
    if asked.credential:
        found = found.filter(pk__in=_credentials(recruiter).filter(name=asked.credential).values("person"))
    if asked.right:
        found = found.filter(pk__in=rights(recruiter).filter(name=asked.right).values("person"))
    if asked.kept:
        found = found.filter(pk__in=shortlist_of(recruiter).values("person"))
    if asked.text:
        found = matching(found, asked.text)
    return _ordered(found, recruiter, asked.order, scored)


def _who(people: "QuerySet[Person]", members: "QuerySet[Member]") -> "QuerySet[Person]":
    return people.filter(pk__in=members.filter(person__isnull=False).values("person"))


def _ordered(people: "QuerySet[Person]", recruiter: Recruiter, order: str, scored: Stage | None) -> "QuerySet[Person]":
    if order == "name" or (order == "score" and scored is None):
        return people.order_by("name", "pk")
    if order == "end":
        ends = rights(recruiter).filter(person=OuterRef("pk")).order_by("expires_at").values("expires_at")[:1]
        return people.annotate(end=ends).order_by(F("end").asc(nulls_last=True), "pk")
    stage = scored.id if scored else ""
    return with_scores(people, recruiter.programme, stage).order_by(F("score").desc(nulls_last=True), "pk")


def _rows(recruiter: Recruiter, people: Sequence[Person], *, kept: Collection[UUID]) -> list[Row]:
    """What a page tells of each, in a handful of queries."""
    programme = recruiter.programme
    scored = scored_stage(programme)
    held, turns = held_by_person(recruiter, people), _turns(recruiter, people)
    return [
        Row(
            person, turns.get(person.pk, []), _score(turns.get(person.pk, []), scored.id if scored else ""),
            held[person.pk].rights, held[person.pk].credentials, person.pk in kept,
        )
        for person in people
    ]  # fmt: skip


def _turns(recruiter: Recruiter, people: Sequence[Person]) -> dict[UUID, list[tuple[str, Turn]]]:
    """By person, their turns in the order of the stages, each with its stage in words."""
    blueprint = blueprint_of(recruiter.programme)
    found: dict[UUID, list[tuple[str, Turn]]] = {}
    for row in sorted(turns_at(recruiter, people), key=lambda row: _place(blueprint, row)):
        if row.turn.opened_at and row.member.person_id:
            mine = found.setdefault(row.member.person_id, [])
            mine.append((words.word(blueprint, row.turn.stage), row.turn))
    return found


def _place(blueprint: Blueprint, row: TurnMember) -> tuple[int, int]:
    """Case by case, each in the order of its stages."""
    return row.member_id, blueprint.position(row.turn.stage)


def _score(turns: Sequence[tuple[str, Turn]], stage: str) -> float | None:
    values: list[dict[str, Any]] = [t.evidence.values for _, t in turns if t.stage == stage and t.evidence]
    return next((one["score"] for one in values if isinstance(one.get("score"), int | float)), None)


def _credentials(recruiter: Recruiter) -> "QuerySet[Given]":
    rows = Given.objects.filter(programme=recruiter.programme, kind="credential", person__isnull=False)
    return rows.exclude(state=GivenState.REVOKED)


def _names(recruiter: Recruiter, sort: type[CredentialGive] | type[PrivilegeGive]) -> list[tuple[str, str]]:
    """The credentials, or the privileges, of the programme."""
    blueprint = blueprint_of(recruiter.programme)
    gives = [give for stage in blueprint.stages for give in stage.gives if isinstance(give, sort)]
    names = dict.fromkeys(give.name if isinstance(give, CredentialGive) else give.type for give in gives)
    return [(name, words.word(blueprint, name)) for name in names]


def _options(recruiter: Recruiter) -> list[str]:
    stages = blueprint_of(recruiter.programme).stages
    return list(dict.fromkeys(name for stage in stages for name in options_at(recruiter.programme, stage.id)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, slug: str, person_id: UUID) -> HttpResponse:
    """What one may see of somebody; that it was looked at is written down. POST writes to them."""
    recruiter = _recruiter(request, slug)
    found = look(recruiter, person_id)
    flaw = ""
    if request.method == "POST":
        try:
            approach(recruiter, found.pk, text=request.POST.get("text", ""))
        except Flawed as flawed:
            flaw = words.say(flawed.text)
        else:
            messages.success(request, gettext("Sent. They answer to your address if they want to."))
            return redirect("recruit-person", slug, found.pk)
    kept = shortlist_of(recruiter).filter(person=found).first()
    [row], blueprint = _rows(recruiter, [found], kept=[found.pk] if kept else []), blueprint_of(recruiter.programme)
    seen = {
        "programme": recruiter.programme,
        "organisation": recruiter.organisation,
        "found": found,
        "row": row,
        "results": [(title, turn, _results(blueprint, turn)) for title, turn in row.turns],
        "facts": _facts(recruiter, found),
        "email": found.email if contacts_left(recruiter.programme, found) else "",
        "kept": kept,
        "letters": Approach.objects.filter(person=found, programme=recruiter.programme, by=recruiter.person),
        "offers": _offerable(recruiter, row),
        "most": MOST_TEXT,
        "text": request.POST.get("text", ""),
        "flaw": flaw,
    }
    return render(request, "recruiting/person.html", seen)


def _results(blueprint: Blueprint, turn: Turn) -> list[tuple[str, object]]:
    """Numbers that were reached: what was written in forms is for those who judge it."""
    values = turn.evidence.values if turn.evidence else {}
    told = values.items() if blueprint.stage(turn.stage).kind != "form" else ()
    return [
        (capfirst(words.say(fact_text(blueprint, name))), value)
        for name, value in told
        if isinstance(value, int | float)
    ]


def _facts(recruiter: Recruiter, person: Person) -> list[tuple[str, object]]:
    blueprint = blueprint_of(recruiter.programme)
    found = known([person.pk], PROFILE, on=today()).get(person.pk, {})
    return [(capfirst(words.say(fact_text(blueprint, name))), found[name].value) for name in PROFILE if name in found]


def _offerable(recruiter: Recruiter, row: Row) -> list[tuple[str, str]]:
    """The stages to which the recruiter may invite or nominate this person now."""
    programme, waiting = recruiter.programme, _waiting(recruiter, row.person)
    if not waiting:
        return []
    blueprint, allowed = blueprint_of(programme), set()
    if rules.operates(recruiter.person, programme):
        allowed = {Entry.NOMINATE, Entry.INVITE, Entry.MATCH}
    elif rules.may_nominate(recruiter.person, programme):
        allowed = {Entry.NOMINATE}
    stages = [stage.id for stage in blueprint.stages if stage.entry in allowed and stage.id in waiting]
    return [(stage, words.word(blueprint, stage)) for stage in stages]


def _waiting(recruiter: Recruiter, person: Person) -> dict[str, Turn]:
    """By stage, the turns of a person that wait for somebody to invite them."""
    rows = Turn.objects.filter(turn_members__member__person=person, programme=recruiter.programme)
    waiting = rows.filter(state=TurnState.WAITING, entered_at=None).exclude(offers__state="offered")
    return {turn.stage: turn for turn in waiting}


@login_required
@require_POST
def keep(request: HttpRequest, slug: str, person_id: UUID) -> HttpResponse:
    """On the shortlist, with a note, or off it."""
    recruiter = _recruiter(request, slug)
    if "off" in request.POST:
        let_go(recruiter, person_id)
        messages.success(request, gettext("Off the shortlist."))
    else:
        keep_in_mind(recruiter, person_id, note=request.POST.get("note", "")[:400])
        messages.success(request, gettext("On the shortlist."))
    back = request.POST.get("back", "")
    ours = back.startswith("/recruit/") and url_has_allowed_host_and_scheme(back, None)
    return redirect(back if ours else reverse("recruit-person", args=[slug, person_id]))


@login_required
@require_POST
def invite(request: HttpRequest, slug: str, person_id: UUID) -> HttpResponse:
    """Invite or nominate somebody to a stage; they accept it themselves."""
    recruiter = _recruiter(request, slug)
    found, stage = look(recruiter, person_id), request.POST.get("stage", "")
    turn = _waiting(recruiter, found).get(stage)
    note = request.POST.get("note", "").strip()[:400]
    offer(recruiter.programme, stage, to=found, by=recruiter.person, turn=turn, note=note)
    messages.success(request, gettext("Invited. They answer on their own page."))
    return redirect("recruit-person", slug, person_id)


@login_required
@require_safe
def letter(request: HttpRequest, approach_id: UUID) -> HttpResponse:
    """What a recruiter wrote, for the one to whom they wrote."""
    rows = Approach.objects.select_related("programme", "organisation", "by")
    found = rows.filter(pk=approach_id, person=person_of(request)).first()
    if found is None:
        raise Missing("approach.missing", NO_LETTER)
    return render(request, "recruiting/letter.html", {"letter": found, "programme": found.programme})


urlpatterns = [
    path("recruit/", index, name="recruit"),
    path("recruit/<slug:slug>/", people, name="recruit-in"),
    path("recruit/<slug:slug>/<uuid:person_id>/", profile, name="recruit-person"),
    path("recruit/<slug:slug>/<uuid:person_id>/keep/", keep, name="recruit-keep"),
    path("recruit/<slug:slug>/<uuid:person_id>/invite/", invite, name="recruit-invite"),
    path("approaches/<uuid:approach_id>/", letter, name="approach"),
]
