"""Proofs, trusted issuers and bound exams over the API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.assessments.operations.banks import open_bank
from tests.api.conftest import Caller
from tests.assessments.factories import make_exam, make_question
from tests.factories import make_person
from tests.learning.factories import make_cohort
from tests.programmes.build import exam, live

pytestmark = pytest.mark.django_db
ELSEWHERE = (
    "- {id: cert, kind: test, entry: open, do: {type: external, by: host}, "
    "gate: [{external: {body: ministry, proof: number}}]}"
)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def found():
    return live(ELSEWHERE)


def sent(caller: Caller, path: str, content: bytes, **fields: str):
    """A form with a file."""
    headers = {"Authorization": f"Bearer {caller.secret}", "Accept-Language": "en"}
    body = {"file": SimpleUploadedFile("scan.pdf", content), **fields}
    return caller.client.post(f"/api/v1{path}", body, headers=headers)


def test_a_file_is_entered_by_its_holder_read_by_the_operator_and_refused_with_a_reason(found):
    ada, operator = Caller(make_person()), Caller(found.operator)
    turn = found.enter("cert", by=ada.person)
    proof = sent(ada, f"/turns/{turn.pk}/proofs/file", b"%PDF", step="0", valid_until="2999-01-01T00:00:00").json()

    read = operator.call("get", f"/proofs/{proof['id']}/file")
    hidden = Caller(make_person()).call("get", f"/proofs/{proof['id']}/file").status_code
    bare = operator.post(f"/proofs/{proof['id']}/verify", {"holds": False}, 422)
    told = operator.post(f"/proofs/{proof['id']}/verify", {"holds": False, "note": "not legible"})

    assert (proof["sort"], proof["file_name"], proof["valid_until"][:4]) == ("file", "scan.pdf", "2999")
    assert (b"".join(read.streaming_content), read["Content-Disposition"]) == (
        b"%PDF",
        'attachment; filename="scan.pdf"',
    )
    assert (hidden, bare["code"]) == (404, "proof.why")
    assert (told["state"], told["verified_by"]["id"]) == ("refused", str(found.operator.pk))


def test_issuers_are_trusted_and_trusted_no_more_by_who_operates(found):
    operator, at = Caller(found.operator), f"/programmes/{found.programme.slug}/stages/cert/issuers"
    row = operator.post(at, {"did": "did:web:vendor.example", "achievement": "Clouds"}, 201)

    listed = operator.get(at)["items"]
    left = operator.delete(f"{at}/{row['id']}")["items"]

    assert (listed, left) == ([row], [])
    Caller(make_person()).get(at, 403)


def test_an_exam_and_a_cohort_are_bound_by_who_runs_both():
    found = live(
        [exam(), "- {id: study, kind: learn, entry: open, after: [], do: {mode: online, items: [{id: a, type: lab}]}}"]
    )
    operator, at = Caller(found.operator), f"/programmes/{found.programme.slug}/stages"
    bank = open_bank(found.parties["host"], name_ko="은행", name_en="Bank")
    make_question(bank)
    own, cohort = make_exam(bank), make_cohort()
    operator.put(f"{at}/exam/exams", {"exam": str(own.pk)}, 404)
    operator.put(f"{at}/study/cohort", {"cohort": str(cohort.pk)}, 404)
    bank.examiners.add(found.operator)
    cohort.seats.create(person=found.operator, duty="instructor")

    row = operator.put(f"{at}/exam/exams", {"exam": str(own.pk)})
    learnt = operator.put(f"{at}/study/cohort", {"cohort": str(cohort.pk)})

    assert operator.get(f"{at}/exam/exams")["items"] == [row]
    assert (row["exam"], learnt["cohort"]) == (str(own.pk), str(cohort.pk))
