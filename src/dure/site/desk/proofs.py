"""The proofs of a stage: what came, what was found, who verifies; and whose signature alone is enough."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.blueprint.model import ExternalStep, Stage
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.gates.trusting import distrust, issuers_here, trust, trusted_at
from dure.joints.models import Proof, ProofState
from dure.people.models import Person
from dure.programmes.models import Programme
from dure.programmes.queries.members import faces_by_turn
from dure.site.desk.stage import NO_STAGE, head_of, stage_for
from dure.site.visitors import desk_for, id_from, person_of
from dure.site.words import PROOF_STATES

PAGE = 25
GONE = Text(
    ko="이미 목록에 없는 발급 기관입니다. 새로 고쳐 보세요.", en="This issuer is on the list no more. Reload the page."
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Proofs, those to be verified first; POST says whom the stage trusts, or no more."""
    programme, written = _found(request, slug, stage)
    if request.method == "POST":
        messages.success(request, _told(request, programme, stage, person_of(request)))
        return redirect("desk-proofs", slug, stage)
    state = request.GET.get("state", ProofState.ENTERED)
    rows = Proof.objects.filter(turn__programme=programme, turn__stage=stage)
    if state in ProofState.values:
        rows = rows.filter(state=state)
    listed = rows.select_related("turn__case", "entered_by", "verified_by").order_by("-pk")
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    seen = {
        **head_of(programme, written),
        "page": page,
        "rows": _with_people(programme, list(page)),
        "state": state,
        "states": list(PROOF_STATES.items()),
        "trusted": trusted_at(programme, stage),
        "issuers": issuers_here(),
    }
    return render(request, "desk/proofs.html", seen)


def _found(request: HttpRequest, slug: str, stage: str) -> tuple[Programme, Stage]:
    """A stage whose gate asks for a proof. Raises Missing."""
    programme = desk_for(request, slug)
    written = stage_for(programme, stage)
    if not any(isinstance(step, ExternalStep) for step in written.gate):
        raise Missing("stage.missing", NO_STAGE)
    return programme, written


def _with_people(programme: Programme, proofs: list[Proof]) -> list[tuple[Proof, str, bool]]:
    """Each with whose it is, and whether somebody else entered the very same."""
    faces = faces_by_turn([proof.turn for proof in proofs])
    named = {name for proof in proofs for name in _names(proof.reference, proof.sha256)}
    same = Proof.objects.filter(Q(reference__in=named) | Q(sha256__in=named), turn__programme=programme)
    turns: dict[str, set[UUID]] = {}
    for reference, digest, turn in same.values_list("reference", "sha256", "turn"):
        for name in _names(reference, digest):
            turns.setdefault(name, set()).add(turn)
    return [
        (
            proof, ", ".join(map(str, faces[proof.turn_id])),
            any(len(turns[name]) > 1 for name in _names(proof.reference, proof.sha256)),
        )
        for proof in proofs
    ]  # fmt: skip


def _names(reference: str, digest: str) -> list[str]:
    """By what the same proof is known again."""
    return [reference, digest] if digest else [reference]


def _told(request: HttpRequest, programme: Programme, stage: str, by: Person) -> str:
    if "distrust" in request.POST:
        row = trusted_at(programme, stage).filter(pk=id_from(request.POST["distrust"])).first()
        if row is None:
            raise Missing("trust.missing", GONE)
        distrust(row, by=by)
        return gettext("Its credentials are looked at by an operator from now on.")
    did, achievement = request.POST.get("did", ""), request.POST.get("achievement", "")
    trust(programme, stage, did=did, achievement=achievement, by=by)
    return gettext("Its signature is enough from now on.")
