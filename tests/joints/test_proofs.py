"""Proofs from outside: a number, a file, or a signed credential that says itself what it is worth."""

import json
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from django.core.cache import cache

from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.text import Text
from dure.credentials import keys
from dure.credentials.models import Kind, Method
from dure.credentials.operations import Content, add_key, become_issuer, define, issue
from dure.jobs.worker import drain
from dure.joints.gates import signed
from dure.joints.gates.ending import warn_of_ends
from dure.joints.gates.external import enter_proof, verify_proof
from dure.joints.gates.trusting import distrust, trust
from dure.joints.models import Proof, ProofSort
from dure.people.models import Notice
from dure.people.operations import forget
from dure.programmes.operations.handing import try_again
from tests.factories import make_admin, make_organisation, make_person
from tests.programmes.build import holder, live

pytestmark = pytest.mark.django_db
ELSEWHERE = (
    "- {id: cert, kind: test, entry: open, do: {type: external, by: host}, "
    "gate: [{external: {body: ministry, proof: number}}], else: again}"
)
SAID = Content(
    name=Text(ko="클라우드 기초", en="Cloud basics"),
    description=Text(ko="클라우드를 다룰 수 있습니다.", en="Can work with clouds."),
    criteria=Text(ko="시험에 합격합니다.", en="Passes an exam."),
    valid_months=12,
)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.KEYS, settings.MEDIA_ROOT = tmp_path / "keys", tmp_path / "files"
    settings.BASE_URL = "https://dure.example"
    keys.private.cache_clear()
    cache.clear()


@pytest.fixture
def found():
    return live(ELSEWHERE)


@pytest.fixture
def vendor():
    """An issuer with a key, and what it awards."""
    organisation = make_organisation("vendor")
    issuer = become_issuer(organisation, method=Method.WEB)
    add_key(issuer, public=keys.make())
    return define(issuer, code="cloud", kind=Kind.CERTIFICATE, content=SAID, by=make_admin(organisation))


def issued(vendor, to):
    made = issue(vendor, to=to, ground="exam", by=make_person())
    drain()
    made.refresh_from_db()
    return made


def sent(turn, content: bytes, *, name="badge.json", by=None, **known):
    """The holder (or ``by``) sends a file as the proof."""
    with signed.received([content], name=name) as file:
        proof = enter_proof(turn, 0, by=by or holder(turn), sent=file, **known)
    drain()
    return Proof.objects.get(pk=proof.pk)


def trusted(found, vendor, **known):
    return trust(found.programme, "cert", did=vendor.issuer.did, by=found.operator, **known)


def verdicts(proof) -> set[str]:
    """What was found wrong."""
    return {finding.name for finding in proof.found if finding.state != "ok"}


def test_at_a_test_elsewhere_the_number_is_the_hand_in_and_waits_for_an_operator(found):
    turn = found.enter("cert")

    proof = enter_proof(turn, 0, by=holder(turn), reference="MS-100")
    drain()
    waiting = found.again(turn)
    verify_proof(proof, by=found.operator, holds=True)
    drain()

    assert (waiting.state, waiting.evidence.values, waiting.evidence.via) == ("handed-in", {"proof": "MS-100"}, "proof")
    assert found.again(turn).state == "passed"


def test_refused_with_a_reason_it_is_tried_again_with_another_proof(found):
    turn = found.enter("cert")
    proof = enter_proof(turn, 0, by=holder(turn), reference="MS-1")
    with pytest.raises(Flawed) as flawed:
        verify_proof(proof, by=found.operator, holds=False, note=" ")
    verify_proof(proof, by=found.operator, holds=False, note="not in the registry")
    drain()
    again = try_again(found.again(turn))
    second = enter_proof(again, 0, by=holder(turn), reference="MS-2")
    verify_proof(second, by=found.operator, holds=True)
    drain()

    assert (flawed.value.code, found.again(turn).state, turn.proofs.count()) == ("proof.why", "passed", 2)


def test_a_file_waits_for_an_operator_and_lies_on_the_shelf(found):
    turn = found.enter("cert")

    proof = sent(turn, b"%PDF-1.7 scan", name="C:\\scans\\certificate.pdf")

    assert (proof.sort, proof.state, proof.reference) == (ProofSort.FILE, "entered", "certificate.pdf")
    assert signed.SHELF.path_of(proof.sha256).read_bytes() == b"%PDF-1.7 scan"
    assert found.again(turn).state == "handed-in"


def test_a_signed_credential_of_a_trusted_issuer_passes_by_itself(found, vendor):
    trusted(found, vendor)
    turn = found.enter("cert")
    credential = issued(vendor, holder(turn))

    proof = sent(turn, credential.document.encode())

    assert (proof.sort, proof.state, proof.verified_by, verdicts(proof)) == ("signed", "verified", None, set())
    assert proof.valid_until == credential.valid_until.replace(microsecond=0)
    assert found.again(turn).state == "passed"


def test_a_token_is_read_as_the_document_is(found, vendor):
    trusted(found, vendor, achievement="클라우드 기초 (Cloud basics)")
    turn = found.enter("cert")

    proof = sent(turn, issued(vendor, holder(turn)).token.encode(), name="badge.jwt")

    assert proof.state == "verified"


