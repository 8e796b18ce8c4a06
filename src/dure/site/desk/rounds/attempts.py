"""Every attempt of a round: found, read as a table, taken out as CSV or with the files; people and scores as CSV."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from dure.audit.operations import record
from dure.challenges import files
from dure.challenges.models import Best, Entrant, Submission, SubmissionKind, SubmissionState, Task
from dure.challenges.operations import score_again
from dure.core.errors import Refused
from dure.joints.sheets import csv_pieces
from dure.joints.sheets.cells import Cell
from dure.site import words
from dure.site.challenges.tasks import title_of
from dure.site.desk.batches import streamed
from dure.site.desk.rounds.door import Place, round_at
from dure.site.visitors import id_from
from dure.store.search import matching

PAGE, PIECE = 50, 500
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Asked:
    """What is looked for. ``only``: ``best`` for the one that stands on the board, ``counting`` for the final one."""

    task: str
    state: str
    kind: str
    only: str
    typed: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        return cls(*(request.GET.get(name, "").strip() for name in ("task", "state", "kind", "only", "q")))

    @property
    def narrows(self) -> bool:
        return any(vars(self).values())

    def as_dict(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}


@login_required
@require_safe
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """A page of those that fit, the newest first."""
    place, asked = round_at(request, slug, stage), Asked.of(request)
    rows, before = _found(place, asked), request.GET.get("before")
    chosen = rows.filter(pk__lt=id_from(before)) if before else rows
    page = list(chosen.defer("log", "organiser_log").order_by("-pk")[: PAGE + 1])
    seen = {
        **place.seen("attempts"), "asked": asked, "query": request.GET.urlencode(), "rows": page[:PAGE],
        "older": page[PAGE - 1].pk if len(page) > PAGE else None, "names": {t.pk: title_of(t) for t in place.tasks},
        "states": words.SUBMISSION_STATES.items(), "later": before, "kinds": SubmissionKind.values,
        "failed": _failed(rows).count() if asked.state == SubmissionState.FAILED else 0,
    }  # fmt: skip
    return render(request, "desk/rounds/attempts.html", seen)


@login_required
@require_safe
def table(request: HttpRequest, slug: str, stage: str) -> StreamingHttpResponse:
    """Those that fit as CSV."""
    place, asked = round_at(request, slug, stage), Asked.of(request)
    _note(place, "attempts", asked)
    header = [gettext("Entrant"), gettext("Task"), gettext("Number"), gettext("State"), gettext("Received"),
              gettext("Public score"), gettext("Final score"), gettext("Kind"), gettext("File"), gettext("Bytes"),
              "SHA-256", gettext("Seconds"), gettext("Cause")]  # fmt: skip
    return streamed(csv_pieces(header, _lines(place, asked)), f"{slug}-{stage}-attempts.csv")


@login_required
@require_safe
def people(request: HttpRequest, slug: str, stage: str) -> StreamingHttpResponse:
    """Everybody who takes part, as CSV: a line a person."""
    place = round_at(request, slug, stage)
    _note(place, "people")
    header = [gettext("Entrant"), gettext("Task"), gettext("Name"), gettext("Email"), gettext("Entered"),
              gettext("Number of attempts")]  # fmt: skip
    return streamed(csv_pieces(header, _members(place)), f"{slug}-{stage}-people.csv")


@login_required
@require_safe
def scores(request: HttpRequest, slug: str, stage: str) -> StreamingHttpResponse:
    """The boards with both parts, as CSV, the best final score first."""
    place = round_at(request, slug, stage)
    _note(place, "scores")
    header = [gettext("Task"), gettext("Final place"), gettext("Entrant"), gettext("Final score"),
              gettext("Public score"), gettext("Reached"), gettext("Number of attempts")]  # fmt: skip
    return streamed(csv_pieces(header, _ranked(place)), f"{slug}-{stage}-scores.csv")


@login_required
@require_safe
def packed(request: HttpRequest, slug: str, stage: str) -> StreamingHttpResponse:
    """The files of those that fit, as they were sent, in one ZIP that begins to arrive at once."""
    place, asked = round_at(request, slug, stage), Asked.of(request)
    _note(place, "files", asked)
    return StreamingHttpResponse(
        _zipped(_in_pieces(_found(place, asked))),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{slug}-{stage}-files.zip"'},
    )


@login_required
@require_POST
def again(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Judge again what failed without its entrant's fault: the one that is named, else those that fit, some a time."""
    place, asked = round_at(request, slug, stage), Asked.of(request)
    rows = _failed(_found(place, asked))
    if "submission" in request.POST:
        rows = rows.filter(pk=id_from(request.POST["submission"]))
    judged = sum(_again(submission) for submission in islice(_in_pieces(rows), PIECE))
    said = ngettext("%(n)s attempt is judged again.", "%(n)s attempts are judged again.", judged)
    messages.success(request, said % {"n": f"{judged:,}"})
    return redirect(f"{reverse('desk-attempts', args=[slug, stage])}?{request.GET.urlencode()}")


