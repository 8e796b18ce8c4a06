"""Long work of the desk: how far it is, what became of it, its file, and going on from what was checked."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from dure.audit.operations import record
from dure.core.errors import Missing
from dure.core.text import Text
from dure.jobs.queries import failed_for_good
from dure.joints.batches import act_on_checked, stop
from dure.joints.models import Batch, BatchKind, BatchState
from dure.joints.sheets import CONTENT_TYPES, csv_pieces
from dure.joints.sheets.batched import enter_checked
from dure.joints.sheets.cells import Cell
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme
from dure.site import words
from dure.site.desk.acts import LABELS
from dure.site.desk.bulk import SHOWN, rows_of
from dure.site.visitors import desk_for, person_of
from dure.site.watched import unless_seen

PAGE, PIECE = 50, 500
PARTICIPANTS = "participants"
GONE = Text(
    ko="이 작업을 찾을 수 없거나 파일의 보관 기간이 지났습니다. 다시 요청하세요.",
    en="This is not there, or its file is kept no more. Ask for it again.",
)
KINDS: dict[str, Promise] = {
    BatchKind.ACT: _("Act on many"), BatchKind.OUT: _("Download a sheet"), BatchKind.IN: _("Upload a sheet"),
}  # fmt: skip


@login_required
@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of the programme that workers did or do for its desk, the newest first."""
    programme = desk_for(request, slug)
    page = Paginator(programme.batches.select_related("by").order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    rows = [(batch, title_of(programme, batch)) for batch in page]
    return render(request, "desk/batches.html", {"programme": programme, "tab": "participants", "page": page,
                                                 "rows": rows})  # fmt: skip


@login_required
@require_safe
def show(request: HttpRequest, slug: str, batch_id: UUID) -> HttpResponse:
    """How far it is; when it has ended, what became of it."""
    programme = desk_for(request, slug)
    batch = _found(programme, batch_id)
    seen = {"programme": programme, "tab": "participants", "title": title_of(programme, batch), **_became(batch)}
    return render(request, "desk/batch.html", seen)


@login_required
@require_safe
def now(request: HttpRequest, slug: str, batch_id: UUID) -> HttpResponse:
    """The part that changes; unchanged, it costs next to nothing."""
    programme = desk_for(request, slug)
    batch = _found(programme, batch_id)
    seen = [batch.state, batch.done, batch.refused, _is_stuck(batch)]
    return unless_seen(
        request, seen, lambda: render(request, "desk/batch_part.html", {"programme": programme, **_became(batch)})
    )


def title_of(programme: Programme, batch: Batch) -> str:
    """What it does: its act or its sheet, and the stage."""
    asked = batch.asked
    if batch.kind == BatchKind.ACT:
        what = str(LABELS[asked["act"]])
    elif asked["what"] == PARTICIPANTS:
        what = gettext("Participants")
    else:
        what = str(words.SHEETS[asked["what"]])
    stage = asked.get("stage", "")
    return f"{what} · {words.word(blueprint_of(programme), stage)}" if stage else what


def _became(batch: Batch) -> dict[str, Any]:
    seen: dict[str, Any] = {
        "batch": batch, "kind": KINDS[batch.kind], "stuck": _is_stuck(batch), "tried": batch.done + batch.refused,
    }  # fmt: skip
    if batch.kind == BatchKind.ACT and batch.state != BatchState.GOING:
        lines = batch.lines.exclude(done=None).order_by("done", "pk").select_related("turn__case")
        shown = [(line.turn, line.refused) for line in lines[:SHOWN]]
        whys = batch.lines.filter(done=False).order_by().values_list("why_ko", "why_en")
        seen |= {
            "rows": rows_of(shown),
            "more": max(0, batch.done + batch.refused - SHOWN),
            "reasons": Counter(Text(ko=ko, en=en) for ko, en in whys).most_common(),
            "checked": batch.checks_only,
        }
    return seen


def _is_stuck(batch: Batch) -> bool:
    return batch.state == BatchState.GOING and failed_for_good({"batch": str(batch.pk)})


@login_required
@require_POST
def act(request: HttpRequest, slug: str, batch_id: UUID, what: str) -> HttpResponse:
    """Stop it; or do what was checked."""
    batch = _found(desk_for(request, slug), batch_id)
    by = person_of(request)
    if what == "stop":
        stop(batch, by=by)
        messages.success(request, gettext("It is stopped. What was done stays."))
        return redirect("desk-batch", slug, batch.pk)
    begun = enter_checked(batch, by=by) if batch.kind == BatchKind.IN else act_on_checked(batch, by=by)
    return redirect("desk-batch", slug, begun.pk)


@login_required
@require_safe
def take(request: HttpRequest, slug: str, batch_id: UUID) -> FileResponse:
    """The workbook that was written."""
    batch = _found(desk_for(request, slug), batch_id)
    if batch.kind != BatchKind.OUT or batch.state != BatchState.DONE or not batch.file.exists():
        raise Missing("batch.gone", GONE)
    record("batch.taken", batch, about=person_of(request))
    name = "-".join(part for part in (slug, batch.asked.get("stage"), batch.asked["what"]) if part)
    return FileResponse(
        batch.file.open("rb"), as_attachment=True, filename=f"{name}.xlsx", content_type=CONTENT_TYPES["xlsx"]
    )


@login_required
@require_safe
def outcome(request: HttpRequest, slug: str, batch_id: UUID) -> StreamingHttpResponse:
    """What became of each, as a file."""
    batch = _found(desk_for(request, slug), batch_id)
    record("batch.taken", batch, about=person_of(request))
    header = [gettext("No."), gettext("Who"), gettext("Outcome"), gettext("Reason")]
    return streamed(csv_pieces(header, _lines(batch)), f"{slug}-{batch.made_at:%Y-%m-%d}-{batch.asked['act']}.csv")


def _lines(batch: Batch) -> Iterator[list[Cell]]:
    outcomes = {True: gettext("Done"), False: gettext("Refused"), None: gettext("Not tried")}
    lines = batch.lines.order_by("pk").select_related("turn__case")
    after = 0
    while piece := list(lines.filter(pk__gt=after)[:PIECE]):
        for line, row in zip(piece, rows_of([(line.turn, line.refused) for line in piece]), strict=True):
            yield [row.number, row.who, outcomes[line.done], words.say(row.refused) if row.refused else ""]
        after = piece[-1].pk


def streamed(pieces: Iterator[bytes], name: str) -> StreamingHttpResponse:
    """A CSV that begins to arrive before its end is known, all of it in the visitor's language."""
    return StreamingHttpResponse(
        _in_language(pieces, words.language()),
        content_type=CONTENT_TYPES["csv"],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _in_language(pieces: Iterator[bytes], language: str) -> Iterator[bytes]:
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _found(programme: Programme, batch_id: UUID) -> Batch:
    batch = programme.batches.filter(pk=batch_id).select_related("by").first()
    if batch is None:
        raise Missing("batch.missing", GONE)
    return batch
