"""One act on many participants: looked at first, then done, then told row by row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.joints.batches import begin_act
from dure.joints.bulk import AT_ONCE, INVITE, NO, YES, Act, do_to, things_for
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Turn
from dure.programmes.queries.cohort import Group, count_in
from dure.programmes.queries.members import members_by_turn
from dure.site import words
from dure.site.desk.acts import ANNOUNCE, LABELS, acts_at
from dure.site.desk.filters import asked_of, told
from dure.site.reading import numbers_from
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
        if name == NO and not seen["reason"]:
            return render(request, "desk/bulk.html", {**seen, "flaw": NO_REASON})
        act, check_only = Act(name, programme, group.stage, person_of(request), seen["reason"]), "apply" not in given
        if seen["count"] > AT_ONCE:
            return redirect("desk-batch", slug, begin_act(act, group, check_only=check_only).pk)
        seen |= _done(act, group, check_only=check_only)
    return render(request, "desk/bulk.html", seen)


def _group(group: Group, given: Any) -> Group:
    """The rows that were ticked, or with ``all`` everything that the filter finds."""
    if "all" in given:
        return group
    cases = tuple(numbers_from(given.getlist("case")))
    if not cases:
        raise Flawed("bulk.nobody", NOBODY)
    return Group(**{**group.as_dict(), "cases": cases})


def _done(act: Act, group: Group, *, check_only: bool) -> dict[str, Any]:
    rows = do_to(act, things_for(act, group), check_only=check_only)
    refused = [row for row in rows if row.refused is not None]
    shown = [*refused, *(row for row in rows if row.refused is None)][:SHOWN]
    return {
        "checked": check_only,
        "done": len(rows) - len(refused),
        "refused": len(refused),
        "reasons": Counter(row.refused for row in refused).most_common(),
        "rows": rows_of([(row.thing, row.refused) for row in shown]),
        "more": max(0, len(rows) - SHOWN),
    }


def rows_of(told_of: Sequence[tuple[Turn, Text | None]]) -> list[Row]:
    """Each turn with its number and people, and why nothing was done to it."""
    members = members_by_turn([turn for turn, _ in told_of])
    return [
        Row(turn.case.number, _who(turn, [str(m.person) for m in members[turn.pk] if m.person]), refused)
        for turn, refused in told_of
    ]


def _who(turn: Turn, people: list[str]) -> str:
    return turn.title or turn.case.title or ", ".join(people) or str(turn.case)
