"""Draws: numbers of (seed, place, i), and what a spread makes of one."""

import hashlib
import math
from decimal import ROUND_HALF_UP, Decimal

WORD = 2**64 - 1
FOUR_DECIMALS = Decimal("0.0001")


def mix(z):
    z = (z + 0x9E3779B97F4A7C15) & WORD
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & WORD
    return z ^ (z >> 31)


def u(seed, place, i):
    """A number in [0, 1)."""
    h = int.from_bytes(hashlib.sha256(place.encode()).digest()[:8], "big")
    return (mix((mix((h + seed) & WORD) + i) & WORD) >> 11) / 2**53


def drawn(spread, seed, place, i):
    """One value of the spread; a constant is drawn from nothing."""
    if not isinstance(spread, list):
        return spread
    x = u(seed, place, i)
    if len(spread) == 2 and all(isinstance(end, int) for end in spread):
        low, high = spread
        return low + math.floor(x * (high - low + 1))
    if len(spread) == 2 and all(isinstance(end, int | Decimal) for end in spread):
        low, high = map(float, spread)
        return Decimal(low + x * (high - low)).quantize(FOUR_DECIMALS, ROUND_HALF_UP)
    return spread[math.floor(x * len(spread))]
