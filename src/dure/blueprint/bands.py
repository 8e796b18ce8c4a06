"""How a measure with ``bands`` names its groups: ``..50``, ``50..100``, ``100..`` (upper end out, appendix H)."""

from bisect import bisect_right

Cut = int | float


def written(number: Cut) -> str:
    """A number as people write it: whole where it is whole."""
    return str(int(number)) if number == int(number) else repr(number)


def band_names(bands: tuple[Cut, ...]) -> list[str]:
    """Every band, lowest first."""
    cuts = [written(band) for band in bands]
    return [f"{low}..{high}" for low, high in zip(["", *cuts], [*cuts, ""], strict=True)]


def band_of(value: Cut, bands: tuple[Cut, ...]) -> str:
    """The band that ``value`` falls into."""
    return band_names(bands)[bisect_right(bands, value)]
