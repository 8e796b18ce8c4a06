"""Places by integers: a score rounded to the task's precision, as the order-preserving image of its double.

Floats compared in SQL and floats counted in Python have disagreed on ranks; integers cannot.
"""

import struct
from decimal import ROUND_HALF_EVEN, Context, Decimal

_EXACT = Context(prec=400, rounding=ROUND_HALF_EVEN)


def rounded(score: float | Decimal, places: int) -> float:
    """``score`` to ``places`` decimals, half to even on its exact value; never minus zero. Finite scores only."""
    return float(_EXACT.quantize(Decimal(score), Decimal(1).scaleb(-places))) + 0.0


def image(score: float) -> int:
    """The double as a signed 64-bit integer in the same order: a < b exactly when image(a) < image(b)."""
    (bits,) = struct.unpack(">q", struct.pack(">d", abs(score)))
    return -int(bits) if score < 0 else int(bits)


def rank_of(score: float, *, greater_is_better: bool) -> int:
    """The smaller, the better: boards read their index forwards."""
    return -image(score) if greater_is_better else image(score)
