"""Merkle trees over SHA-256 as in RFC 9162, section 2.1: one root vouches for many leaves, each provable alone."""

from collections.abc import Sequence
from hashlib import sha256


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf: told apart from an inner node by its first byte."""
    return sha256(b"\x00" + content).digest()


def _join(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _level_above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [_join(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, in their order; without leaves, the hash of nothing."""
    if not leaves:
        return sha256().digest()
    level = list(leaves)
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def proof(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """The hashes beside the path from the leaf at ``place`` (from 0) up to the root."""
    level, beside = list(leaves), []
    while len(level) > 1:
        neighbour = place ^ 1
        if neighbour < len(level):
            beside.append(level[neighbour])
        level, place = _level_above(level), place >> 1
    return beside


def proves(beside: Sequence[bytes], *, leaf: bytes, place: int, of: int, root: bytes) -> bool:
    """Whether ``leaf`` is the one at ``place`` among ``of`` leaves under ``root``, by the hashes beside its path."""
    if not 0 <= place < of:
        return False
    hashes, last = list(beside), of - 1
    found = leaf
    while last:
        if place % 2 or place < last:
            if not hashes:
                return False
            found = _join(hashes.pop(0), found) if place % 2 else _join(found, hashes.pop(0))
        place, last = place >> 1, last >> 1
    return found == root and not hashes
