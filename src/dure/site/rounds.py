"""Rounds: handing attempts in, watching them being judged, choosing one, and the boards.

An entrant hands in at the page of its turn; one of a round outside programmes, which has no turn, at that of its task.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.challenges import files
from dure.challenges.models import UNJUDGED, Best, Entrant, EntrantTeam, Sharing, Submission, SubmissionKind
from dure.challenges.operations import choose, choose_best, submit, unchoose
from dure.challenges.operations.admitting import is_listed
from dure.challenges.operations.submitting import COMMAND
from dure.challenges.policy import What
from dure.challenges.queries import attempt, attempts_of, counting, own_row
from dure.challenges.queries.entered import Allowance, Entered, as_they_stand, entered_by
from dure.challenges.queries.standing import ban_of, in_force
from dure.challenges.questions import shown
from dure.challenges.queueing import standing
from dure.challenges.rules import belongs_to, may_see, may_see_board, may_see_own
from dure.compute.box import Limits
from dure.core import clock
from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.joints.naming import name_of
from dure.joints.pages import pages_beside
from dure.joints.stages.rounds import entrant_of
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Turn, TurnTeam
from dure.site.challenges.tasks import NO_TASK, attempts_page, metric_of, task_for, title_of
from dure.site.charts import bars
from dure.site.visitors import NO_TURN, person_of, turn_for
from dure.site.watched import lead, unless_seen

SHOWN = 50
CHARTED = 40
NO_FILE = Text(ko="제출할 파일을 고르세요.", en="Choose the file to hand in.")


@dataclass(frozen=True)
class Own:
    """Who the visitor is in a task, and the turn in which they are; None in a round outside programmes."""

    entrant: Entrant
    turn: Turn | None

    @property
    def stage(self) -> Text | None:
        return blueprint_of(self.turn.programme).word(self.turn.stage) if self.turn else None

    @property
    def address(self) -> str:
        """The page on which it hands in."""
        return attempts_page(self.entrant)

    @property
    def team(self) -> TurnTeam | EntrantTeam | None:
        return getattr(self.turn, "turn_team", None) or getattr(self.entrant, "entrant_team", None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, **at: UUID) -> HttpResponse:
    """What an entrant hands in, how many attempts are left, and how the earlier ones fared. POST hands in.

    ``at``: the turn or the task.
    """
    own = _own(request, at)
    entrant, person, task = own.entrant, person_of(request), own.entrant.task
    if request.method == "POST":
        _submit(request, entrant)
        messages.success(request, gettext("Received. It is being judged."))
        return lead(request, own.address)
    sees_board = may_see_board(person, task)
    stands = as_they_stand([entrant])[0]
    quotas = _quotas(stands)
    seen = {
        "turn": own.turn,
        "stage": own.stage,
        "entrant": entrant,
        "round": task.round,
        "title": title_of(task),
        "metric": metric_of(task),
        "quotas": quotas,
        "takes": stands.takes,
        "is_listed": is_listed(person, task.round),
        "is_spent": any(quota.left == 0 for _, quota in quotas),
        "command": COMMAND,
        "limits": Limits(**task.limits),
        "own": own_row(entrant, viewer=person) if sees_board else None,
        "sees_board": sees_board,
        "team": own.team,
        "called": name_of(task),
        "platform": settings.BASE_URL,
        "ban": ban_of(person, task.round, at=clock.now()),
        "outs": in_force(entrant),
        "pages": pages_beside(task.pk),
        **_attempts(own, stands),
    }
    return render(request, "rounds/show.html", seen)


@login_required
@require_safe
def attempts(request: HttpRequest, **at: UUID) -> HttpResponse:
    """The list of attempts alone, for a page that watches them being judged; unchanged, it costs next to nothing."""
    own = _own(request, at)
    rows = own.entrant.submissions.order_by("number").values_list("number", "state")
    states = " ".join(f"{number}{state}" for number, state in rows)
    return unless_seen(
        request,
        states,
        lambda: render(request, "rounds/attempts_part.html", _attempts(own, as_they_stand([own.entrant])[0])),
    )


def _attempts(own: Own, stands: Entered) -> dict[str, object]:
    """The list of attempts: which is the best, which counts in the end, and the scores as a chart."""
    entrant, task = own.entrant, own.entrant.task
    found = list(attempts_of(entrant).select_related("upload")[:SHOWN])
    tells = may_see_own(task, What.PUBLIC_SCORE)
    best = Best.objects.filter(entrant=entrant).first()
    scores = [(a.number, a.public_score) for a in reversed(found) if tells and a.public_score is not None]
    marked = next((str(a.number) for a in found if best and a.pk == best.best_id), "")
    drawn = len(scores) > 1 and min(score for _, score in scores) >= 0
    return {
        "here": own.address,
        "task": task,
        "attempts": found,
        "tells": tells,
        "counting": counting(entrant),
        "chosen": set(entrant.selected.values_list("submission", flat=True)),
        "most": task.round.select_most,
        "is_open": stands.is_open,
        "is_counted": bool(_quotas(stands)),
        "unjudged": any(a.state in UNJUDGED for a in found),
        "bars": bars([(str(number), score) for number, score in scores[-CHARTED:]], own=marked) if drawn else [],
    }


@login_required
@require_safe
def submission(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """One attempt: its verdict with row and column, its scores, its log."""
    person = person_of(request)
    found = attempt(_submission(submission_id), viewer=person)
    entrant = found.submission.entrant
    seen = {
        "attempt": found,
        "submission": found.submission,
        "standing": standing(found.submission),
        "here": attempts_page(entrant) if belongs_to(person, entrant) else "",
        "title": title_of(entrant.task),
        "metric": metric_of(entrant.task),
        "can_choose": belongs_to(person, entrant) and as_they_stand([entrant])[0].is_open,
        "unjudged": found.submission.state in UNJUDGED,
        "answers": _answers(found.submission),
        "notes": [Text.of(note) for note in found.submission.notes],
        "can_share": belongs_to(person, entrant) and entrant.task.round.sharing != Sharing.NONE,
    }
    template = "rounds/submission_part.html" if getattr(request, "htmx", False) else "rounds/submission.html"
    return render(request, template, seen)


def _answers(submission: Submission) -> list[tuple[Text, Text]]:
    """What was asked with it, and what was said."""
    asked = submission.entrant.task.round.asked
    return [(one.title, shown(submission.answers[one.key])) for one in asked if one.key in submission.answers]


@login_required
@require_POST
def choose_one(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Let this attempt count in the end."""
    found = _submission(submission_id)
    choose(found, by=person_of(request))
    messages.success(request, gettext("This attempt counts in the end."))
    return redirect(attempts_page(found.entrant))


