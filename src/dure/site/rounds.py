"""Rounds: handing attempts in, watching them being judged, choosing one, and the boards."""

from hashlib import sha256
from typing import IO, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.challenges import files
from dure.challenges.metrics import METRICS
from dure.challenges.models import UNJUDGED, Entrant, EntrantMember, Submission, SubmissionKind, Task
from dure.challenges.operations import choose, submit
from dure.challenges.queries import TOTAL, attempt, attempts_of, board, own_row, used
from dure.challenges.rules import belongs_to, may_see_board, organises
from dure.core import clock
from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.joints.models import RoundTask, RoundTurn
from dure.joints.stages.rounds import entrant_of
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Turn
from dure.site import words
from dure.site.visitors import NO_TURN, person_of, turn_for, visitor

SHOWN = 50
NO_TASK = Text(
    ko="찾으시는 과제가 없습니다. 프로그램 페이지에서 다시 찾아보세요.",
    en="There is no such task. Look for it on the programme's page.",
)
NO_FILE = Text(ko="제출할 파일을 고르세요.", en="Choose the file to hand in.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """What an entrant hands in, how many attempts are left, and how the earlier ones fared. POST hands in."""
    turn, entrant = _own(request, turn_id)
    if request.method == "POST":
        _submit(request, entrant)
        messages.success(request, gettext("Received. It is being judged."))
        return redirect("round", turn.pk)
    person, task = person_of(request), entrant.task
    sees_board = may_see_board(person, task)
    seen = {
        "turn": turn,
        "programme": turn.programme,
        "entrant": entrant,
        "task": task,
        "round": task.round,
        "title": title_of(task),
        "metric": metric_of(task),
        "quotas": _quotas(entrant),
        "attempts": attempts_of(entrant)[:SHOWN],
        "unjudged": _is_judging(entrant),
        "own": own_row(entrant, viewer=person) if sees_board else None,
        "sees_board": sees_board,
    }
    return render(request, "rounds/show.html", seen)


@login_required
@require_safe
def attempts(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """The list of attempts alone, for a page that watches them being judged; unchanged, it costs next to nothing."""
    turn, entrant = _own(request, turn_id)
    states = "".join(f"{number}{state}" for number, state in entrant.submissions.values_list("number", "state"))
    tag = f'"{sha256(f"{states} {words.language()}".encode()).hexdigest()[:20]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    seen = {"turn": turn, "attempts": attempts_of(entrant)[:SHOWN], "unjudged": _is_judging(entrant)}
    answer = render(request, "rounds/attempts_part.html", seen)
    answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
    return answer


@login_required
@require_safe
def submission(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """One attempt: its verdict with row and column, its scores, its log."""
    person = person_of(request)
    found = attempt(_submission(submission_id), viewer=person)
    entrant = found.submission.entrant
    deadline = entrant.deadline
    row = RoundTurn.objects.filter(entrant=entrant).first()
    seen = {
        "attempt": found,
        "submission": found.submission,
        "turn_id": row.turn_id if row else None,
        "title": title_of(entrant.task),
        "metric": metric_of(entrant.task),
        "can_choose": belongs_to(person, entrant) and (deadline is None or clock.now() < deadline),
    }
    return render(request, "rounds/submission.html", seen)


@login_required
@require_POST
def choose_one(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Let this attempt count in the end."""
    choose(_submission(submission_id), by=person_of(request))
    messages.success(request, gettext("This attempt counts in the end."))
    return redirect("submission", submission_id)


@require_safe
def board_of(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """A task's board, a page at a time, with the visitor's own row beside it."""
    person, task = visitor(request), _task(task_id)
    page = board(task, viewer=person, after=request.GET.get("after"), limit=SHOWN)
    member = EntrantMember.objects.filter(task=task, person=person).select_related("entrant__task__round").first()
    seen = {
        "task": task,
        "round": task.round,
        "title": title_of(task),
        "metric": metric_of(task),
        "board": page,
        "own": own_row(member.entrant, viewer=person) if member else None,
        "turn": RoundTurn.objects.filter(entrant=member.entrant).first() if member else None,
        "tasks": [(other, title_of(other)) for other in task.round.tasks.order_by("pk")],
    }
    return render(request, "rounds/board.html", seen)


@login_required
@require_safe
def starter(request: HttpRequest, task_id: UUID) -> FileResponse:
    """The task's starter files, for those who take part or organise."""
    task = _task(task_id)
    person = person_of(request)
    takes_part = EntrantMember.objects.filter(task=task, person=person).exists()
    if task.starter is None or not (takes_part or organises(person, task.round)):
        raise Missing("task.missing", NO_TASK)
    content = files.path_of(task.starter).open("rb")
    return FileResponse(content, as_attachment=True, filename=task.starter.name or "starter.zip")


def title_of(task: Task) -> str:
    """The task's name: its option in the blueprint's words, else the round's."""
    row = RoundTask.objects.filter(task=task).select_related("programme").first()
    if row is None or not task.option:
        return task.option or words.say(task.round.title)
    return words.word(blueprint_of(row.programme), task.option)


def metric_of(task: Task) -> str:
    known = METRICS.get(task.metric)
    return words.say(known.title) if known else gettext("the organiser's own scorer")


def _submit(request: HttpRequest, entrant: Entrant) -> None:
    """Hand the sent file in: a prediction file, or an archive with the command that starts it."""
    file = request.FILES.get("file")
    if file is None:
        raise Flawed("submission.file", NO_FILE)
    kind = SubmissionKind.CODE if request.POST.get("kind") == SubmissionKind.CODE else SubmissionKind.FILE
    command = request.POST.get("command", "").strip() if kind == SubmissionKind.CODE else ""
    upload = cast("IO[bytes]", file)
    submit(entrant, by=person_of(request), upload=upload, name=file.name or "", kind=kind, command=command)


def _quotas(entrant: Entrant) -> list[tuple[str, int, int]]:
    """Each limit that holds: (which, used, of)."""
    round_ = entrant.task.round
    day = clock.now().astimezone(ZoneInfo(round_.zone)).date().isoformat()
    limits = [(gettext("today"), day, round_.daily), (gettext("in all"), TOTAL, round_.total)]
    return [(name, used(entrant, period), most) for name, period, most in limits if most is not None]


def _is_judging(entrant: Entrant) -> bool:
    return entrant.submissions.filter(state__in=UNJUDGED).exists()


def _own(request: HttpRequest, turn_id: UUID) -> tuple[Turn, Entrant]:
    """A turn of the visitor's with its entrant. Raises Missing."""
    turn = turn_for(request, turn_id)
    entrant = entrant_of(turn)
    if entrant is None or not rules.holds(person_of(request), turn):
        raise Missing("turn.missing", NO_TURN)
    return turn, entrant


def _submission(submission_id: UUID) -> Submission:
    rows = Submission.objects.select_related("entrant__task__round", "upload", "by")
    found = rows.filter(pk=submission_id).first()
    if found is None:
        raise Missing("submission.missing", NO_TASK)
    return found


def _task(task_id: UUID) -> Task:
    found = Task.objects.select_related("round", "starter").filter(pk=task_id).first()
    if found is None:
        raise Missing("task.missing", NO_TASK)
    return found
