"""Amounts of money as they are kept, whole smallest units, and as they are read: 100000 USD is USD 1,000."""

# ISO 4217: the currencies whose smallest unit is the whole one, and those of thousandths.
_NONE = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF"}
    | {"XOF", "XPF"}
)
_THREE = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def decimals(currency: str) -> int:
    """How many decimals the smallest unit of an ISO 4217 currency is written with: none of a won, two of a dollar."""
    return 0 if currency in _NONE else 3 if currency in _THREE else 2


def in_units(amount: int, currency: str) -> str:
    """``amount`` smallest units in whole ones, exactly, thousands apart; of no part of a unit no decimals."""
    places = decimals(currency)
    whole, part = divmod(abs(amount), 10**places)
    return f"{'-' if amount < 0 else ''}{whole:,}" + (f".{part:0{places}}" if part else "")
