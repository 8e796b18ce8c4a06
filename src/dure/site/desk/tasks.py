"""Setting up a round's tasks at the desk: what is predicted, how it is scored, what entrants may download."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from dure.blueprint.model import Stage
from dure.challenges.labels import Split
from dure.challenges.measures import Measure
from dure.challenges.metrics import METRICS, OWN
from dure.challenges.models import Visibility
from dure.challenges.operations import set_board
from dure.joints.models import RoundTask
from dure.joints.stages.rounds import set_up_task
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import Programme
from dure.site import words
from dure.site.challenges.tasks import metric_of, title_of
from dure.site.desk.stage import stage_for
from dure.site.flaws import JudgedForm
from dure.site.visitors import desk_for, person_of


class TaskForm(JudgedForm):
    """One option's task."""

    option = forms.ChoiceField(label=_("Option"))
    metric = forms.ChoiceField(label=_("Metric"))
    labels = forms.FileField(
        label=_("Labels of the test set"),
        help_text=_("A CSV with the ids, the labels and, if you cut it yourself, a column named part."),
    )
    id_column = forms.CharField(label=_("Column of the ids"), initial="id")
    label_columns = forms.CharField(
        label=_("Columns of the labels"), initial="label", help_text=_("Several, with commas between them")
    )
    classes = forms.CharField(
        label=_("Classes"),
        required=False,
        help_text=_("For metrics over classes, in order; of two the second is the positive one."),
    )
    share = forms.IntegerField(
        label=_("Public part, per cent"),
        initial=30,
        min_value=1,
        max_value=99,
        help_text=_("The rest decides the final ranking."),
    )
    starter = forms.FileField(
        label=_("Starter files"),
        required=False,
        help_text=_("Any file that entrants download; several as one zip file."),
    )
    inputs = forms.FileField(
        label=_("Inputs for code"), required=False, help_text=_("A zip file that submitted code reads.")
    )
    scorer = forms.FileField(
        label=_("Scorer"), required=False, help_text=_("A Python file, where the metric is your own.")
    )

    def __init__(self, options: list[tuple[str, str]], *sent: Any) -> None:
        super().__init__(*sent)
        metrics = [(name, words.say(metric.title)) for name, metric in METRICS.items()]
        own = (OWN, gettext("the organiser's own scorer"))
        self.fields["metric"] = forms.ChoiceField(label=_("Metric"), choices=[*metrics, own])
        if options:
            self.fields["option"] = forms.ChoiceField(label=_("Option"), choices=options)
        else:
            del self.fields["option"]

    def measure(self) -> Measure:
        said = self.cleaned_data
        return Measure(
            metric=said["metric"],
            label_columns=_listed(said["label_columns"]),
            id_column=said["id_column"],
            classes=_listed(said["classes"]),
            split=Split(share=said["share"] / 100),
            scorer=_stream(said["scorer"]),
        )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """The tasks there are, who sees their boards, and a form for the next. POST sets one up, or shows the boards."""
    programme = desk_for(request, slug)
    written = stage_for(programme, stage)
    rows = list(RoundTask.objects.filter(programme=programme, stage=stage).select_related("task__round").order_by("pk"))
    if request.method == "POST" and "board" in request.POST:
        return _shown(request, rows, slug, stage)
    options = _free(programme, written, rows)
    form = TaskForm(options, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.submit(lambda said: _set_up(programme, stage, form, said, person_of(request))):
        messages.success(request, gettext("The task is set up. Attempts are judged from now on."))
        return redirect("desk-tasks", slug, stage)
    seen = {
        "programme": programme,
        "stage": written,
        "title": words.word(blueprint_of(programme), stage),
        "tab": "stages",
        "tasks": [(row.task, title_of(row.task), metric_of(row.task)) for row in rows],
        "round": rows[0].task.round if rows else None,
        "boards": list(words.BOARDS.items()),
        "form": form if options or not (rows or options_at(programme, stage)) else None,
    }
    return render(request, "desk/tasks.html", seen)


def _shown(request: HttpRequest, rows: list[RoundTask], slug: str, stage: str) -> HttpResponse:
    """Say who sees the boards."""
    wanted = request.POST.get("board", "")
    if rows and wanted in Visibility.values:
        set_board(rows[0].task.round, Visibility(wanted))
        messages.success(request, gettext("Saved."))
    return redirect("desk-tasks", slug, stage)


def _free(programme: Programme, stage: Stage, rows: list[RoundTask]) -> list[tuple[str, str]]:
    """Options that have no task yet."""
    taken = {row.option for row in rows}
    blueprint = blueprint_of(programme)
    return [(name, words.word(blueprint, name)) for name in options_at(programme, stage.id) if name not in taken]


def _set_up(programme: Programme, stage: str, form: TaskForm, said: dict[str, Any], person: Person) -> None:
    set_up_task(
        programme, stage, said.get("option", ""), by=person, labels=_stream(said["labels"]), measure=form.measure(),
        starter=_stream(said["starter"]), inputs=_stream(said["inputs"]),
    )  # fmt: skip


def _stream(file: Any) -> Any:
    """The bytes of an uploaded file, if one was sent."""
    return file or None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
