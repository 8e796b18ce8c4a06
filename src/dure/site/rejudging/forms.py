"""Proposing to score a task otherwise: what is left as it is stays."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from dure.challenges.columns import Seen
from dure.challenges.measures import Measure
from dure.challenges.metrics import METRICS, OWN
from dure.challenges.models import Proposal, Task
from dure.challenges.models.programs import PROGRAM
from dure.challenges.operations.proposing import MOST_WHY, Wanted, propose
from dure.compute.box import Limits
from dure.compute.models import STANDARD
from dure.compute.queries import environment_called, environments
from dure.core.errors import Missing
from dure.joints.running import let_organise
from dure.site import words
from dure.site.challenges.tasks import NO_TASK, metric_of, title_of
from dure.site.desk.rounds.door import Place, round_at
from dure.site.flaws import JudgedForm
from dure.site.visitors import person_of

MIB = 1 << 20


class VersionForm(JudgedForm):
    """Fields that every task has; those of its scoring come before the reason."""

    environment = forms.ChoiceField(label=_("Environment"), help_text=_("Where code and programs run."))
    wall_seconds = forms.IntegerField(label=_("Longest run, seconds"), min_value=1)
    memory_mib = forms.IntegerField(label=_("Memory, MiB"), min_value=64)
    why = forms.CharField(
        label=_("Why it is to be judged again"),
        max_length=MOST_WHY,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays in the log."),
    )

    def __init__(self, task: Task, *sent: Any) -> None:
        super().__init__(*sent)
        limits = Limits(**task.limits)
        self.initial = {
            "environment": task.environment.name if task.environment else STANDARD,
            "wall_seconds": limits.wall_seconds, "memory_mib": limits.memory_bytes // MIB,
            "metric": task.metric, "primary": task.program.primary if task.metric == PROGRAM else "",
        }  # fmt: skip
        self.task = task
        ready = [offer.name for offer in environments() if offer.is_ready]
        cast("forms.ChoiceField", self.fields["environment"]).choices = [(name, name) for name in ready]
        first = self._of_programs() if task.metric == PROGRAM else self._of_platform()
        self.fields = {**first, **self.fields}

    def _of_platform(self) -> dict[str, forms.Field]:
        metrics = [(name, words.say(known.title)) for name, known in METRICS.items()]
        return {
            "labels": _file(
                _("New labels"), _("A CSV with the same columns. Rows that stay are public or final as before.")
            ),
            "metric": forms.ChoiceField(
                label=_("Metric"), choices=[*metrics, (OWN, _("the organiser's own scorer"))]
            ),
            "scorer": _file(_("New scorer"), _("A Python file, where the metric is your own.")),
            "inputs": _file(_("New inputs for code"), _("A zip file that submitted code reads.")),
        }  # fmt: skip

    def _of_programs(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for part in self.task.program.laid_parts:
            name = part.name or str(part.number)
            for field, label in _PART_FILES.items():
                found[f"part{part.number}-{field}"] = _file(f"{name}: {label}", "")
        columns = [column for column in self.task.program.board_columns if column.seen is Seen.PUBLIC]
        choices = [(column.key, column.title) for column in columns]
        found["primary"] = forms.ChoiceField(label=_("Column that ranks"), choices=choices)
        return found

    def wanted(self, said: dict[str, Any]) -> Wanted:
        """Only what differs from the task as it is."""
        task = self.task
        bounds = {"wall_seconds": said["wall_seconds"], "memory_bytes": said["memory_mib"] * MIB}
        known = Limits(**task.limits)
        moved = {name: value for name, value in bounds.items() if getattr(known, name) != value}
        environment = environment_called(said["environment"])
        rest: dict[str, Any] = {
            "limits": {**task.limits, **moved} if moved else None,
            "moves": environment != task.environment, "environment": environment,
        }  # fmt: skip
        if task.metric == PROGRAM:
            return Wanted(parts=self._parts(said), primary=_new(said["primary"], task.program.primary), **rest)
        return Wanted(labels=said["labels"], inputs=said["inputs"], measure=_measure(task, said), **rest)

    def _parts(self, said: dict[str, Any]) -> dict[int, dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        for part in self.task.program.laid_parts:
            sent = {field: said[f"part{part.number}-{field}"] for field in _PART_FILES}
            found[part.number] = {field: file for field, file in sent.items() if file}
        return found


_PART_FILES = {"scoring_program": _("new scoring program"), "reference": _("new reference data")}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str, stage: str, task_id: UUID) -> HttpResponse:
    """The form, filled as the task is scored now. POST proposes, and leads to the proposal."""
    place = round_at(request, slug, stage)
    task = _task(place, task_id)
    form = VersionForm(task, *((request.POST, request.FILES) if request.method == "POST" else ()))
    made: list[Proposal] = []
    by = person_of(request)
    if request.method == "POST":
        let_organise(by, place.round)
        if form.submit(lambda said: made.append(propose(task, form.wanted(said), by=by, why=said["why"]))):
            return redirect("desk-proposal", slug, stage, made[0].pk)
    seen = {**place.seen("again"), "form": form, "name": title_of(task), "metric": metric_of(task)}
    return render(request, "rejudging/new.html", seen)


def _task(place: Place, task_id: UUID) -> Task:
    found = next((task for task in place.tasks if task.pk == task_id), None)
    if found is None:
        raise Missing("task.missing", NO_TASK)
    return found


def _measure(task: Task, said: dict[str, Any]) -> Measure | None:
    if said["metric"] == task.metric and not said["scorer"]:
        return None
    columns = task.columns if METRICS.get(said["metric"]) is None else ()
    return Measure(
        metric=said["metric"], id_column=task.id_column, label_columns=task.columns, columns=columns,
        classes=task.classes, greater_is_better=task.greater_is_better, precision=task.precision,
        scorer=said["scorer"] or None,
    )  # fmt: skip


def _new(said: str, known: str) -> str:
    return "" if said == known else said


def _file(label: Any, about: Any) -> forms.FileField:
    return forms.FileField(label=label, help_text=about, required=False)
