"""Dividing money exactly: what does not divide goes to the first (BLUEPRINT, G)."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction


def equally(amount: int, among: int) -> list[int]:
    """``amount`` in ``among`` equal shares, the odd units to the first."""
    share, odd = divmod(amount, among)
    return [share + odd, *[share] * (among - 1)]


def by_share(amount: int, shares: Mapping[str, int | float | Decimal]) -> dict[str, int]:
    """``amount`` divided in proportion to ``shares``, each rounded down, the odd units to the first."""
    exact = {name: Fraction(str(share)) for name, share in shares.items()}
    whole = sum(exact.values())
    divided = {name: int(amount * share / whole) for name, share in exact.items()}
    first = next(iter(divided))
    divided[first] += amount - sum(divided.values())
    return divided
