"""Who scores a round: the platform or the organisers' own machines, whose keys are issued and revoked here."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.challenges.models import Round, WorkerQueue, WorkerToken
from dure.challenges.operations.workers import (
    issue_worker_token,
    revoke_worker_token,
    score_by_own,
    score_by_platform,
)
from dure.challenges.queries.workers import Scorers, scorers_of
from dure.challenges.queueing import keeps
from dure.core.errors import Forbidden, Missing, Refused
from dure.core.text import Text
from dure.joints.running import let_organise
from dure.site import words
from dure.site.desk.rounds.framed import framed, round_for
from dure.site.reading import SlugField
from dure.site.visitors import person_of
from dure.site.watched import unless_seen

_NO_TOKEN = Text(
    ko="이 라운드의 워커 토큰이 아닙니다. 화면을 새로 고치세요.",
    en="This is no token of the round's workers. Reload the page.",
)
_NO_QUEUE = Text(
    ko="이 라운드는 플랫폼이 채점합니다. 먼저 대기열을 정하세요.",
    en="The platform scores this round. Give it a queue of your own first.",
)
_NOT_KEPT = Text(
    ko="이 대기열을 만든 사람만 할 수 있습니다. 그 사람에게 요청하세요.",
    en="Only whoever made this queue may do this. Ask them.",
)


class QueueForm(forms.Form):
    name = SlugField(
        label=_("Name of the queue"), max_length=60,
        help_text=_("Small letters, digits and hyphens. Rounds of yours under the same name share their machines."),
    )  # fmt: skip


class MachineForm(forms.Form):
    title = forms.CharField(label=_("Name of the machine"), max_length=60)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """What waits and runs, and whose machines are at it. POST lets one's own machines score the round."""
    round_ = round_for(request, round_id)
    form = QueueForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _handed_over(request, round_, form):
        messages.success(request, gettext("Your own workers score this round now. Issue a token for each machine."))
        return redirect("round-workers", round_id)
    return _page(request, round_, form=form)


@login_required
@require_safe
def now(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """What waits and runs, for a page that watches it."""
    found = scorers_of(round_for(request, round_id))
    seen = {"scorers": found, "round_id": round_id}
    return unless_seen(request, found, lambda: render(request, "desk/rounds/workers_part.html", seen))


@login_required
@require_POST
def issue(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """A token for one machine: it is shown this once, in the lines that start the worker."""
    round_ = round_for(request, round_id)
    queue, form = _kept(request, round_), MachineForm(request.POST)
    if not form.is_valid():
        return _page(request, round_, machine=form)
    issued = issue_worker_token(queue, title=form.cleaned_data["title"], by=person_of(request))
    return _page(request, round_, secret=issued.secret)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, round_id: UUID, token_id: UUID) -> HttpResponse:
    """What revoking a token means, then doing it."""
    round_ = round_for(request, round_id)
    token = WorkerToken.objects.filter(pk=token_id, queue=_kept(request, round_)).first()
    if token is None:
        raise Missing("token.missing", _NO_TOKEN)
    if request.method == "POST":
        revoke_worker_token(token)
        messages.success(request, gettext("The token opens nothing any more."))
        return redirect("round-workers", round_id)
    return render(request, "desk/rounds/revoke.html", {**framed(request, round_, "workers"), "token": token})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_back(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """What it means that the platform scores the round again, then letting it."""
    round_ = round_for(request, round_id)
    if request.method == "POST":
        let_organise(person_of(request), round_)
        score_by_platform(round_)
        messages.success(request, gettext("The platform scores this round now."))
        return redirect("round-workers", round_id)
    seen = {**framed(request, round_, "workers"), "scorers": scorers_of(round_)}
    return render(request, "desk/rounds/hand_back.html", seen)


def _handed_over(request: HttpRequest, round_: Round, form: QueueForm) -> bool:
    """Whether the queue could be taken; why not is told at its name."""
    by = person_of(request)
    let_organise(by, round_)
    try:
        score_by_own(round_, queue=form.cleaned_data["name"], by=by)
    except Refused as refused:
        form.add_error("name", words.say(refused.text))
        return False
    return True


def _kept(request: HttpRequest, round_: Round) -> WorkerQueue:
    """The round's queue, for whoever keeps it. Raises Missing or Forbidden."""
    queue = scorers_of(round_).queue
    if queue is None:
        raise Missing("queue.missing", _NO_QUEUE)
    if not keeps(person_of(request), queue):
        raise Forbidden("queue.not-yours", _NOT_KEPT)
    return queue


def _page(
    request: HttpRequest,
    round_: Round,
    *,
    form: QueueForm | None = None,
    machine: MachineForm | None = None,
    secret: str = "",
) -> HttpResponse:
    found = scorers_of(round_)
    seen = {
        **framed(request, round_, "workers"), "scorers": found, "round_id": round_.pk, "form": form or QueueForm(),
        "secret": secret, "machine": machine or MachineForm(), "platform": settings.BASE_URL,
        **_about(request, round_, found),
    }  # fmt: skip
    wrong = bool(form and form.errors) or bool(machine and machine.errors)
    answer = render(request, "desk/rounds/workers.html", seen, status=422 if wrong else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _about(request: HttpRequest, round_: Round, found: Scorers) -> dict[str, Any]:
    """Whether the visitor keeps the queue, and which other rounds its machines score."""
    if found.queue is None:
        return {}
    others = Round.objects.filter(worker_queue__queue=found.queue).exclude(pk=round_.pk)
    return {"keeps": keeps(person_of(request), found.queue), "others": [words.say(other.title) for other in others]}
