"""To which interview the people of a test stage are asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.models import StageInterview
from dure.joints.stages.interviews import bind_interview, holds_interviews, interviews_to_bind
from dure.programmes.frozen import blueprint_of, options_at
from dure.site.desk.binding import chosen, lines_of
from dure.site.desk.stage import NO_STAGE, stage_for
from dure.site.visitors import desk_for, person_of

GONE = Text(
    ko="연결할 수 있는 면접이 아닙니다. 목록에서 다시 고르세요.",
    en="This interview cannot be bound. Choose one again.",
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """What is bound, for everybody or by option, and a form that binds an interview."""
    programme, person = desk_for(request, slug), person_of(request)
    found = stage_for(programme, stage)
    if not holds_interviews(found):
        raise Missing("stage.missing", NO_STAGE)
    if request.method == "POST":
        interview = chosen(request, "interview", interviews_to_bind(person), gone=GONE)
        bind_interview(programme, stage, interview=interview, by=person, option=request.POST.get("option", ""))
        messages.success(request, gettext("People of this stage are asked to this interview from now on."))
        return redirect("desk-interview", slug, stage)
    bound = StageInterview.objects.filter(programme=programme, stage=stage).select_related("interview", "bound_by")
    seen = {
        "programme": programme, "blueprint": blueprint_of(programme), "tab": "stages", "stage": found,
        "options": options_at(programme, stage), "lines": lines_of(programme, stage, bound),
        "interviews": interviews_to_bind(person),
    }  # fmt: skip
    return render(request, "desk/interview.html", seen)
