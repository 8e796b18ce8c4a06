"""Supervisors, mentors, colleagues at work: the people they are with, and the evidence that they record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Min, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.stages.recorded import record_evidence
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import LIVE, Programme, Turn, TurnState
from dure.programmes.queries.members import members_by_turn
from dure.site import words
from dure.site.evidence import EvidenceForm, known_values
from dure.site.reviews.evidence import attended_page, earlier_parts, file_among, names_of, part_of
from dure.site.reviews.files import answer_with
from dure.site.visitors import person_of

PAGE = 50
OPEN_TO_RECORD = frozenset({TurnState.OPEN, TurnState.HANDED_IN})
HANDED_IN = (TurnState.HANDED_IN, TurnState.PASSED, TurnState.OUT)
NOT_WITH = Text(
    ko="함께하는 차례가 아닙니다. ‘심사’에서 내가 맡은 사람을 확인하세요.",
    en="You are not with this turn. “Reviews” lists those you are with.",
)


@dataclass(frozen=True)
class Attended:
    """Whom somebody is with at one stage: how many are open, how many have ended or handed in, when the next closes."""

    programme: Programme
    stage: str
    left: int
    done: int
    due: datetime | None


def attended_by(person: Person) -> list[Attended]:
    """By programme and stage; two queries."""
    is_open = Q(turn__state=TurnState.OPEN)
    rows = person.attended_turns.filter(turn__programme__state__in=LIVE).order_by()
    counted = rows.values_list("turn__programme", "turn__stage").annotate(
        left=Count("turn", distinct=True, filter=is_open),
        done=Count("turn", distinct=True, filter=Q(turn__state__in=HANDED_IN)),
        due=Min("turn__closes_at", filter=is_open),
    )
    found = list(counted)
    programmes = Programme.objects.in_bulk({row[0] for row in found})
    return [Attended(programmes[pk], *rest) for pk, *rest in sorted(found, key=lambda row: row[:2])]


@dataclass(frozen=True)
class With:
    """One turn and whose it is."""

    turn: Turn
    who: str
    role: str


@login_required
@require_safe
def attended(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """The people one is with at a stage, those with something to record first."""
    person = person_of(request)
    turns = _own(person).filter(programme__slug=slug, stage=stage).select_related("programme", "case", "evidence")
    page = Paginator(turns.order_by("closes_at", "pk"), PAGE).get_page(request.GET.get("page"))
    if not page.object_list:
        raise Missing("attending.none", NOT_WITH)
    programme = page[0].programme
    seen = {
        "programme": programme,
        "title": words.word(blueprint_of(programme), stage),
        "page": page,
        "rows": _rows(list(page), person),
    }
    return render(request, "reviews/attended.html", seen)


def _own(person: Person) -> "QuerySet[Turn]":
    return Turn.objects.filter(pk__in=person.attended_turns.values("turn"))


def _rows(turns: Sequence[Turn], person: Person) -> list[With]:
    blueprint = blueprint_of(turns[0].programme)
    members = members_by_turn(turns)
    roles = dict(person.attended_turns.filter(turn__in=turns).values_list("turn", "role"))
    return [
        With(
            turn,
            ", ".join(str(m.person) for m in members[turn.pk] if m.person) or str(turn.case),
            words.word(blueprint, roles[turn.pk]),
        )
        for turn in turns
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def recording(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """What somebody one is with has shown before, and the evidence to record or to hand in."""
    person = person_of(request)
    found = _turn(person, turn_id)
    form = _form(request, found)
    if request.method == "POST" and form is not None and form.submit(
        lambda values: record_evidence(
            found, values, by=person, proof=request.POST.get("evidence_proof", ""), final="keep" not in request.POST,
            late="late" in request.POST,
        )
    ):  # fmt: skip
        kept = "keep" in request.POST
        messages.success(request, gettext("Kept. Hand it in when it is complete.") if kept else gettext("Handed in."))
        return redirect("attended", found.programme.slug, found.stage)
    page = attended_page(found.pk)
    seen = {
        "turn": found,
        "programme": found.programme,
        "title": words.word(blueprint_of(found.programme), found.stage),
        "who": names_of(found),
        "parts": [part_of(found, found.evidence, page=page, named=True)] if found.evidence else [],
        "earlier": earlier_parts(found, page=page),
        "form": form,
    }
    return render(request, "reviews/recording.html", seen)


@login_required
@require_safe
def file(request: HttpRequest, turn_id: UUID, file_id: UUID) -> FileResponse:
    """A file that they handed in, at this stage or before."""
    attached = file_among(_turn(person_of(request), turn_id), file_id)
    return answer_with(attached, name=attached.name.rpartition(".")[0], save="save" in request.GET)


def _turn(person: Person, turn_id: UUID) -> Turn:
    """A turn that the person is with. Raises Missing."""
    found = _own(person).select_related("programme", "case", "evidence").filter(pk=turn_id).first()
    if found is None:
        raise Missing("attending.none", NOT_WITH)
    return found


def _form(request: HttpRequest, found: Turn) -> EvidenceForm | None:
    if found.state not in OPEN_TO_RECORD or found.programme.state not in LIVE:
        return None
    blueprint = blueprint_of(found.programme)
    data = request.POST if request.method == "POST" else None
    return EvidenceForm(blueprint, blueprint.stage(found.stage), data, initial=known_values(found))
