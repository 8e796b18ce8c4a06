"""Proposals that wait for a person's yes: one achievement at a time, many at once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.core.errors import Refused
from dure.core.text import Text
from dure.credentials.models import Credential, CredentialState, Issuer
from dure.credentials.operations import approve, decline
from dure.credentials.queries import awaited_at, waiting_at, whole
from dure.people.models import Person
from dure.site.credentials.found import frame, run_issuer
from dure.site.visitors import id_from, person_of

PAGE = 50
NOBODY = Text(ko="먼저 대상을 선택하세요.", en="Choose some of them first.")
MIXED = Text(
    ko="한 번에 한 가지 항목만 승인할 수 있습니다. 항목을 골라 다시 시도하세요.",
    en="Approve one achievement at a time. Choose it, then try again.",
)
WHY = Text(ko="거절하려면 사유를 입력하세요.", en="To decline, say why.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, short: str) -> HttpResponse:
    """Who waits, by achievement; POST approves or declines those that are chosen, or all of an achievement."""
    issuer = run_issuer(request, short)
    if request.method == "POST":
        return _decide(request, issuer)
    code, achievements = request.GET.get("of", ""), awaited_at(issuer)
    rows = waiting_at(issuer)
    chosen = {one.pk: waiting for one, waiting in achievements if code in {"", one.code}}
    pages = Paginator(rows.filter(achievement__in=chosen).only("pk"), PAGE)
    pages.count = sum(chosen.values())  # counted from the index already
    page = pages.get_page(request.GET.get("page"))
    seen = {
        **frame(request, issuer.organisation, part="waiting"), "code": code, "achievements": achievements,
        "page": page, "rows": whole(waiting_at(issuer).filter(pk__in=[row.pk for row in page])).order_by("pk"),
    }  # fmt: skip
    return render(request, "credentials/waiting.html", seen)


def _decide(request: HttpRequest, issuer: Issuer) -> HttpResponse:
    rows, person = _chosen(request, issuer), person_of(request)
    if "decline" in request.POST:
        _decline_all(rows, request.POST.get("reason", "").strip(), person)
        messages.success(request, gettext("Declined. Whoever proposed it sees the reason."))
        return redirect("sign-off", issuer.organisation.short)
    achievements = {row.achievement for row in rows}
    if len(achievements) > 1:
        raise Refused("credentials.mixed", MIXED)
    made = approve([row.pk for row in rows], achievement=achievements.pop(), by=person)
    return redirect("credential-batch", issuer.organisation.short, made.pk)


def _chosen(request: HttpRequest, issuer: Issuer) -> list[Credential]:
    """Those whose boxes are ticked, or everybody who waits for the achievement. Raises Refused where it is nobody."""
    rows = waiting_at(issuer)
    if "all" in request.POST:
        rows = rows.filter(achievement__code=request.POST.get("of", ""))
    else:
        rows = rows.filter(pk__in=map(id_from, request.POST.getlist("one")[:PAGE]))
    found = list(whole(rows))
    if not found:
        raise Refused("credentials.nobody", NOBODY)
    return found


def _decline_all(rows: list[Credential], reason: str, by: Person) -> None:
    if not reason:
        raise Refused("credentials.reason", WHY)
    for row in rows:
        if row.state == CredentialState.PROPOSED:
            decline(row, reason=reason, by=by)
