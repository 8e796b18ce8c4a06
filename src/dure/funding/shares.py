"""Dividing money exactly: what does not divide goes to the first (BLUEPRINT, G)."""


def equally(amount: int, among: int) -> list[int]:
    """``amount`` in ``among`` equal shares, the odd units to the first."""
    share, odd = divmod(amount, among)
    return [share + odd, *[share] * (among - 1)]