def test_an_issuer_that_is_trusted_for_something_else_is_looked_at_by_an_operator(found, vendor):
    trusted(found, vendor, achievement="Advanced clouds")
    turn = found.enter("cert")

    proof = sent(turn, issued(vendor, holder(turn)).document.encode())

    assert (proof.state, verdicts(proof)) == ("entered", {"trust"})


def test_somebody_elses_credential_proves_nothing_by_itself(found, vendor):
    trusted(found, vendor)
    turn = found.enter("cert")

    proof = sent(turn, issued(vendor, make_person()).document.encode())

    assert (proof.state, verdicts(proof)) == ("entered", {"subject"})


def test_one_that_was_changed_proves_nothing_by_itself(found, vendor):
    trusted(found, vendor)
    turn = found.enter("cert")
    document = json.loads(issued(vendor, holder(turn)).document)
    document["validUntil"] = "2099-01-01T00:00:00Z"

    proof = sent(turn, json.dumps(document).encode())

    assert (proof.state, "proof" in verdicts(proof)) == ("entered", True)


def test_one_whose_time_is_over_proves_nothing_by_itself(found, vendor):
    trusted(found, vendor)
    turn = found.enter("cert")
    credential = issued(vendor, holder(turn))
    clock.set_clock(clock.now() + timedelta(days=400))

    proof = sent(turn, credential.document.encode())

    assert (proof.state, verdicts(proof)) == ("entered", {"dates"})


@pytest.mark.parametrize(
    ("subject", "whose"),
    [
        ({"id": "mailto:Ada@example.org"}, True),
        ({"identifier": {"identityType": "emailAddress", "hashed": False, "identityHash": "ada@example.org"}}, True),
        (
            {
                "identifier": [
                    {"identityType": "name", "identityHash": "Ada"},
                    {
                        "identityType": "emailAddress", "hashed": True, "salt": "s",
                        "identityHash": f"sha256${sha256(b'ada@example.orgs').hexdigest()}",
                    },
                ]
            },
            True,
        ),
        ({"identifier": [{"identityType": "name", "identityHash": "ada@example.org"}]}, False),
        ({}, False),
        ([], False),
    ],
)  # fmt: skip
def test_of_one_issued_elsewhere_an_address_says_whose_it_is(subject, whose):
    assert signed._names({"credentialSubject": subject}, make_person("ada@example.org")) is whose


def test_an_end_that_is_over_is_refused_and_one_to_come_is_kept(found):
    turn = found.enter("cert")
    with pytest.raises(Flawed) as flawed:
        enter_proof(turn, 0, by=holder(turn), reference="A", valid_until=clock.now() - timedelta(days=1))

    proof = enter_proof(turn, 0, by=holder(turn), reference="A", valid_until=clock.now() + timedelta(days=9))

    assert (flawed.value.code, proof.is_expired) == ("proof.expired", False)


def test_before_a_proof_ends_its_holder_is_told_once_and_the_end_undoes_nothing(found):
    turn = found.enter("cert")
    proof = enter_proof(turn, 0, by=holder(turn), reference="A-1", valid_until=clock.now() + timedelta(days=40))
    verify_proof(proof, by=found.operator, holds=True)
    drain()
    told = Notice.objects.filter(person=holder(turn), kind="credential")
    warn_of_ends()
    early = told.count()
    clock.set_clock(clock.now() + timedelta(days=11))
    warn_of_ends()
    warn_of_ends()
    near = told.count()
    clock.set_clock(clock.now() + timedelta(days=31))
    found.tick()

    assert (early, near) == (0, 1)
    assert (Proof.objects.get().is_expired, found.again(turn).state) == (True, "passed")


def test_only_who_operates_says_whom_a_stage_trusts_and_only_where_a_proof_is_asked(found):
    with pytest.raises(Forbidden):
        trust(found.programme, "cert", did="did:web:a.example", by=make_person())
    with pytest.raises(Flawed):
        trust(found.programme, "cert", did="a.example", by=found.operator)
    other = live("- {id: exam, kind: test, entry: open, do: {type: exam, by: judge}}")
    with pytest.raises(Refused):
        trust(other.programme, "exam", did="did:web:a.example", by=other.operator)

    first, second = (trust(found.programme, "cert", did="did:web:a.example", by=found.operator) for _ in range(2))
    same = first.pk == second.pk
    distrust(first, by=found.operator)

    assert same
    assert not found.programme.trusted_issuers.exists()


def test_files_of_who_is_forgotten_are_named_no_more_and_swept(found, monkeypatch):
    turn = found.enter("cert")
    proof = sent(turn, b"my name", name="ada.pdf")
    path = signed.SHELF.path_of(proof.sha256)
    monkeypatch.setattr("dure.store.shelves.ORPHANED_AFTER", timedelta(days=-1))
    kept = signed.sweep()

    forget(holder(turn))
    gone = signed.sweep()

    proof.refresh_from_db()
    assert (kept, gone, path.exists(), proof.file_name) == (0, 1, False, "")


def test_an_empty_file_is_none(found):
    with pytest.raises(Refused) as refused, signed.received(BytesIO(b""), name="a.pdf"):
        pass

    assert refused.value.code == "file.empty"
