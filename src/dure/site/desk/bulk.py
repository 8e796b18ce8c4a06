"""One act on many participants: looked at first, then done, then told row by row."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.joints.bulk import Told
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Given, Programme, Turn
from dure.programmes.queries.cohort import Group, count_in
from dure.programmes.queries.members import members_by_turn
from dure.site import words
from dure.site.desk.acts import ANNOUNCE, INVITE, LABELS, NO, YES, acts_at, do_to_all
from dure.site.desk.filters import asked_of, told
from dure.site.visitors import desk_for, person_of

SHOWN = 200
NO_ACT = Text(
    ko="이 조건의 참가자에게 할 수 없는 일입니다. 단계를 먼저 고르세요.",
    en="This cannot be done with these participants. Choose a stage first.",
)
NOBODY = Text(ko="먼저 참가자를 고르세요.", en="Choose some participants first.")
NO_REASON = Text(ko="사유를 적어 주세요. 지원자에게 보입니다.", en="Give a reason. The applicants will see it.")


@dataclass(frozen=True)
class Row:
    """One that was refused (or one of those it was done to)."""

    number: int
    who: str
    refused: Text | None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """GET asks what the act needs; POST shows what it would do, or (``apply``) does it and tells each row."""
    programme = desk_for(request, slug)
    given = request.POST if request.method == "POST" else request.GET
    asked = asked_of(programme, given)
    group = _group(asked.group, given)
    name = given.get("act", "")
    if name not in {act.name for act in acts_at(programme, group)}:
        raise Missing("bulk.act", NO_ACT)
    if name == ANNOUNCE:
        return redirect(f"{reverse('desk-announce', args=[slug])}?{asked.query(case=group.cases, col=())}")
    seen: dict[str, Any] = {
        "programme": programme, "tab": "participants", "asked": asked, "group": group, "act": name,
        "label": LABELS[name], "whom": told(programme, group), "count": count_in(programme, group),
        "asks_reason": name in {YES, NO, INVITE}, "needs_reason": name == NO, "reason": given.get("reason", "").strip(),
        "back": f"{reverse('desk-cohort', args=[slug])}?{asked.query()}",
        "stage_title": words.word(blueprint_of(programme), group.stage),
    }  # fmt: skip
    if request.method == "POST":
        seen |= _done(request, programme, group, name, seen["reason"])
    return render(request, "desk/bulk.html", seen)


def _group(group: Group, given: Any) -> Group:
    """The rows that were ticked, or with ``all`` everything that the filter finds."""
    if "all" in given:
        return group
    cases = tuple(int(number) for number in given.getlist("case") if number.isdigit())
    if not cases:
        raise Flawed("bulk.nobody", NOBODY)
    return Group(**{**group.as_dict(), "cases": cases})


def _done(request: HttpRequest, programme: Programme, group: Group, name: str, reason: str) -> dict[str, Any]:
    if name == NO and not reason:
        return {"flaw": NO_REASON}
    check_only = "apply" not in request.POST
    rows = do_to_all(name, programme, group, by=person_of(request), reason=reason, check_only=check_only)
    refused = [row for row in rows if row.refused is not None]
    return {
        "checked": check_only,
        "done": len(rows) - len(refused),
        "refused": len(refused),
        "reasons": Counter(row.refused for row in refused).most_common(),
        "rows": _rows([*refused, *(row for row in rows if row.refused is None)][:SHOWN]),
        "more": max(0, len(rows) - SHOWN),
    }


def _rows(told_rows: list[Told[Any]]) -> list[Row]:
    turns = [_turn_of(row.thing) for row in told_rows]
    members = members_by_turn([turn for turn in turns if turn])
    return [
        Row(turn.case.number, _who(turn, [str(m.person) for m in members[turn.pk] if m.person]), row.refused)
        for turn, row in zip(turns, told_rows, strict=True)
        if turn
    ]


def _turn_of(thing: Any) -> Turn | None:
    return thing.turn if isinstance(thing, Given) else thing if isinstance(thing, Turn) else None


def _who(turn: Turn, people: list[str]) -> str:
    return turn.title or turn.case.title or ", ".join(people) or str(turn.case)
