"""What the W3C's suites ask of issuers and verifiers, asked here: they are published as repositories, not as packages.

Statements are those of "Verifiable Credentials Data Model 2.0", "Data Integrity 1.0" and "EdDSA Cryptosuites 1.0", as
the suites vc-data-model-2.0-test-suite and vc-di-eddsa-test-suite number what an implementation has to do.
"""

import json
import re
from copy import deepcopy

import pytest
from openbadgeslib.ob3 import OB3VerificationError

from dure.core.errors import Flawed
from dure.core.findings import State
from dure.credentials.dids import did_document
from dure.credentials.multibase import public_key
from dure.credentials.verifying import verified

STAMP = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:\S+")
BASE58 = re.compile(r"z[1-9A-HJ-NP-Za-km-z]+")


@pytest.fixture
def document(issued):
    return json.loads(issued.document)


def test_the_data_model_is_kept(document):
    assert document["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert "VerifiableCredential" in document["type"]
    assert all(ADDRESS.fullmatch(one) for one in (document["id"], document["issuer"]["id"]))
    assert all(STAMP.fullmatch(document[name]) for name in ("validFrom", "validUntil"))
    assert document["credentialSubject"]
    for entry in document["credentialStatus"]:
        assert ADDRESS.fullmatch(entry["id"])
        assert entry["type"] == "BitstringStatusListEntry"
        assert entry["statusListIndex"].isdigit()


def test_the_proof_is_one_of_the_suite_that_it_names(document, issuer):
    proof, published = document["proof"], did_document(issuer)

    assert {name: proof[name] for name in ("type", "cryptosuite", "proofPurpose")} == {
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod",
    }  # fmt: skip
    assert STAMP.fullmatch(proof["created"])
    assert BASE58.fullmatch(proof["proofValue"])
    assert proof["verificationMethod"] in published["assertionMethod"]


def test_keys_are_multikeys_of_32_bytes_whose_controller_is_the_issuer(issuer):
    published = did_document(issuer)

    for method in published["verificationMethod"]:
        assert (method["type"], method["controller"]) == ("Multikey", published["id"])
        assert method["publicKeyMultibase"].startswith("z6Mk")
        assert len(public_key(method["publicKeyMultibase"]).public_bytes_raw()) == 32
        assert not {"secretKeyMultibase", "privateKeyJwk"} & method.keys()


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "UnknownProof"}, {"cryptosuite": "unknown-2022"}, {"cryptosuite": "eddsa-jcs-2022"},
        {"proofPurpose": "authentication"}, {"proofPurpose": None}, {"created": "yesterday"}, {"proofValue": None},
        {"proofValue": "u00"}, {"proofValue": "z"}, {"proofValue": "z0OIl"},
        {"verificationMethod": "did:key:z6Mk#z6Mk"}, {"domain": "elsewhere.example"}, {"challenge": "1"},
        {"expires": "2020-01-01T00:00:00Z"},
    ],
    ids=lambda wrong: " ".join(f"{name} {value}" for name, value in wrong.items()),
)  # fmt: skip
def test_a_proof_that_says_anything_else_proves_nothing(document, wrong):
    document["proof"] |= wrong

    assert proof_of(document) != State.OK


@pytest.mark.parametrize("name", ["type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"])
def test_a_proof_that_lacks_what_it_needs_proves_nothing(document, name):
    del document["proof"][name]

    assert proof_of(document) != State.OK


@pytest.mark.parametrize("context", [[], ["https://www.w3.org/ns/credentials/v2"], "https://example.org/v1"])
def test_other_contexts_give_the_words_another_meaning(document, context):
    assert proof_of({**document, "@context": context}) != State.OK


def test_what_is_added_without_a_term_is_not_taken_for_signed(document):
    assert proof_of({**document, "unheardOf": "nobody signed this"}) != State.OK
    inner = deepcopy(document)
    inner["credentialSubject"]["unheardOf"] = "nobody signed this"
    assert proof_of(inner) != State.OK


def test_a_key_out_of_another_did_document_is_not_the_issuers(document, issuer):
    document["issuer"]["id"] = "did:web:elsewhere.example"

    assert proof_of(document) != State.OK


def proof_of(document) -> State:
    """What is found of its proof; what cannot be read proves nothing either."""
    try:
        return verified(json.dumps(document).encode()).proof.state
    except (Flawed, OB3VerificationError):
        return State.FAIL
