"""The versions of a draft: which there are, what changed between two, their names, and the way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.programmes.operations.drafting import discard, name_version, restore, version_of
from dure.site.reading import number_from
from dure.site.studio.finding import draft_for, for_makers, to_draft

PAGE = 50
AROUND = 3  # lines of what stays the same, above and below a change


@dataclass(frozen=True)
class Line:
    """A line of a comparison: ``how`` is same, gone, new or skipped; ``old`` and ``new`` count lines from 1."""

    how: str
    text: str = ""
    old: int | None = None
    new: int | None = None


def compared(before: str, after: str) -> Iterator[Line]:
    """What changed, with some lines around it."""
    old, new = before.split("\n"), after.split("\n")
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND)
    for at, group in enumerate(groups):
        if at or group[0][1]:
            yield Line("skipped")
        for tag, first, last, low, high in group:
            if tag == "equal":
                yield from (Line("same", old[first + n], first + n + 1, low + n + 1) for n in range(last - first))
                continue
            yield from (Line("gone", old[n], n + 1) for n in range(first, last))
            yield from (Line("new", new[n], None, n + 1) for n in range(low, high))


@for_makers
@require_safe
def show(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """All versions, the newest first."""
    draft = draft_for(request, draft_id)
    before = number_from(request.GET.get("before"))
    rows = draft.versions.defer("text").order_by("-number")
    rows = rows if before is None else rows.filter(number__lt=before)
    shown = list(rows[: PAGE + 1])
    seen = {"draft": draft, "versions": shown[:PAGE], "next": shown[PAGE - 1].number if len(shown) > PAGE else None}
    return render(request, "studio/versions.html", seen)


@for_makers
@require_safe
def compare(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Two versions line by line; left out: the one before the one in force, and that one."""
    draft = draft_for(request, draft_id)
    old, new = (number_from(request.GET.get(name)) for name in ("old", "new"))
    after = version_of(draft, draft.head if new is None else new)
    before = version_of(draft, (after.parent or after.number) if old is None else old)
    lines = list(compared(before.text, after.text))
    seen = {"draft": draft, "before": before, "after": after, "lines": lines}
    return render(request, "studio/compare.html", seen)


@for_makers
@require_POST
def name(request: HttpRequest, draft_id: UUID, number: int) -> HttpResponse:
    draft = draft_for(request, draft_id)
    name_version(draft, number, name=request.POST.get("name", ""))
    return redirect("versions", draft.pk)


@for_makers
@require_POST
def go_back(request: HttpRequest, draft_id: UUID, number: int) -> HttpResponse:
    """Say again what an earlier version said."""
    draft = draft_for(request, draft_id)
    restore(draft, number, revision=None)
    messages.success(request, gettext("The draft says again what that version said. Undo takes it back."))
    return to_draft(draft)


@for_makers
@require_http_methods(["GET", "HEAD", "POST"])
def throw_away(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """What goes with a draft, and then throwing it away."""
    draft = draft_for(request, draft_id)
    if request.method == "POST":
        discard(draft)
        messages.success(request, gettext("The draft is gone."))
        return redirect("studio")
    return render(request, "studio/discard.html", {"draft": draft, "versions": draft.versions.count()})
