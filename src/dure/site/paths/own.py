"""One's own learning paths: planned, looked at, given another pace, done without this and that, given up."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.calendar import ical
from dure.calendar.queries import Entry
from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.jobs.queries import failed_for_good
from dure.learning.models import Item, LearningPath, PathStep
from dure.learning.operations import paths
from dure.learning.queries.briefs import MOST_WEEKS, WEEK
from dure.learning.queries.catalogue import best_text, job_roles
from dure.learning.queries.paths import paths_of, way_of
from dure.people.days import today
from dure.site import words
from dure.site.skills.catalogue import role_by
from dure.site.visitors import id_from, person_of
from dure.site.watched import unless_seen
from dure.skills.queries import gap_of, own_role
from dure.store.worded import found

ROLES = 30
MOST_HOURS = 40
NO_PATH = Text(
    ko="찾으시는 학습 경로가 없습니다. 내 학습 경로에서 확인하세요.",
    en="There is no such path of yours. See your learning paths.",
)
NO_ITEM = Text(ko="찾으시는 항목이 없습니다.", en="There is no such item.")


class PaceForm(forms.Form):
    """How many hours a week, and by when."""

    hours = forms.DecimalField(
        label=_("Hours a week"), min_value=Decimal("0.5"), max_value=MOST_HOURS, decimal_places=1, initial=5,
        widget=forms.NumberInput(attrs={"type": "range", "step": "0.5", "data-shown": "hours-shown"}),
    )  # fmt: skip
    until = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    @property
    def told(self) -> dict[str, Any]:
        return {"minutes_a_week": int(self.cleaned_data["hours"] * 60), "until": self.cleaned_data["until"]}


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One's paths, and how to begin one."""
    person = person_of(request)
    return render(request, "paths/index.html", {"paths": paths_of(person), "role": own_role(person)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Plan the way to a job role; without one, choose it first."""
    person, asked = person_of(request), request.GET.get("role", "")
    if not asked:
        return render(request, "paths/choose.html", {"own": own_role(person), "roles": job_roles()[:ROLES]})
    role = role_by(id_from(asked))
    there = paths_of(person).filter(role=role).first()
    if there is not None:
        return redirect("path", there.pk)
    form = PaceForm(request.POST if request.method == "POST" else None, initial={"until": today() + 26 * WEEK})
    if request.method == "POST" and form.is_valid():
        try:
            made = paths.open_path(person, role=role, **form.told)
        except (Flawed, Refused) as refused:
            form.add_error("until" if refused.code == "path.until" else None, words.say(refused.text))
        else:
            return redirect("path", made.pk)
    gaps = [gap for gap in gap_of(person, role) if gap.missing]
    return render(request, "paths/new.html", {"form": form, "role": role, "gaps": gaps, "hours": _hours(form)})


@login_required
@require_safe
def show(request: HttpRequest, path_id: UUID) -> HttpResponse:
    """The plan: its weeks, why each item, what else there is, what cannot be closed."""
    path = own_path(request, path_id)
    form = PaceForm(initial={"hours": Decimal(path.minutes_a_week) / 60, "until": path.until})
    return render(request, "paths/path.html", _seen(path) | {"form": form, "hours": _hours(form)})


@login_required
@require_safe
def plan(request: HttpRequest, path_id: UUID) -> HttpResponse:
    """The part that changes while a worker looks for the shortest way."""
    path = own_path(request, path_id)
    told = [path.asked, path.solved, path.planned_at]
    return unless_seen(request, told, lambda: render(request, "paths/plan.html", _seen(path)))


@login_required
@require_POST
def change(request: HttpRequest, path_id: UUID) -> HttpResponse:
    """Another pace, another last day."""
    path, form = own_path(request, path_id), PaceForm(request.POST)
    if form.is_valid():
        try:
            paths.change_path(path, **form.told)
        except Flawed as flawed:
            form.add_error("until" if flawed.code == "path.until" else "hours", words.say(flawed.text))
        else:
            messages.success(request, gettext("The path is planned anew."))
            return redirect("path", path.pk)
    return render(request, "paths/path.html", _seen(path) | {"form": form, "hours": _hours(form)}, status=422)


@login_required
@require_POST
def choose(request: HttpRequest, path_id: UUID) -> HttpResponse:
    """Of one item: do without it, let it in again, say that one has done it, or take that back."""
    path = own_path(request, path_id)
    item = Item.objects.filter(pk=id_from(request.POST.get("item"))).first()
    if item is None:
        raise Missing("item.missing", NO_ITEM)
    if "without" in request.POST:
        paths.leave_out(path, item=item)
        messages.success(request, gettext("The path does without it now."))
    elif "again" in request.POST:
        paths.take_in_again(path, item=item)
        messages.success(request, gettext("It can be part of the path again."))
    elif "done" in request.POST:
        paths.say_done(path.person, item=item)
        messages.success(request, gettext("The path goes on from it. Levels rise once evidence shows it."))
    else:
        paths.take_word_back(path.person, item=item)
        messages.success(request, gettext("It is to be done again."))
    return redirect("path", path.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, path_id: UUID) -> HttpResponse:
    """Give it up, once it is confirmed."""
    path = own_path(request, path_id)
    if request.method == "POST":
        paths.leave_path(path)
        messages.success(request, gettext("The path is given up. What you have learnt stays."))
        return redirect("paths")
    return render(request, "paths/leave.html", {"path": path})


@login_required
@require_safe
def ics(request: HttpRequest, path_id: UUID) -> HttpResponse:
    """The plan for a calendar program: one entry for each item, over its weeks."""
    path = own_path(request, path_id)
    entries = [_entry(path, step) for step in way_of(path).steps]
    body = ical.written(entries, title=words.say(path.role.name), language=words.language())
    headers = {"Content-Disposition": 'attachment; filename="path.ics"', "Cache-Control": "private, no-cache"}
    return HttpResponse(body, content_type=ical.CONTENT_TYPE, headers=headers)


def _entry(path: LearningPath, step: PathStep) -> Entry:
    texts = list(step.item.texts.all())
    title = Text(ko=best_text(texts, "ko").title, en=best_text(texts, "en").title)
    return Entry(
        "path", f"path-{path.pk}-{step.item_id}", title, "", _midnight(step.first), _midnight(step.last + _DAY),
        timezone.get_current_timezone_name(), "", "", f"/learn/paths/{path.pk}/", True, path.asked, path.planned_at,
    )  # fmt: skip


_DAY = timedelta(days=1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _seen(path: LearningPath) -> dict[str, Any]:
    return {
        "path": path, "way": way_of(path),
        "without": path.without.select_related("provider").prefetch_related("texts").order_by("name_key", "pk"),
        "said": set(path.person.items_said.values_list("item", flat=True)),
        "stuck": path.is_sought and failed_for_good({"path": str(path.pk)}),
        "over": path.until < today(), "latest": today() + MOST_WEEKS * WEEK,
    }  # fmt: skip


def _hours(form: PaceForm) -> str:
    """What the slider stands at."""
    return str(form["hours"].value())


def own_path(request: HttpRequest, path_id: UUID) -> LearningPath:
    """One's own path. Raises Missing."""
    path = next(iter(found(_path, path_id, person_of(request).pk)), None)
    if path is None:
        raise Missing("path.missing", NO_PATH)
    return path


def _path(path: UUID, person: UUID) -> "QuerySet[LearningPath]":
    rows = LearningPath.objects.filter(pk=path, person=person, left_at=None)
    return rows.select_related("person", "role__taxonomy")
