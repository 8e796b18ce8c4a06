"""Signatures: right as they are made, wrong as soon as anything changes; a second library agrees."""

import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from openbadgeslib.ob3 import OB3LdpVerifier, OB3Verifier, decode_encoded_list

from dure.credentials import bits
from dure.credentials.dids import pem_of
from dure.credentials.moments import months_after, read, written
from dure.credentials.multibase import decoded, encoded, multikey_of, public_key
from dure.credentials.proofs import holds
from tests.credentials.mutations import mutations


def test_a_second_library_accepts_the_document_and_the_token(issued):
    pem = pem_of(issued.key)

    document = OB3LdpVerifier(pubkey_pem=pem).verify(issued.document)
    token = OB3Verifier(pubkey_pem=pem, issuer_did=issued.key.did).verify(issued.token)

    assert document.achievement.name == token.achievement.name == "제조 AI 리더 (Manufacturing AI leader)"


def test_every_leaf_is_signed(issued):
    document, key = json.loads(issued.document), public_key(issued.key.public)
    assert holds(document, key=key)

    kept = [place for place, changed in mutations(document) if holds(changed, key=key)]

    assert kept == []


@pytest.mark.parametrize(
    ("multikey", "hexadecimal"),
    [  # RFC 8032's first test key, as did:key writes it
        (
            "z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        )
    ],
)
def test_keys_are_written_as_did_key_writes_them(multikey, hexadecimal):
    assert public_key(multikey).public_bytes_raw().hex() == hexadecimal
    assert multikey_of(public_key(multikey)) == multikey


@given(st.binary(max_size=80))
def test_base58_reads_back(data):
    assert decoded(encoded(data)) == data


def test_a_key_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="Ed25519"):
        public_key(encoded(b"\x80\x24" + b"\1" * 33))


@given(st.binary(min_size=16, max_size=16), st.sets(st.integers(0, bits.SIZE - 1), max_size=300))
def test_places_never_meet(seed, numbers):
    places = {bits.place(number, seed=seed) for number in numbers}

    assert len(places) == len(numbers)
    assert all(0 <= place < bits.SIZE for place in places)


@given(st.sets(st.integers(0, bits.SIZE - 1), max_size=20))
def test_lists_are_read_elsewhere_as_they_were_written(places):
    raw = decode_encoded_list(bits.encoded_list(places))

    assert len(raw) * 8 == bits.SIZE
    assert {i * 8 + bit for i, byte in enumerate(raw) if byte for bit in range(8) if byte & 0x80 >> bit} == places


@pytest.mark.parametrize(
    ("since", "months", "until"),
    [
        ("2026-01-31T03:00:00Z", 1, "2026-02-28T03:00:00Z"),
        ("2024-01-31T03:00:00Z", 1, "2024-02-29T03:00:00Z"),
        ("2026-11-30T03:00:00Z", 24, "2028-11-30T03:00:00Z"),
        ("2026-12-31T20:00:00Z", 2, "2027-02-28T20:00:00Z"),  # it is 1 January in Seoul
    ],
)
def test_months_are_the_calendars(since, months, until):
    assert written(months_after(read(since), months)) == until


def test_moments_read_back():
    moment = datetime(2026, 11, 22, 5, tzinfo=UTC)

    assert read(written(moment)) == moment


def test_another_key_proves_nothing(issued):
    assert not holds(json.loads(issued.document), key=Ed25519PrivateKey.generate().public_key())
