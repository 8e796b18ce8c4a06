"""Submissions that their entrants made public: the list of a task's, their files, and one's own made public or not."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dure.challenges import files
from dure.challenges.models import Submission, Task
from dure.challenges.operations.sharing import share
from dure.challenges.queries.sharing import may_have_file, shared_lines
from dure.challenges.questions import shown
from dure.core.errors import Missing
from dure.core.text import Text
from dure.site import figures, words
from dure.site.challenges.tasks import task_for, title_of
from dure.site.drawing import addresses, drawn
from dure.site.visitors import person_of, visitor

PAGE = 50
_LINE = (
    '<tr><th scope="row">{}</th><td class="right num">{}</td><td class="right num">{}</td>%s<td>{}</td>'
    '<td><a href="{}"><span translate="no">{}</span></a> <span class="muted small">{}</span></td></tr>'
)
_ANSWER = "<td>{}</td>"
_NONE = Text(ko="그런 제출물이 없거나 공개되지 않았습니다.", en="There is no such submission, or it is not public.")


@require_safe
def index(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Those of a task, the newest first, for whoever sees its board."""
    task, number = task_for(task_id), _page(request)
    first = (number - 1) * PAGE
    rows = shared_lines(task, viewer=visitor(request), part=slice(first, first + PAGE + 1))
    asked = [question for question in task.round.asked if question.on_board]
    seen = {
        "task": task, "title": title_of(task), "rows": rows[:PAGE], "lines": _lines(task, rows[:PAGE]),
        "asked": [one.title for one in asked],
        "before": number - 1, "next": number + 1 if len(rows) > PAGE else None,
    }  # fmt: skip
    return render(request, "challenges/shared.html", seen)


def _lines(task: Task, rows: Sequence[Submission]) -> SafeString:
    """The lines of the list: there are fifty, and a template takes three times as long for each."""
    asked = [question.key for question in task.round.asked if question.on_board]
    line, address = _LINE % (_ANSWER * len(asked)), addresses("submission-file")
    return SafeString("".join(drawn(line, *_cells(row, task, asked), *_file(row, address(row.pk))) for row in rows))


def _cells(row: Submission, task: Task, asked: Sequence[str]) -> list[object]:
    score = "" if row.public_score is None else f"{row.public_score:.{task.precision}f}"
    answers = [words.say(shown(row.answers.get(key))) or "–" for key in asked]
    return [row.entrant.title, row.number, score, *answers, figures.when(row.received_at)]


def _file(row: Submission, address: str) -> tuple[str, str, str]:
    return address, row.upload.name or "…", filesizeformat(row.upload.size)


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
