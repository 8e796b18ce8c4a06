"""Checks of the installation that a worker makes: each with what it found last, and now when somebody asks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from dure.audit.queries import newest_seal, unsealed
from dure.core.errors import Missing
from dure.jobs.operations import ask_for_check
from dure.jobs.queries import Checked, checked
from dure.site.operator.door import NOTHING, operators
from dure.site.operator.health import CHECKS


@operators
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All of them, told in full."""
    return render(request, "operator/checks.html", {"tab": "checks", "checks": _titled(checked())})


@operators
@require_safe
def part(request: HttpRequest, name: str) -> HttpResponse:
    """One of them alone, for a page that watches it being made."""
    seen = {"check": checked()[_known(name)], "title": CHECKS[name], "brief": "brief" in request.GET}
    return render(request, "operator/check.html", {**seen, "seal": newest_seal(), "unsealed": unsealed()})


@operators
@require_POST
def ask(request: HttpRequest, name: str) -> HttpResponse:
    """Have a worker make it now."""
    ask_for_check(_known(name))
    return redirect("operator-log" if request.POST.get("from") == "log" else "operator-checks")


def _known(name: str) -> str:
    if name not in CHECKS:
        raise Missing("page.missing", NOTHING)
    return name


def _titled(checks: dict[str, Checked]) -> list[tuple[Checked, object]]:
    return [(check, CHECKS[name]) for name, check in checks.items()]
