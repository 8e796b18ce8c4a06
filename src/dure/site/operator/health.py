"""The first page: how everything stands at a glance, and what to do where something is wrong."""

from datetime import datetime, timedelta
from importlib.metadata import version

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from dure.audit.queries import newest_seal, unsealed
from dure.core import clock
from dure.core.findings import Finding, State
from dure.jobs.checks import findings_of
from dure.jobs.models import Job, JobState
from dure.jobs.queries import Checked, checked, standing, workers
from dure.people.queries import signed_in_since
from dure.site.operator.door import operators
from dure.site.watched import unless_tagged
from dure.store.checks import GIB, database, disk, free_bytes
from dure.store.measures import database_bytes, database_version

CHECKS = {"sandbox": _("Sandbox"), "audit": _("Audit log"), "storage": _("Storage")}

PAGES = {  # finding → the page about it, and its filter
    "queue": ("operator-jobs", "?state=ready"),
    "failed-jobs": ("operator-jobs", "?state=failed"),
    "failed-mail": ("operator-mail", "?state=failed"),
    "audit": ("operator-checks", "#audit"),
    "sandbox": ("operator-checks", "#sandbox"),
    "disk": ("operator-checks", "#storage"),
}


@operators
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All of it; the part that changes is asked for again while the page is open."""
    return render(request, "operator/health.html", {**as_it_stands(), "tab": "health"})


@operators
@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """The part that changes: unchanged, nothing is sent."""
    part = render_to_string("operator/now.html", as_it_stands(), request)
    return unless_tagged(request, part, lambda: HttpResponse(part))


def as_it_stands() -> dict[str, object]:
    seen, checks = standing(), checked()
    lines = [*database(), *disk(), *findings_of(seen), *_last(checks)]
    running = Job.objects.filter(state=JobState.RUNNING).values_list("worker", "task", "pk")
    at_work = {worker: (task, pk) for worker, task, pk in running}
    return {
        "seen": seen,
        "waited": _spell(seen.oldest) if seen.oldest else "",
        "wrong": [(line, _where(line)) for line in lines if line.state is not State.OK],
        "lines": lines,
        "checks": [(CHECKS[name], check) for name, check in checks.items()],
        "workers": [(worker, alive, at_work.get(worker.name)) for worker, alive in workers()],
        "seal": newest_seal(),
        "unsealed": unsealed(),
        "signed_in": signed_in_since(midnight()),
        "version": version("dure"),
        "database": database_version(),
        "database_gib": database_bytes() / GIB,
        "free_gib": free_bytes() / GIB,
        "home": settings.HOME,
    }


def _where(line: Finding) -> str:
    """The page on which something is done about it; empty where a shell is needed."""
    name, query = PAGES.get(line.name, ("", ""))
    return f"{reverse(name)}{query}" if name else ""


def midnight() -> datetime:
    """When today began, in the visitor's zone."""
    return localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)


def _spell(time: timedelta) -> str:
    """How long something has lasted, in its largest whole unit."""
    minutes = int(time.total_seconds()) // 60
    if minutes < 120:
        return ngettext("for %(n)d minute", "for %(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("for %(n)d hour", "for %(n)d hours", hours) % {"n": hours}
    return ngettext("for %(n)d day", "for %(n)d days", hours // 24) % {"n": hours // 24}


def _last(checks: dict[str, Checked]) -> list[Finding]:
    """What the checks that workers make found last: of the sandbox its level, of the others everything."""
    kept = [check.kept for check in checks.values() if check.kept]
    return [line for check in kept for line in check.found if line.name in {"sandbox", "audit"}]
