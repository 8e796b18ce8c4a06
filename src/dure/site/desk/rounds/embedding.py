"""A round's public boards on other sites: which may show them, and the page that they show."""

from uuid import UUID

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_http_methods, require_safe

from dure.challenges.models import Embedding, Task
from dure.challenges.operations.trials import let_embed
from dure.challenges.queries import board, board_version
from dure.core.errors import Flawed, Missing
from dure.site import words
from dure.site.challenges.tasks import NO_TASK, metric_of, task_for, title_of
from dure.site.desk.rounds.door import round_at
from dure.site.watched import unless_tagged

SHOWN = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings_of(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Which sites may show the boards, and the lines that go into their pages."""
    place = round_at(request, slug, stage)
    written, wrong = "\n".join(_ancestors(place.tasks[0])), ""
    if request.method == "POST":
        written = request.POST.get("ancestors", "")
        try:
            let_embed(place.round, [line.strip() for line in written.splitlines() if line.strip()])
            messages.success(request, gettext("Saved."))
            return redirect("desk-embedding", slug, stage)
        except Flawed as flawed:
            wrong = words.say(flawed.text)
    seen = {
        **place.seen("embedding"), "written": written, "wrong": wrong,
        "snippets": [(title_of(task), _snippet(task)) for task in place.tasks],
        "is_public": place.round.board == "public", "allowed": bool(_ancestors(place.tasks[0])),
    }  # fmt: skip
    return render(request, "desk/rounds/embedding.html", seen, status=422 if wrong else 200)


@require_safe
@xframe_options_exempt
def shown(request: HttpRequest, task_id: UUID) -> HttpResponseBase:
    """The first places of a board, for a frame on another site; the same for everybody, signed in or not."""
    task = task_for(task_id)
    ancestors = _ancestors(task)
    if not ancestors:
        raise Missing("task.missing", NO_TASK)
    draw = csp_replace({"frame-ancestors": ["'self'", *ancestors]})(lambda asked: _drawn(asked, task))
    asked = request.GET.get("lang", "")
    with translation.override(asked if asked in dict(settings.LANGUAGES) else translation.get_language()):
        return draw(request)


def _drawn(request: HttpRequest, task: Task) -> HttpResponse:
    """As nobody sees it: whoever is signed in here must not be told of in another site's page."""

    def draw() -> HttpResponse:
        page = board(task, viewer=None, limit=SHOWN)
        seen = {"task": task, "title": title_of(task), "metric": metric_of(task), "page": page}
        return render(request, "rounds/embedded.html", seen)

    version = f"{board_version(task, viewer=None)}-{translation.get_language()}"
    return unless_tagged(request, version, draw, kept="public")


def _ancestors(task: Task) -> list[str]:
    found = Embedding.objects.filter(round=task.round_id).values_list("ancestors", flat=True).first()
    return list(found or [])


def _snippet(task: Task) -> str:
    """What goes into another site's page. Titles are escaped where the template shows it."""
    address = f"{settings.BASE_URL}{reverse('embedded-board', args=[task.pk])}?lang={words.language()}"
    return f'<iframe src="{address}" title="{gettext("Board")}" width="100%" height="640" loading="lazy"></iframe>'
