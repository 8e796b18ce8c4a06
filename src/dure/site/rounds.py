"""Rounds: handing attempts in, watching them being judged, choosing one, and the boards."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import IO, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.challenges import files
from dure.challenges.models import UNJUDGED, Best, Entrant, Submission, SubmissionKind
from dure.challenges.operations import choose, choose_best, submit, unchoose
from dure.challenges.operations.submitting import COMMAND
from dure.challenges.policy import What
from dure.challenges.queries import TOTAL, attempt, attempts_of, counting, own_row, used
from dure.challenges.queueing import standing
from dure.challenges.rules import belongs_to, may_see, may_see_board, may_see_own
from dure.compute.box import Limits
from dure.core import clock
from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.joints.models import RoundTurn
from dure.joints.stages.rounds import entrant_of
from dure.programmes import rules
from dure.programmes.models import Turn
from dure.site import words
from dure.site.challenges.tasks import NO_TASK, metric_of, task_for, title_of
from dure.site.charts import bars
from dure.site.visitors import NO_TURN, person_of, turn_for
from dure.site.watched import lead

SHOWN = 50
CHARTED = 40
NO_FILE = Text(ko="제출할 파일을 고르세요.", en="Choose the file to hand in.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """What an entrant hands in, how many attempts are left, and how the earlier ones fared. POST hands in."""
    turn, entrant = _own(request, turn_id)
    if request.method == "POST":
        _submit(request, entrant)
        messages.success(request, gettext("Received. It is being judged."))
        return lead(request, reverse("round", args=[turn.pk]))
    person, task = person_of(request), entrant.task
    sees_board = may_see_board(person, task)
    quotas = _quotas(entrant)
    seen = {
        "turn": turn,
        "programme": turn.programme,
        "entrant": entrant,
        "task": task,
        "round": task.round,
        "title": title_of(task),
        "metric": metric_of(task),
        "quotas": quotas,
        "is_open": _is_open(entrant),
        "is_spent": any(quota.left == 0 for quota in quotas),
        "command": COMMAND,
        "limits": Limits(**task.limits),
        "own": own_row(entrant, viewer=person) if sees_board else None,
        "sees_board": sees_board,
        "team": getattr(turn, "turn_team", None),
        **_attempts(turn, entrant),
    }
    return render(request, "rounds/show.html", seen)


@login_required
@require_safe
def attempts(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """The list of attempts alone, for a page that watches them being judged; unchanged, it costs next to nothing."""
    turn, entrant = _own(request, turn_id)
    rows = entrant.submissions.order_by("number").values_list("number", "state")
    states = " ".join(f"{number}{state}" for number, state in rows)
    tag = f'"{sha256(f"{states} {words.language()}".encode()).hexdigest()[:20]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    answer = render(request, "rounds/attempts_part.html", _attempts(turn, entrant))
    answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
    return answer


def _attempts(turn: Turn, entrant: Entrant) -> dict[str, object]:
    """The list of attempts: which is the best, which counts in the end, and the scores as a chart."""
    task, found = entrant.task, list(attempts_of(entrant).select_related("upload")[:SHOWN])
    tells = may_see_own(task, What.PUBLIC_SCORE)
    best = Best.objects.filter(entrant=entrant).first()
    scores = [(a.number, a.public_score) for a in reversed(found) if tells and a.public_score is not None]
    own = next((str(a.number) for a in found if best and a.pk == best.best_id), "")
    drawn = len(scores) > 1 and min(score for _, score in scores) >= 0
    return {
        "turn": turn,
        "task": task,
        "attempts": found,
        "tells": tells,
        "counting": counting(entrant),
        "chosen": set(entrant.selected.values_list("submission", flat=True)),
        "most": task.round.select_most,
        "is_choosable": _is_open(entrant),
        "unjudged": any(a.state in UNJUDGED for a in found),
        "bars": bars([(str(number), score) for number, score in scores[-CHARTED:]], own=own) if drawn else [],
    }


@login_required
@require_safe
def submission(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """One attempt: its verdict with row and column, its scores, its log."""
    person = person_of(request)
    found = attempt(_submission(submission_id), viewer=person)
    entrant = found.submission.entrant
    row = RoundTurn.objects.filter(entrant=entrant).first()
    seen = {
        "attempt": found,
        "submission": found.submission,
        "standing": standing(found.submission),
        "turn_id": row.turn_id if row else None,
        "title": title_of(entrant.task),
        "metric": metric_of(entrant.task),
        "can_choose": belongs_to(person, entrant) and _is_open(entrant),
        "unjudged": found.submission.state in UNJUDGED,
    }
    template = "rounds/submission_part.html" if getattr(request, "htmx", False) else "rounds/submission.html"
    return render(request, template, seen)


@login_required
@require_POST
def choose_one(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Let this attempt count in the end."""
    found = _submission(submission_id)
    choose(found, by=person_of(request))
    messages.success(request, gettext("This attempt counts in the end."))
    row = RoundTurn.objects.filter(entrant=found.entrant).first()
    return redirect("round", row.turn_id) if row else redirect("submission", found.pk)


