"""Bitstring status lists (W3C, Bitstring Status List 1.0): one bit a credential, at a place that tells nothing."""

import gzip
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable

HALF = 9  # bits of each half of a place
SIZE = 1 << 2 * HALF  # 262,144 places; the standard asks for 131,072 at least


def place(number: int, *, seed: bytes) -> int:
    """Where the list's ``number``-th credential stands: no place comes twice, and nobody without the seed can tell
    from a place which credentials were issued before or after. A Feistel network of four rounds (Luby, Rackoff 1988).
    """
    left, right = divmod(number, 1 << HALF)
    for turn in range(4):
        mixed = hmac.digest(seed, bytes([turn]) + right.to_bytes(2), "sha256")
        left, right = right, left ^ int.from_bytes(mixed[:2]) % (1 << HALF)
    return left << HALF | right


def encoded_list(places: Iterable[int]) -> str:
    """The list in which the bits at these places are set: GZIP, base64url, behind Multibase's ``u``."""
    bits = bytearray(SIZE // 8)
    for index in places:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")