def _failed(rows: "QuerySet[Submission]") -> "QuerySet[Submission]":
    return rows.filter(state=SubmissionState.FAILED)


def _again(submission: Submission) -> bool:
    """Whether it is; somebody else may have asked for it meanwhile."""
    try:
        score_again(submission)
    except Refused:
        return False
    return True


def _note(place: Place, what: str, asked: Asked | None = None) -> None:
    record("round.taken", place.round, after={"what": what, **(asked.as_dict() if asked else {})})


def _found(place: Place, asked: Asked) -> "QuerySet[Submission]":
    rows = Submission.objects.filter(entrant__task__in=_tasks(place, asked)).select_related("entrant", "upload", "by")
    if asked.state in SubmissionState.values:
        rows = rows.filter(state=asked.state)
    if asked.kind in SubmissionKind.values:
        rows = rows.filter(kind=asked.kind)
    if asked.only in ("best", "counting"):
        rows = rows.filter(pk__in=Best.objects.filter(task__in=place.tasks).values(asked.only))
    if asked.typed:
        called = matching(Entrant.objects.filter(task__in=place.tasks), asked.typed).order_by().values("pk")
        rows = rows.filter(entrant__in=called)
    return rows


def _tasks(place: Place, asked: Asked) -> list[Task]:
    wanted = [task for task in place.tasks if task.pk == id_from(asked.task)]
    return wanted or place.tasks


def _in_pieces(rows: "QuerySet[Submission]") -> Iterator[Submission]:
    """All of them, the oldest first, some at a time: no cursor stays open while somebody downloads."""
    after = UUID(int=0)
    while piece := list(rows.filter(pk__gt=after).defer("log", "organiser_log").order_by("pk")[:PIECE]):
        yield from piece
        after = piece[-1].pk


def _lines(place: Place, asked: Asked) -> Iterator[list[Cell]]:
    names = {task.pk: title_of(task) for task in place.tasks}
    for row in _in_pieces(_found(place, asked)):
        yield [
            row.entrant.title, names[row.entrant.task_id], row.number, str(words.SUBMISSION_STATES[row.state]),
            row.received_at, row.public_score, row.final_score, row.kind, row.upload.name, row.upload.size,
            row.upload.sha256, row.seconds, words.say(row.cause) if row.cause else "",
        ]  # fmt: skip


def _members(place: Place) -> Iterator[list[Cell]]:
    names = {task.pk: title_of(task) for task in place.tasks}
    entrants = Entrant.objects.filter(task__in=place.tasks).prefetch_related("members__person").order_by("pk")
    after = UUID(int=0)
    while piece := list(entrants.filter(pk__gt=after)[:PIECE]):
        for entrant in piece:
            for member in entrant.members.all():
                who = member.person
                yield [entrant.title, names[entrant.task_id], who.name, who.email, entrant.entered_at, entrant.attempts]
        after = piece[-1].pk


def _ranked(place: Place) -> Iterator[list[Cell]]:
    for task in place.tasks:
        rows = Best.objects.filter(task=task).select_related("entrant", "best", "counting")
        ordered = rows.order_by("final_rank", "final_at", "entrant")
        for number, row in enumerate(ordered.iterator(chunk_size=PIECE), 1):
            yield [title_of(task), number, row.entrant.title, row.counting.lasting_score, row.best.public_score,
                   row.counting.received_at, row.entrant.attempts]  # fmt: skip


class _Sink:
    """Where a ZIP is written to and taken from piece by piece."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There is nothing to close."""

    def taken(self) -> bytes:
        held, self._held = b"".join(self._held), []
        return held


def _zipped(rows: Iterator[Submission]) -> Iterator[bytes]:
    """Files are not pressed together again: most are small or are archives already."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        for row in rows:
            path = files.path_of(row.upload)
            if not path.exists():
                continue
            name = (
                f"{_plain(row.entrant.title)}-{row.entrant_id.hex[-6:]}/{row.number:04}-{files.plain_name(row.upload)}"
            )
            with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
                while piece := source.read(_CHUNK):
                    target.write(piece)
                    yield sink.taken()
    yield sink.taken()


def _plain(title: str) -> str:
    """A folder's name out of a title that somebody chose: no way up, nothing unseen."""
    return "".join(sign if sign.isalnum() or sign in " -_" else "_" for sign in title)[:60].strip() or "_"
