"""Nominating for a stage: by those whom a party let do it, one by one or by spreadsheet, within what the rules say."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.blueprint.model import Entry, Stage
from dure.core.errors import Flawed, Missing
from dure.joints.nominated import COLUMNS, nominate, nominate_all
from dure.joints.sheets import CONTENT_TYPES, read_sent
from dure.joints.sheets.tables import write
from dure.programmes import rules
from dure.programmes.models import Programme, Turn, TurnState
from dure.programmes.queries.members import members_by_turn
from dure.site.desk.sheets import NO_FILE
from dure.site.desk.stage import NO_STAGE, head_of, stage_for
from dure.site.visitors import id_from, person_of, programme_for

PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Whom one may nominate and whom one has; POST nominates one, or checks or enters a spreadsheet."""
    programme, written = _stage(request, slug, stage)
    seen: dict[str, Any] = {}
    if request.method == "POST":
        try:
            seen = _sent(request, programme, stage)
        except Flawed as flawed:
            seen = {"refused": flawed}
        if not seen:
            return redirect("nominate", slug, stage)
    mine = programme.offers.filter(stage=stage, by=person_of(request)).select_related("person").order_by("-pk")
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    seen |= {
        **head_of(programme, written),
        "page": page,
        "nominated": page.paginator.count,
        "accepted": mine.filter(state="accepted").count(),
        "waiting": _waiting(programme, stage) if written.after else [],
        "starts": not written.after,
        "operates": rules.operates(person_of(request), programme),
    }
    return render(request, "desk/nominate.html", seen)


def _sent(request: HttpRequest, programme: Programme, stage: str) -> dict[str, Any]:
    """What the form or the file did; empty where the page may be loaded anew."""
    post, by = request.POST, person_of(request)
    if "sheet" in post:
        file = request.FILES.get("file")
        if file is None:
            raise Flawed("sheet.file", NO_FILE)
        check_only = "enter" not in post
        n = nominate_all(programme, stage, read_sent(file), by=by, check_only=check_only)
        if check_only:
            return {"checked": n}
        messages.success(request, ngettext("%(n)d person is nominated.", "%(n)d people are nominated.", n) % {"n": n})
        return {}
    chosen = Turn.objects.filter(pk=id_from(post.get("turn")), programme=programme).first()
    people = [m.person for m in members_by_turn([chosen])[chosen.pk] if m.person] if chosen else []
    email = people[0].email if people else post.get("email", "")
    nominate(programme, stage, email=email, by=by, note=post.get("note", ""))
    messages.success(request, gettext("They are nominated and will get a letter."))
    return {}


@login_required
@require_safe
def template(request: HttpRequest, slug: str, stage: str, format_: str) -> HttpResponse:
    """An empty sheet to fill in."""
    programme, _ = _stage(request, slug, stage)
    data = write(COLUMNS, [], format=format_)
    name = f"{programme.slug}-{stage}-nominations.{format_}"
    return HttpResponse(
        data, content_type=CONTENT_TYPES[format_], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _stage(request: HttpRequest, slug: str, stage: str) -> tuple[Programme, Stage]:
    """The stage, for those who may nominate for it. Raises Missing: others need not know of it."""
    programme = programme_for(request, slug)
    written = stage_for(programme, stage)
    person = person_of(request)
    may = rules.operates(person, programme) or rules.may_nominate(person, programme)
    if written.entry is not Entry.NOMINATE or not may:
        raise Missing("stage.missing", NO_STAGE)
    return programme, written


def _waiting(programme: Programme, stage: str) -> list[tuple[Turn, str]]:
    """The first of those who came through and wait for a nomination that nobody has made yet."""
    turns = Turn.objects.filter(programme=programme, stage=stage, state=TurnState.WAITING, entered_at__isnull=True)
    found = list(turns.exclude(offers__state="offered").select_related("case").order_by("case__number", "pk")[:PAGE])
    members = members_by_turn(found)
    return [(turn, ", ".join(str(m.person) for m in members[turn.pk] if m.person) or str(turn.case)) for turn in found]
