"""Submissions that their entrants made public: the list of a task's, their files, and one's own made public or not."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dure.challenges import files
from dure.challenges.models import Submission
from dure.challenges.operations.sharing import share
from dure.challenges.queries.sharing import may_have_file, shared
from dure.challenges.questions import shown
from dure.core.errors import Missing
from dure.core.text import Text
from dure.site.challenges.tasks import task_for, title_of
from dure.site.visitors import person_of, visitor

PAGE = 50
SHOWN = ("number", "public_score", "received_at", "answers", "entrant__title", "upload__name", "upload__size")
_NONE = Text(ko="그런 제출물이 없거나 공개되지 않았습니다.", en="There is no such submission, or it is not public.")


@require_safe
def index(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Those of a task, the newest first, for whoever sees its board."""
    task, number = task_for(task_id), _page(request)
    first, public = (number - 1) * PAGE, shared(task, viewer=visitor(request))
    keys = list(public.values_list("pk", flat=True)[first : first + PAGE + 1])
    found = public.only(*SHOWN).in_bulk(keys[:PAGE])
    asked = [question for question in task.round.asked if question.on_board]
    rows = [(found[key], [shown(found[key].answers.get(one.key)) for one in asked]) for key in keys[:PAGE]]
    seen = {
        "task": task, "title": title_of(task), "rows": rows, "asked": [one.title for one in asked],
        "before": number - 1, "next": number + 1 if len(keys) > PAGE else None,
    }  # fmt: skip
    return render(request, "challenges/shared.html", seen)


def _page(request: HttpRequest) -> int:
    """The number of the page that is asked for. How many there are nobody counts: the list may be a long one."""
    asked = request.GET.get("page", "")
    return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


@login_required
@require_POST
def share_one(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Make one's own public, or private again."""
    wanted = bool(request.POST.get("public"))
    share(_submission(submission_id), by=person_of(request), public=wanted)
    messages.success(
        request, gettext("The submission is public.") if wanted else gettext("The submission is private again.")
    )
    return redirect("submission", submission_id)


@require_safe
def file(request: HttpRequest, submission_id: UUID) -> FileResponse:
    """What was handed in, as it came: never shown, always saved."""
    found = _submission(submission_id)
    if not may_have_file(found, viewer=visitor(request)):
        raise Missing("submission.missing", _NONE)
    content = files.path_of(found.upload).open("rb")
    name = files.plain_name(found.upload)
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")


def _submission(submission_id: UUID) -> Submission:
    found = Submission.objects.select_related("entrant__task__round", "upload").filter(pk=submission_id).first()
    if found is None:
        raise Missing("submission.missing", _NONE)
    return found
