"""Which exam the people of a test stage sit."""

from dataclasses import dataclass

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
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import Programme
from dure.site.desk.stage import NO_STAGE, stage_for
from dure.site.visitors import desk_for, id_from, person_of

GONE = Text(
    ko="연결할 수 있는 시험이 아닙니다. 목록에서 다시 고르세요.", en="This exam cannot be bound. Choose one again."
)


@dataclass(frozen=True)
class Sitting:
    """An option of the stage ("": everybody), with the exam that is bound to it."""

    option: str
    bound: StageExam | None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """What is bound, for everybody or by option, and a form that binds an exam."""
    programme, person = desk_for(request, slug), person_of(request)
    found = stage_for(programme, stage)
    if not sits_exams(found):
        raise Missing("stage.missing", NO_STAGE)
    if request.method == "POST":
        _bind(request, programme, stage, person)
        messages.success(request, gettext("People of this stage sit this exam from now on."))
        return redirect("desk-exam", slug, stage)
    seen = {
        "programme": programme,
        "blueprint": blueprint_of(programme),
        "tab": "stages",
        "stage": found,
        "options": options_at(programme, stage),
        "sittings": _sittings(programme, stage),
        "exams": exams_to_bind(person),
    }
    return render(request, "desk/exam.html", seen)


def _sittings(programme: Programme, stage: str) -> list[Sitting]:
    rows = StageExam.objects.filter(programme=programme, stage=stage).select_related("exam__bank", "bound_by")
    bound = {row.option: row for row in rows}
    options = options_at(programme, stage)
    whole = [""] if "" in bound or not options else []
    return [Sitting(option, bound.get(option)) for option in (*whole, *options)]


def _bind(request: HttpRequest, programme: Programme, stage: str, person: Person) -> None:
    exam = exams_to_bind(person).filter(pk=id_from(request.POST.get("exam"))).first()
    if exam is None:
        raise Missing("exam.missing", GONE)
    bind_exam(programme, stage, exam=exam, by=person, option=request.POST.get("option", ""))
