"""A proof from outside as pages take it: its number, its file, until when it is good."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from dure.blueprint.model import ExternalStep, Stage
from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.joints.gates.external import enter_proof, is_taken_elsewhere
from dure.joints.gates.signed import SHELF, received
from dure.joints.models import Proof, ProofState
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Turn, TurnState
from dure.site import words
from dure.site.reading import day_from, number_from
from dure.site.visitors import person_of, turn_for

NO_FILE = Text(
    ko="이 증빙에는 파일이 없습니다. 앞 페이지로 돌아가세요.", en="This proof has no file. Go back to its page."
)
NO_DAY = Text(
    ko="유효 기간의 마지막 날을 2027-01-31처럼 다시 입력하세요.",
    en="Enter the last day on which it is good again, such as 2027-01-31.",
)


@dataclass(frozen=True)
class AskedProof:
    """A proof that a gate asks for: step number, who gives it, what it is, the one that was entered."""

    step: int
    body: str
    what: str
    proof: Proof | None
    takes: bool

    @property
    def is_shown(self) -> bool:
        return self.takes or self.proof is not None


def asked_of(found: Turn, stage: Stage) -> list[AskedProof]:
    """Those of the gate's proofs that are there or can be entered now."""
    blueprint = blueprint_of(found.programme)
    steps = [(number, step) for number, step in enumerate(stage.gate) if isinstance(step, ExternalStep)]
    if not steps:
        return []
    rows = Proof.objects.filter(turn=found, evidence=found.evidence_id).select_related("verified_by")
    entered = {} if found.state == TurnState.OPEN else {proof.step: proof for proof in rows}
    takes = found.state == TurnState.HANDED_IN or (found.state == TurnState.OPEN and is_taken_elsewhere(found))
    asked = [
        AskedProof(
            number, words.word(blueprint, step.body), words.word(blueprint, step.proof), entered.get(number),
            takes=takes and number not in entered,
        )
        for number, step in steps
    ]  # fmt: skip
    return [one for one in asked if one.is_shown]


def enter(request: HttpRequest, found: Turn) -> str:
    """Enter what was sent; the answer says what comes next."""
    file, step = request.FILES.get("file"), number_from(request.POST.get("step"))
    receiving = received(file.chunks(), name=file.name or "") if file else nullcontext(None)
    with receiving as sent:
        proof = enter_proof(
            found, -1 if step is None else step, by=person_of(request),
            reference=request.POST.get("reference", ""), valid_until=end_from(request), sent=sent,
        )  # fmt: skip
    if proof.state == ProofState.VERIFIED:
        return gettext("The proof was verified by its signature.")
    return gettext("The proof is noted. An operator will verify it.")


def end_from(request: HttpRequest) -> datetime | None:
    """The end of the day that was named as the last one, if one was. Raises Flawed("proof.end") for what is no day."""
    if not (named := request.POST.get("valid_until", "").strip()):
        return None
    last = day_from(named)
    if last is None:
        raise Flawed("proof.end", NO_DAY)
    return last + timedelta(days=1)


@login_required
@require_safe
def file(request: HttpRequest, turn_id: UUID, proof_id: UUID) -> FileResponse:
    """A proof's file, to be saved, for whoever may see its turn."""
    proof = Proof.objects.filter(turn=turn_for(request, turn_id), pk=proof_id).exclude(sha256="").first()
    if proof is None:
        raise Missing("proof.no-file", NO_FILE)
    return FileResponse(SHELF.path_of(proof.sha256).open("rb"), as_attachment=True, filename=proof.file_name)