@login_required
@require_POST
def take_back(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Let this attempt not be among those that may count."""
    found = _submission(submission_id)
    unchoose(found, by=person_of(request))
    messages.success(request, gettext("The choice is taken back."))
    row = RoundTurn.objects.filter(entrant=found.entrant).first()
    return redirect("round", row.turn_id) if row else redirect("submission", found.pk)


@login_required
@require_POST
def choose_the_best(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """Take a choice back: the best attempt counts again."""
    turn, entrant = _own(request, turn_id)
    choose_best(entrant, by=person_of(request))
    messages.success(request, gettext("The best attempt counts in the end."))
    return redirect("round", turn.pk)


@login_required
@require_safe
def starter(request: HttpRequest, task_id: UUID) -> FileResponse:
    """The task's starter files, for those who take part or organise."""
    task = task_for(task_id)
    person = person_of(request)
    if task.starter is None or not may_see(person, task, What.FILES):
        raise Missing("task.missing", NO_TASK)
    content = files.path_of(task.starter).open("rb")
    return FileResponse(content, as_attachment=True, filename=task.starter.name or "starter.zip")


def _submit(request: HttpRequest, entrant: Entrant) -> None:
    """Hand the sent file in: a prediction file, or an archive with the command that starts it."""
    file = request.FILES.get("file")
    if file is None:
        raise Flawed("submission.file", NO_FILE)
    kind = SubmissionKind.CODE if request.POST.get("kind") == SubmissionKind.CODE else SubmissionKind.FILE
    command = request.POST.get("command", "").strip() if kind == SubmissionKind.CODE else ""
    upload = cast("IO[bytes]", file)
    submit(entrant, by=person_of(request), upload=upload, name=file.name or "", kind=kind, command=command)


@dataclass(frozen=True)
class Spent:
    """A limit of attempts: how many are used up, and when a day's are there again."""

    name: str
    used: int
    of: int
    renews_at: datetime | None = None

    @property
    def left(self) -> int:
        return max(self.of - self.used, 0)


def _quotas(entrant: Entrant) -> list[Spent]:
    """Each limit that holds."""
    round_ = entrant.task.round
    local = clock.now().astimezone(ZoneInfo(round_.zone))
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), tzinfo=local.tzinfo)
    found = []
    if round_.daily is not None:
        day = local.date().isoformat()
        found.append(Spent(gettext("Today"), used(entrant, day), round_.daily, midnight))
    if round_.total is not None:
        found.append(Spent(gettext("In all"), used(entrant, TOTAL), round_.total))
    return found


def _is_open(entrant: Entrant) -> bool:
    """Whether something can be handed in or chosen, as far as the clock tells."""
    now = clock.now()
    opens = max(filter(None, [entrant.opens_at, entrant.task.round.opens_at]), default=None)
    return (opens is None or opens <= now) and (entrant.deadline is None or now < entrant.deadline)


def _own(request: HttpRequest, turn_id: UUID) -> tuple[Turn, Entrant]:
    """A turn of the visitor's with its entrant. Raises Missing."""
    turn = turn_for(request, turn_id)
    entrant = entrant_of(turn)
    if entrant is None or not rules.holds(person_of(request), turn):
        raise Missing("turn.missing", NO_TURN)
    return turn, entrant


def _submission(submission_id: UUID) -> Submission:
    rows = Submission.objects.select_related("entrant__task__round", "upload", "by", "job__lane")
    found = rows.filter(pk=submission_id).first()
    if found is None:
        raise Missing("submission.missing", NO_TASK)
    return found
