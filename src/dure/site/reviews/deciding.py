"""A decider at work: one case after the other, or many at once, looked at before it is done."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.blueprint.model import DecideStep
from dure.blueprint.reasons import fact_text
from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.joints.asked import Place, deciding_places, ready_at
from dure.joints.bulk import act_on_each
from dure.joints.gates.asking import step_of
from dure.joints.gates.decide import decide
from dure.joints.models import Say
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Turn, TurnState
from dure.programmes.queries.members import members_by_turn
from dure.programmes.queries.settled import is_settled
from dure.site import words
from dure.site.reading import numbers_from
from dure.site.reviews.evidence import decision_page, earlier_parts, file_among, names_of, part_of
from dure.site.reviews.files import answer_with
from dure.site.reviews.queue import DECIDE, first_decision, list_address
from dure.site.templatetags.dure import shown
from dure.site.visitors import person_of
from dure.store.worded import found as rows_of

PAGE = 50
PASS, OUT = "pass", "out"
NO_DECISION = Text(
    ko="내가 판정할 건이 아닙니다. 심사 목록에서 고르세요.",
    en="This is not for you to decide. Choose one from your list.",
)
NONE_CHOSEN = Text(ko="먼저 참가 건을 고르세요.", en="Choose some cases first.")
NO_ANSWER = Text(ko="통과인지 탈락인지 고르세요.", en="Choose pass or out.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, turn_id: UUID, step: int) -> HttpResponse:
    """One case: what it shows, and the verdict; POST decides and goes on to the next."""
    person = person_of(request)
    found, place = _turn(person, turn_id, step)
    flaws: dict[str, str] = {}
    if request.method == "POST":
        flaws = _decided(request, found, place)
        if not flaws:
            told = gettext("Decided: case %(n)s.") % {"n": found.case.number}
            messages.success(request, told)
            return redirect(_next(place, found))
    return render(request, "reviews/decision.html", {**_seen(found, place), "flaws": flaws, "said": request.POST})


def _decided(request: HttpRequest, found: Turn, place: Place) -> dict[str, str]:
    """Decide as was written; what is flawed, by field."""
    post = request.POST
    if post.get("answer") not in {PASS, OUT}:
        return {"answer": words.say(NO_ANSWER)}
    try:
        decide(
            found, place.step, by=person_of(request), yes=post["answer"] == PASS, reason=post.get("reason", ""),
            reason_en=post.get("reason_en", ""),
        )  # fmt: skip
    except Flawed as flawed:
        return {"reason": words.say(flawed.text)}
    return {}


def _next(place: Place, found: Turn) -> str:
    """The undecided case after this one; at the end the first, and with none left the list."""
    later = ready_at(place).filter(case__gt=found.case_id).values_list("pk", flat=True).first()
    return decision_page(later, place.step) if later else first_decision(place)


def _seen(found: Turn, place: Place) -> dict[str, object]:
    blueprint = blueprint_of(place.programme)
    page = decision_page(found.pk, place.step)
    written = step_of(place.programme, place.stage, place.step, DecideStep)
    say = Say.objects.filter(turn=found, step=place.step, evidence=found.evidence).select_related("by").first()
    ready = ready_at(place)
    beside = ready.only("pk")
    return {
        "turn": found,
        "programme": place.programme,
        "blueprint": blueprint,
        "title": words.word(blueprint, place.stage),
        "heading": found.title or found.case.title or names_of(found),
        "handed_in": part_of(found, found.evidence, page=page, named=True),
        "earlier": earlier_parts(found, page=page),
        "step": place.step,
        "written": written,
        "say": say,
        "changeable": found.state == TurnState.HANDED_IN and not is_settled(found) and (not say or written.take),
        "marks": found.mark,
        "before": _page_of(beside.filter(case__lt=found.case_id).reverse().first(), place),
        "after": _page_of(beside.filter(case__gt=found.case_id).first(), place),
        "left": ready.count(),
        "list": list_address(DECIDE, place),
    }


def _page_of(turn: Turn | None, place: Place) -> str:
    return decision_page(turn.pk, place.step) if turn else ""


@login_required
@require_safe
def file(request: HttpRequest, turn_id: UUID, step: int, file_id: UUID) -> FileResponse:
    """A file of this stage or one before."""
    found, _ = _turn(person_of(request), turn_id, step)
    attached = file_among(found, file_id)
    return answer_with(attached, name=attached.name.rpartition(".")[0], save="save" in request.GET)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def deciding(request: HttpRequest, slug: str, stage: str, step: int) -> HttpResponse:
    """The undecided cases; POST shows what a decision about several would do, and with ``apply`` does it."""
    person = person_of(request)
    place = _place(person, slug, stage, step)
    if request.method == "POST":
        return _many(request, person, place)
    page = Paginator(ready_at(place).select_related("case", "evidence"), PAGE).get_page(request.GET.get("page"))
    return render(request, "reviews/deciding.html", {**_list_of(place), "page": page, "rows": _rows(list(page), place)})


def _list_of(place: Place) -> dict[str, object]:
    said = Say.objects.filter(turn__programme=place.programme, turn__stage=place.stage, step=place.step)
    blueprint = blueprint_of(place.programme)
    return {
        "programme": place.programme,
        "blueprint": blueprint,
        "title": words.word(blueprint, place.stage),
        "written": step_of(place.programme, place.stage, place.step, DecideStep),
        "step": place.step,
        "yes": said.filter(yes=True).count(),
        "no": said.filter(yes=False).count(),
        "next": f"{list_address(DECIDE, place)}next/",
        "list": list_address(DECIDE, place),
    }


def _rows(turns: list[Turn], place: Place) -> list[tuple[Turn, str, str]]:
    """Each with who it is and a line of what it shows."""
    members, blueprint = members_by_turn(turns), blueprint_of(place.programme)
    found = []
    for turn in turns:
        turn.programme = place.programme
        people = ", ".join(str(m.person) for m in members[turn.pk] if m.person)
        values = turn.evidence.values if turn.evidence else {}
        said = [(fact_text(blueprint, name), value) for name, value in values.items() if value not in ("", None)]
        line = " · ".join(f"{words.say(label)}: {shown(value)}" for label, value in said)
        found.append((turn, turn.title or turn.case.title or people or str(turn.case), line))
    return found


def _many(request: HttpRequest, person: Person, place: Place) -> HttpResponse:
    """Look at, then do, the same decision about many."""
    post = request.POST
    answer, chosen = post.get("answer", ""), numbers_from(post.getlist("case"))
    turns = list(ready_at(place).filter(case__number__in=chosen).select_related("programme", "case", "evidence"))
    if not turns:
        raise Refused("decide.none", NONE_CHOSEN)
    if answer not in {PASS, OUT}:
        raise Refused("decide.answer", NO_ANSWER)
    reason, reason_en = post.get("reason", ""), post.get("reason_en", "")
    told = act_on_each(
        turns,
        lambda turn: decide(turn, place.step, by=person, yes=answer == PASS, reason=reason, reason_en=reason_en),
        check_only="apply" not in post,
    )
    done = sum(row.refused is None for row in told)
    if "apply" in post and done == len(told):
        messages.success(request, gettext("Decided: %(n)s cases.") % {"n": f"{done:,}"})
        return redirect(list_address(DECIDE, place))
    refused: dict[str, Any] = {
        "rows": [(row.thing, who, row.refused) for row, (_, who, _) in zip(told, _rows(turns, place), strict=True)],
        "reasons": Counter(row.refused for row in told if row.refused).most_common(),
        "done": done, "answer": answer, "applied": "apply" in post, "said": post, "chosen": chosen,
    }  # fmt: skip
    return render(request, "reviews/preview.html", {**_list_of(place), **refused})


@login_required
@require_safe
def next_to_decide(request: HttpRequest, slug: str, stage: str, step: int) -> HttpResponse:
    """The first undecided case."""
    return redirect(first_decision(_place(person_of(request), slug, stage, step)))


def _place(person: Person, slug: str, stage: str, step: int) -> Place:
    """The step, where the person decides there. Raises Missing."""
    for place in deciding_places(person):
        if (place.programme.slug, place.stage, place.step) == (slug, stage, step):
            return place
    raise Missing("decision.missing", NO_DECISION)


def _turn(person: Person, turn_id: UUID, step: int) -> tuple[Turn, Place]:
    """A handed-in turn at a step where the person decides. Raises Missing."""
    for turn in rows_of(_with_evidence, turn_id):
        if turn.handed_in_at is not None:
            return turn, _place(person, turn.programme.slug, turn.stage, step)
    raise Missing("decision.missing", NO_DECISION)


def _with_evidence(turn: UUID) -> "QuerySet[Turn]":
    return Turn.objects.filter(pk=turn).select_related("programme", "case", "evidence")
