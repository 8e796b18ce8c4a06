"""Which exam the people of a test stage sit."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.models import StageExam
from dure.joints.stages.exams import bind_exam, exams_to_bind, sits_exams
from dure.programmes.frozen import blueprint_of, options_at
from dure.site.desk.binding import chosen, lines_of
from dure.site.desk.stage import NO_STAGE, stage_for
from dure.site.visitors import desk_for, person_of

GONE = Text(
    ko="연결할 수 있는 시험이 아닙니다. 목록에서 다시 고르세요.", en="This exam cannot be bound. Choose one again."
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """What is bound, for everybody or by option, and a form that binds an exam."""
    programme, person = desk_for(request, slug), person_of(request)
    found = stage_for(programme, stage)
    if not sits_exams(found):
        raise Missing("stage.missing", NO_STAGE)
    if request.method == "POST":
        exam = chosen(request, "exam", exams_to_bind(person), gone=GONE)
        bind_exam(programme, stage, exam=exam, by=person, option=request.POST.get("option", ""))
        messages.success(request, gettext("People of this stage sit this exam from now on."))
        return redirect("desk-exam", slug, stage)
    bound = StageExam.objects.filter(programme=programme, stage=stage).select_related("exam__bank", "bound_by")
    seen = {
        "programme": programme,
        "blueprint": blueprint_of(programme),
        "tab": "stages",
        "stage": found,
        "options": options_at(programme, stage),
        "lines": lines_of(programme, stage, bound),
        "exams": exams_to_bind(person),
    }
    return render(request, "desk/exam.html", seen)