@login_required
@require_POST
def take_back(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Let this attempt not be among those that may count."""
    found = _submission(submission_id)
    unchoose(found, by=person_of(request))
    messages.success(request, gettext("The choice is taken back."))
    return redirect(attempts_page(found.entrant))


@login_required
@require_POST
def choose_the_best(request: HttpRequest, **at: UUID) -> HttpResponse:
    """Take a choice back: the best attempt counts again."""
    own = _own(request, at)
    choose_best(own.entrant, by=person_of(request))
    messages.success(request, gettext("The best attempt counts in the end."))
    return redirect(own.address)


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
    round_ = entrant.task.round
    said: dict[str, Any] = {
        "kind": kind, "command": command,
        "answers": {one.key: request.POST.getlist(f"answer-{at}") for at, one in enumerate(round_.asked)},
        "public": "public" in request.POST if round_.sharing != Sharing.NONE else None,
    }  # fmt: skip
    submit(entrant, by=person_of(request), upload=upload, name=file.name or "", **said)


def _quotas(stands: Entered) -> list[tuple[str, Allowance]]:
    """Each limit that holds, with its name."""
    named = (
        (gettext("Today"), stands.today), (gettext("This month"), stands.month), (gettext("Total"), stands.total)
    )  # fmt: skip
    return [(name, allowance) for name, allowance in named if allowance.of is not None]


def _own(request: HttpRequest, at: Mapping[str, UUID]) -> Own:
    """Who the visitor is in the turn or the task. Raises Missing."""
    person = person_of(request)
    if "task_id" in at:
        entrant = entered_by(person).select_related("round_turn__turn__programme").filter(task=at["task_id"]).first()
        if entrant is None:
            raise Missing("task.missing", NO_TASK)
        row = getattr(entrant, "round_turn", None)
        return Own(entrant, row.turn if row else None)
    turn = turn_for(request, at["turn_id"])
    entrant = entrant_of(turn)
    if entrant is None or not rules.holds(person, turn):
        raise Missing("turn.missing", NO_TURN)
    return Own(entrant, turn)


def _submission(submission_id: UUID) -> Submission:
    rows = Submission.objects.select_related("entrant__task__round", "entrant__round_turn", "upload", "by", "job__lane")
    found = rows.filter(pk=submission_id).first()
    if found is None:
        raise Missing("submission.missing", NO_TASK)
    return found
