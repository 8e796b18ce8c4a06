"""A degree as its registrars and its committee see it: who is on the way, who can graduate, awards, credits by file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.text import Text
from dure.joints.sheets import read_sent
from dure.learning import rules
from dure.learning.models import Degree
from dure.learning.operations.degrees import COLUMNS, admit_all, award, decline_award, propose_awards, take_credits
from dure.learning.queries.degrees import WITH, candidates_of
from dure.learning.requirements import read_requirement
from dure.people.models import Person
from dure.site import words
from dure.site.degrees.found import NOT_YOURS, degree_kept, degree_worked_for, frame
from dure.site.visitors import id_from, person_of

PAGE = 50
GROUPS = ("", "ready", "studying", "proposed", "awarded", "revoked", "left")
MOST = 500
NO_FILE = Text(ko="올릴 파일을 고르세요.", en="Choose the file to send.")
NOT_COMMITTEE = Text(ko="학위 수여 위원만 할 수 있습니다.", en="Only the awarding committee may do this.")
NO_REASON = Text(ko="반려하는 이유를 쓰세요.", en="Say why it is declined.")
UNKNOWN = Text(ko="가입한 사람이 아닙니다: {emails}", en="Nobody is registered as {emails}")
TOO_MANY = Text(
    ko="한 번에 {most}명까지 등록할 수 있습니다. 나누어 등록하세요.",
    en="At most {most} at a time: admit them in parts.",
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Who is on the way, as the last audits found them; let everybody whose address is written begin, or nobody."""
    degree, refused = degree_worked_for(request, key), None
    if request.method == "POST":
        try:
            n = _admitted(degree_kept(request, key), request)
            messages.success(request, ngettext("%(n)d person begins.", "%(n)d people begin.", n) % {"n": n})
            return redirect("degree", key)
        except Refused as wrong:
            refused = wrong
    seen = {**_listed(request, degree), "wrong": refused, "emails": request.POST.get("emails", "")}
    return render(request, "degrees/degree.html", seen, status=refused.status if refused else 200)


def _admitted(degree: Degree, request: HttpRequest) -> int:
    emails = set(request.POST.get("emails", "").lower().split())
    if len(emails) > MOST:
        raise Refused("degree.many", TOO_MANY.format(most=MOST))
    people = Person.objects.filter(email__in=emails, is_active=True)
    if unknown := sorted(emails - set(people.values_list("email", flat=True))):
        raise Refused("degree.nobody", UNKNOWN.format(emails=", ".join(unknown[:10])))
    fresh = list(people.exclude(candidacies__degree=degree))
    admit_all(degree, people=fresh, track=request.POST.get("track", ""), by=person_of(request))
    return len(fresh)


def _listed(request: HttpRequest, degree: Degree) -> dict[str, Any]:
    typed = request.GET.get("q", "").replace("\0", "").strip()[:80]
    group = request.GET.get("group", "")
    group = group if group in GROUPS else ""
    page = Paginator(candidates_of(degree, typed=typed, group=group), PAGE).get_page(request.GET.get("page"))
    tracks = read_requirement(degree.current.source, home=degree.organisation.short).tracks if degree.current else ()
    return {
        **frame(request, degree, tab="candidates"), "page": page, "typed": typed, "group": group, "groups": GROUPS,
        "tracks": tracks, "chooses": group in {"ready", "proposed"},
    }  # fmt: skip


@login_required
@require_POST
def decide(request: HttpRequest, key: str) -> HttpResponse:
    """Propose, award or decline those who were chosen."""
    degree, person = degree_worked_for(request, key), person_of(request)
    chosen = [pk for written in request.POST.getlist("one")[:MOST] if (pk := id_from(written))]
    try:
        n = _decided(degree, chosen, person, request.POST)
    except Refused as refused:
        messages.error(request, words.say(refused.text))
    else:
        said = ngettext("Done for %(n)d person.", "Done for %(n)d people.", n) % {"n": n}
        messages.success(request, said)
    if len(chosen) == 1 and "back" in request.POST:
        return redirect("candidacy", chosen[0])
    return redirect(f"{request.path.removesuffix('decide/')}?group={request.POST.get('group', '')}")


def _decided(degree: Degree, chosen: Sequence[UUID], person: Person, told: Any) -> int:
    if told.get("act") == "propose":
        if not rules.may_keep(person, degree):
            raise Forbidden("degree.not-yours", NOT_YOURS)
        return len(propose_awards(degree, candidacies=chosen, by=person))
    if not rules.may_award(person, degree):
        raise Forbidden("degree.not-yours", NOT_COMMITTEE)
    if told.get("act") == "award":
        return len(award(degree, candidacies=chosen, by=person))
    reason = told.get("reason", "").strip()[:1000]
    if not reason:
        raise Refused("award.reason", NO_REASON)
    rows = degree.candidacies.filter(pk__in=chosen).select_related(*WITH)
    return len([decline_award(row, reason=reason, by=person) for row in rows])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest, key: str) -> HttpResponse:
    """Credits by file; looked at first, or entered at once."""
    degree = degree_kept(request, key)
    seen: dict[str, Any] = {**frame(request, degree, tab="import"), "columns": COLUMNS}
    if request.method == "POST":
        check = "enter" not in request.POST
        try:
            seen["taken"] = _taken(request, degree, check=check)
        except Flawed as flawed:
            seen["refused"] = flawed
        if "taken" in seen and not check:
            messages.success(request, gettext("It was entered. The audits are made again now."))
            return redirect("degree", key)
    status = seen["refused"].status if "refused" in seen else 200
    return render(request, "degrees/import.html", seen, status=status)


def _taken(request: HttpRequest, degree: Degree, *, check: bool) -> object:
    file = request.FILES.get("file")
    if file is None:
        raise Flawed("import.file", NO_FILE, errors=[])
    table = read_sent(file)
    return take_credits(degree, header=table.header, rows=table.rows, by=person_of(request), check_only=check)
