"""What was issued: found, taken out, and looked after one by one."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dure.core.errors import Missing, Refused
from dure.credentials.models import CREDENTIAL_MOVES, Credential, CredentialState
from dure.credentials.operations import reinstate, renew, revoke, suspend
from dure.credentials.queries import NEAR, ending_by, issued_by, lines_of, standing_of, whole
from dure.joints.sheets.tables import CONTENT_TYPES, FORMAT, csv_pieces, write
from dure.people.models import Person
from dure.site import words
from dure.site.credentials.forms import ReasonForm
from dure.site.credentials.found import credential_at, frame, run_issuer
from dure.site.operator.lists import newest
from dure.site.visitors import person_of

PAGE = 40
HEADER = ("id", "achievement", "version", "name", "email", "state", "issued_at", "valid_until", "ground", "reason")
ACTS: dict[str, tuple[CredentialState, Promise, Callable[..., Credential]]] = {
    "suspend": (CredentialState.SUSPENDED, _("Suspend"), suspend),
    "reinstate": (CredentialState.ISSUED, _("Reinstate"), reinstate),
    "revoke": (CredentialState.REVOKED, _("Revoke it"), revoke),
    "renew": (CredentialState.SUPERSEDED, _("Renew"), renew),
}


@login_required
@require_safe
def index(request: HttpRequest, short: str) -> HttpResponse:
    """Who holds what, found by name, address or achievement."""
    issuer = run_issuer(request, short)
    typed, code = _typed(request), request.GET.get("of", "")
    rows = issued_by(issuer, typed=typed)
    rows = rows.filter(achievement__code=code) if code else rows
    listed = newest(rows.only("pk"), request.GET)  # a page of ids from the index alone, then what belongs to them
    page = lines_of([row.pk for row in listed.rows])
    seen = {
        **frame(request, issuer.organisation, part="issued"), "typed": typed, "code": code, "listed": listed,
        "rows": [(one, words.say(one.name), standing_of(one)) for one in page],
        "achievements": issuer.achievements.order_by("code").values_list("code", f"current__name_{words.language()}"),
    }  # fmt: skip
    return render(request, "credentials/issued.html", seen)


def _typed(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:80]


@login_required
@require_safe
def export(request: HttpRequest, short: str, form: str) -> HttpResponseBase:
    """The same list as CSV, row by row, or as XLSX."""
    rows = issued_by(run_issuer(request, short), typed=_typed(request))
    rows = rows.filter(achievement__code=code) if (code := request.GET.get("of")) else rows
    return _file(whole(rows), f"{short}-credentials", form)


@login_required
@require_safe
def ending(request: HttpRequest, short: str) -> HttpResponse:
    """What ends soon, and which renewals wait."""
    issuer = run_issuer(request, short)
    page = Paginator(ending_by(issuer), PAGE).get_page(request.GET.get("page"))
    renewals = dict(Credential.objects.filter(renews__in=list(page)).values_list("renews", "state"))
    seen = {
        **frame(request, issuer.organisation, part="ending"), "page": page, "days": NEAR.days,
        "rows": [(one, words.say(one.name), renewals.get(one.pk)) for one in page],
    }  # fmt: skip
    return render(request, "credentials/ending.html", seen)


@login_required
@require_safe
def ending_export(request: HttpRequest, short: str, form: str) -> HttpResponseBase:
    return _file(ending_by(run_issuer(request, short)), f"{short}-ending", form)


def _file(rows: "QuerySet[Credential]", name: str, form: str) -> HttpResponseBase:
    """Raises Missing."""
    if form not in CONTENT_TYPES:
        raise Missing("sheet.format", FORMAT)
    cells = (_cells(one) for one in rows.iterator(chunk_size=500))
    made: HttpResponseBase
    if form == "csv":
        made = StreamingHttpResponse(csv_pieces(HEADER, cells), content_type=CONTENT_TYPES[form])
    else:
        made = HttpResponse(write(HEADER, cells, format=form), content_type=CONTENT_TYPES[form])
    made["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return made


def _cells(one: Credential) -> list[str]:
    moments = (localtime(at).isoformat() if at else "" for at in (one.issued_at, one.valid_until))
    return [
        str(one.pk), one.achievement.code, str(one.version.number), one.person.name, one.person.email,
        standing_of(one), *moments, one.ground, one.reason,
    ]  # fmt: skip


@login_required
@require_safe
def show(request: HttpRequest, short: str, credential_id: UUID) -> HttpResponse:
    """One credential as its issuer sees it, and what can be done with it."""
    issuer = run_issuer(request, short)
    credential = credential_at(issuer, credential_id)
    seen = {
        **frame(request, issuer.organisation, part="issued"), "credential": credential,
        "name": words.say(credential.name),
        "standing": standing_of(credential), "acts": _acts_on(credential),
        "bases": credential.evidence.order_by("pk"),
    }  # fmt: skip
    return render(request, "credentials/one.html", seen)


def _acts_on(credential: Credential) -> list[tuple[str, Promise]]:
    """What its state allows."""
    allowed = CREDENTIAL_MOVES.get(CredentialState(credential.state), frozenset())
    return [(act, label) for act, (state, label, _do) in ACTS.items() if state in allowed and credential.is_signed]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, short: str, credential_id: UUID, act: str) -> HttpResponse:
    """What an act does, and doing it for a reason."""
    issuer = run_issuer(request, short)
    credential = credential_at(issuer, credential_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and (act == "renew" or form.is_valid()):
        try:
            done = _do(act, credential, form, by=person_of(request))
        except Refused as refused:
            messages.error(request, words.say(refused.text))
        else:
            messages.success(request, gettext("Done. Verifiers elsewhere learn of it within seconds."))
            return redirect("issued-credential", short, done.pk)
    seen = {
        **frame(request, issuer.organisation, part="issued"), "credential": credential, "act": act,
        "label": ACTS[act][1], "form": None if act == "renew" else form, "name": words.say(credential.name),
    }  # fmt: skip
    return render(request, "credentials/act.html", seen)


def _do(act: str, credential: Credential, form: ReasonForm, *, by: Person) -> Credential:
    if act == "renew":
        return renew(credential, by=by)
    done = ACTS[act][2]
    return done(credential, reason=form.cleaned_data["reason"], by=by)
