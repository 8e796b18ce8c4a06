"""Attempts that go on from an earlier task to one of this round: which, whether by themselves, and how far it is."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from dure.challenges.models import CarryOver, Task, Which
from dure.challenges.operations.carrying import carry_now, carry_over_from, drop_carry_over
from dure.challenges.queries.carrying import to_carry
from dure.core.errors import Missing, Refused
from dure.joints.models import RoundTask
from dure.joints.running import let_organise
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.site import words
from dure.site.challenges.tasks import NO_TASK, title_of
from dure.site.desk.rounds.door import Place, round_at
from dure.site.flaws import JudgedForm
from dure.site.visitors import person_of


class CarryForm(JudgedForm):
    source = forms.ChoiceField(label=_("Attempts of"), help_text=_("A task of another round of this programme."))
    which = forms.ChoiceField(
        label=_("Which attempts"),
        choices=[(Which.BEST, _("Of each entrant the one that counts")), (Which.ALL, _("Every one that has a score"))],
    )
    auto = forms.BooleanField(
        label=_("As soon as an entrant may hand in here"),
        required=False,
        help_text=_("Else they go on when you ask for it below."),
    )

    def __init__(self, task: Task, sources: Mapping[UUID, str], sent: Any = None) -> None:
        known: CarryOver | None = getattr(task, "carry_over", None)
        first = {"source": known.source_id, "which": known.which, "auto": known.auto} if known else {"auto": True}
        super().__init__(sent, initial=first, prefix=str(task.pk))
        source = self.fields["source"]
        if isinstance(source, forms.ChoiceField):
            source.choices = [(str(pk), title) for pk, title in sources.items()]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Each task with what goes on to it. POST sets it up for one ``task``, takes it back, or asks for it now."""
    place = round_at(request, slug, stage)
    sources = _sources(place)
    forms_ = {task.pk: CarryForm(task, sources) for task in place.tasks}
    if request.method == "POST":
        task = _task(place, request.POST.get("task", ""))
        let_organise(person_of(request), place.round)
        form = forms_[task.pk] = CarryForm(task, sources, request.POST)
        if _done(form, task, request):
            messages.success(request, gettext("Saved."))
            return redirect("desk-carry", slug, stage)
    told = [(task, title_of(task), forms_[task.pk], *_progress(task)) for task in place.tasks]
    seen = {**place.seen("carry"), "carried": told, "sources": sources}
    return render(request, "rejudging/carry.html", seen, status=422 if request.method == "POST" else 200)


def _done(form: CarryForm, task: Task, request: HttpRequest) -> bool:
    """Whether it was taken; a refusal is told above the form."""
    by, act = person_of(request), request.POST.get("act", "save")
    try:
        if act == "save":
            return form.submit(lambda said: _save(task, said, by))
        carry = CarryOver.objects.select_related("into__round").get(into=task)
        return bool(carry_now(carry, by=by)) if act == "now" else drop_carry_over(carry, by=by) is None
    except CarryOver.DoesNotExist:
        raise Missing("task.missing", NO_TASK) from None
    except Refused as refused:
        form.add_error(None, words.say(refused.text))
        return False


def _save(task: Task, said: dict[str, Any], by: Person) -> None:
    source = Task.objects.select_related("round").get(pk=said["source"])
    let_organise(by, source.round)
    carry_over_from(task, source, by=by, which=said["which"], auto=said["auto"])


def _sources(place: Place) -> dict[UUID, str]:
    """The tasks of the programme's other rounds, by what people call them."""
    rows = RoundTask.objects.filter(programme=place.programme).exclude(stage=place.stage.id)
    blueprint = blueprint_of(place.programme)
    found = {}
    for row in rows.select_related("task__round").order_by("pk"):
        row.programme, row.task.round_task = place.programme, row
        stage, title = words.word(blueprint, row.stage), title_of(row.task)
        found[row.task_id] = stage if title == stage or not row.option else f"{stage}: {title}"
    return found


def _progress(task: Task) -> tuple[CarryOver | None, int, int]:
    """What is set up, how many attempts have gone on, and how many wait."""
    carry = CarryOver.objects.select_related("into__round").filter(into=task).first()
    return (carry, carry.carried.count(), to_carry(carry).count()) if carry else (None, 0, 0)


def _task(place: Place, typed: str) -> Task:
    found = next((task for task in place.tasks if str(task.pk) == typed), None)
    if found is None:
        raise Missing("task.missing", NO_TASK)
    return found
