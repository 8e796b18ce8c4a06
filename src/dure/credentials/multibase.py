"""How keys and signatures are written: base58btc behind a ``z`` (Multibase), Ed25519 keys as Multikey and did:key."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"  # the multicodec prefix of an Ed25519 public key
DID_KEY = "did:key:"


def encoded(data: bytes) -> str:
    """``z`` and the base58btc of the bytes."""
    number, digits = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        digits = ALPHABET[rest] + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + ALPHABET[0] * zeros + digits


def decoded(text: str) -> bytes:
    """The bytes again. Raises ValueError."""
    if not text.startswith("z"):
        raise ValueError("only base58btc is read here")
    number = 0
    for sign in text[1:]:
        number = number * 58 + ALPHABET.index(sign)
    zeros = len(text[1:]) - len(text[1:].lstrip(ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def multikey_of(public: Ed25519PublicKey) -> str:
    """``z6Mk…``: the public key as DID documents and did:key write it."""
    return encoded(ED25519 + public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def public_key(multikey: str) -> Ed25519PublicKey:
    """The key that is written so. Raises ValueError."""
    data = decoded(multikey)
    if not data.startswith(ED25519):
        raise ValueError("no Ed25519 key")
    try:
        return Ed25519PublicKey.from_public_bytes(data.removeprefix(ED25519))
    except UnsupportedAlgorithm as missing:
        raise ValueError("this machine cannot verify Ed25519") from missing
