"""What a stage's exam, interview and proofs look like at the desk and to whom they are about."""

from datetime import timedelta

from dure.core import clock
from dure.core.findings import Finding, State
from dure.core.text import Text
from dure.joints.gates.external import enter_proof
from dure.joints.gates.trusting import trust
from dure.joints.models import Proof
from dure.joints.stages.exams import bind_exam
from dure.joints.stages.interviews import bind_interview
from dure.people.models import Person
from tests.assessments.factories import make_bank, make_exam
from tests.assessments.interviews import make_interview
from tests.programmes.build import exam, holder, live

ELSEWHERE = (
    "- {id: cert, kind: test, entry: open, after: [], do: {type: external, by: host}, "
    "gate: [{external: {body: ministry, proof: number}}]}"
)
TALK = "- {id: talk, kind: test, entry: open, after: [], do: {type: interview, by: judge}}"


def bound_pages() -> dict[str, Person]:
    """The desk's pages of an exam that is bound by option, of an interview and of proofs, and those of their people."""
    found = live([exam("{rule: [score >= 60]}", ", options: [vision, speech], choose: 1"), ELSEWHERE, TALK])
    bank = make_bank()
    bank.examiners.add(found.operator)
    bind_exam(found.programme, "exam", exam=make_exam(bank), by=found.operator, option="vision")
    bind_interview(found.programme, "talk", interview=make_interview(by=found.operator), by=found.operator)
    trust(found.programme, "cert", did="did:web:vendor.example", achievement="Clouds", by=found.operator)
    sitting, proving, proven = found.enter("exam", options=["vision"]), found.enter("cert"), found.enter("cert")
    proof = enter_proof(proven, 0, by=holder(proven), reference="MS-100", valid_until=clock.now() + timedelta(days=90))
    said = Finding("trust", State.FAIL, Text(ko="신뢰하지 않습니다.", en="Not trusted."))
    told = {"sort": "signed", "file_name": "badge.json", "sha256": "0" * 64, "findings": [said.as_dict()]}
    Proof.objects.filter(pk=proof.pk).update(**told)
    desk = f"/desk/{found.programme.slug}/stages/"
    return {
        f"{desk}talk/interview/": found.operator, f"{desk}exam/exam/": found.operator,
        f"{desk}cert/proofs/": found.operator, f"{desk}cert/proofs/?state=refused": found.operator,
        f"/desk/turns/{proven.pk}/": found.operator,
        f"/turns/{sitting.pk}/": holder(sitting), f"/turns/{proving.pk}/": holder(proving),
        f"/turns/{proven.pk}/": holder(proven),
    }  # fmt: skip
