"""Made-up numbers that depend on (seed, place, i) alone: no order and no neighbour changes them (appendix I)."""

from hashlib import sha256

import numpy as np
import numpy.typing as npt
import polars as pl

from dure.blueprint.model import Spread, Value

Indices = npt.NDArray[np.int64]
_WORD = (1 << 64) - 1


def u(seed: int, place: str, i: Indices) -> npt.NDArray[np.float64]:
    """A number in [0, 1) for each of ``i``: splitmix64 of the place's hash, the seed and i, its upper 53 bits."""
    head = int.from_bytes(sha256(place.encode()).digest()[:8], "big")
    start = _mixed(np.array([(head + seed) & _WORD], dtype=np.uint64))
    return (_mixed(start + i.astype(np.uint64)) >> np.uint64(11)) / np.float64(2**53)


def _mixed(z: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ z >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ z >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return z ^ z >> np.uint64(31)


def drawn(spread: Spread, seed: int, place: str, i: Indices) -> pl.Series:
    """One value of ``spread`` for each of ``i``: Int64, Float64 (4 decimals) or String; null where the list says so."""
    if not isinstance(spread, tuple):
        return column((spread,)).new_from_index(0, len(i))
    if not _is_interval(spread):
        return column(spread).gather((u(seed, place, i) * len(spread)).astype(np.int64))
    low, high = float(str(spread[0])), float(str(spread[1]))
    if isinstance(spread[0], int) and isinstance(spread[1], int):
        whole = np.floor(u(seed, place, i) * (spread[1] - spread[0] + 1)).astype(np.int64)
        return pl.Series(spread[0] + whole)
    return pl.Series(np.round(low + u(seed, place, i) * (high - low), 4))


def _is_interval(spread: tuple[Value, ...]) -> bool:
    return len(spread) == 2 and all(_is_number(value) for value in spread)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def column(values: tuple[Value, ...]) -> pl.Series:
    """Written values as one column: numbers when all of them are, else texts (a flag reads ``true`` or ``false``)."""
    said = [value for value in values if value is not None]
    if said and all(_is_number(value) for value in said):
        whole = all(isinstance(value, int) for value in said)
        return pl.Series(values, dtype=pl.Int64 if whole else pl.Float64, strict=False)
    return pl.Series([None if value is None else _written(value) for value in values], dtype=pl.String)


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
