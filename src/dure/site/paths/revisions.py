"""What providers are asked to teach: skills that are asked for more and more and that nothing listed teaches."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dure.core.errors import Missing
from dure.core.text import Text
from dure.learning.models import RevisionState, RevisionTask
from dure.learning.operations.revisions import answer, decline
from dure.learning.queries.paths import revisions
from dure.learning.rules import curated_by
from dure.site.charts import bars
from dure.site.visitors import person_of
from dure.skills.queries import asked_by, attributions, demand

PAGE, ASKING = 30, 12
NO_TASK = Text(
    ko="찾으시는 개정 과제가 없거나 권한이 없습니다. 제공 기관의 큐레이터인지 확인하세요.",
    en="There is no such revision task for you. Check that you are a curator of its provider.",
)


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What the providers that one looks after are asked for."""
    state = request.GET.get("state", "")
    state = state if state in RevisionState.values else ""
    rows = revisions(curated_by(person_of(request)), state=state)
    page: Page[RevisionTask] = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "paths/revisions.html", {"page": page, "state": state, "states": RevisionState.values})


@login_required
@require_safe
def show(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """One of them: how demand went, which roles ask, and what can be said to it."""
    task = task_for(request, task_id)
    months = demand(task.skill)
    seen = {
        "task": task, "asking": asked_by(task.skill)[:ASKING], "credits": attributions([task.skill]),
        "before": round(task.before / 1000, 1), "lately": round(task.lately / 1000, 1),
        "months": bars((f"{month:%y-%m}", count) for month, count in months) if len(months) > 1 else (),
    }  # fmt: skip
    return render(request, "paths/revision.html", seen)


@login_required
@require_POST
def reply(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Say what will be done, or that nothing will."""
    task, text = task_for(request, task_id), request.POST.get("answer", "")
    if "decline" in request.POST:
        decline(task, by=person_of(request), text=text)
        messages.success(request, gettext("The task is closed. It is not opened again for 90 days."))
    else:
        answer(task, by=person_of(request), text=text)
        messages.success(request, gettext("Answered. The task closes by itself once an item teaches the skill."))
    return redirect("revision", task.pk)


def task_for(request: HttpRequest, task_id: UUID) -> RevisionTask:
    """The task, for the curators of its provider. Raises Missing."""
    rows = RevisionTask.objects.filter(provider__in=curated_by(person_of(request)).order_by().values("pk"))
    found = rows.select_related("skill__taxonomy", "provider", "answered_by", "item").filter(pk=task_id).first()
    if found is None:
        raise Missing("revision.missing", NO_TASK)
    return found
