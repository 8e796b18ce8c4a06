"""Proofs that end: their holders hear of it before; what was passed by them stays passed."""

from datetime import timedelta

from django.db import transaction

from dure.core import clock
from dure.core.moments import day_text
from dure.core.text import Text
from dure.jobs.registry import task
from dure.joints.gates.signed import sweep
from dure.joints.models import Proof, ProofState
from dure.people.days import day_of
from dure.people.models import NoticeKind
from dure.people.operations import Letter, write_to
from dure.programmes.queries.members import members_of

BEFORE = timedelta(days=30)
ENDS = Letter(
    NoticeKind.CREDENTIAL,
    Text(
        ko="{programme}: 증빙 ‘{reference}’의 유효 기간이 {when}에 끝납니다.",
        en="{programme}: your proof “{reference}” ends on {when}.",
    ),
    Text(ko="[두레] 증빙의 유효 기간이 곧 끝납니다", en="[Dure] A proof of yours ends soon"),
    Text(
        ko="{programme}에 낸 증빙 ‘{reference}’의 유효 기간이 {when}에 끝납니다.\n이미 받은 결과는 그대로입니다. "
        "계속 필요하면 발급한 기관에서 갱신하세요.\n\n{link}\n",
        en="“{reference}”, which you proved something with at {programme}, ends on {when}.\nWhat you have passed stays "
        "passed. If you need it longer, renew it where it was issued.\n\n{link}\n",
    ),
)


@task("joints.warn-of-ends", every=timedelta(hours=6))
def warn_of_ends() -> None:
    """Tell the holders of verified proofs that end within ``BEFORE``, each once."""
    now = clock.now()
    ending = Proof.objects.filter(
        state=ProofState.VERIFIED, warned_at=None, valid_until__gt=now, valid_until__lte=now + BEFORE
    )
    for proof in ending.select_related("turn__programme"):
        _warn(proof)


@task("joints.sweep-proofs", every=timedelta(days=1))
def sweep_files() -> None:
    sweep()


@transaction.atomic
def _warn(proof: Proof) -> None:
    """One at a time, so that a letter which fails keeps none of the others back."""
    if not (proof.valid_until and Proof.objects.filter(pk=proof.pk, warned_at=None).update(warned_at=clock.now())):
        return
    persons = [member.person for member in members_of([proof.turn]) if member.person]
    when = day_text(day_of(proof.valid_until))
    told = {"programme": proof.turn.programme.title, "reference": proof.reference, "when": when}
    write_to(persons, ENDS, path=f"/turns/{proof.turn_id}/", **told)
