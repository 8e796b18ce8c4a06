"""Amounts of money as they are kept, whole smallest units, and as they are read: 100000 USD is USD 1,000."""

from dure.core.text import Text

MAN, EOK = 10_000, 100_000_000  # what Korean counts large numbers in

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


def named(amount: int, currency: str = "KRW") -> Text:
    """``amount`` smallest units, said: 1,500만 원, 2억 500만 원, 12,345원; KRW 15,000,000; USD 10.50."""
    en = f"{currency} {in_units(amount, currency)}"
    won = f"{in_man(amount)} 원" if is_round(amount) else f"{amount:,}원"
    return Text(ko=won if currency == "KRW" else en, en=en)


def is_round(amount: float) -> bool:
    """Whether Korean counts it in whole ten thousands."""
    return amount >= MAN and amount % MAN == 0


def in_man(amount: int) -> str:
    """Whole ten thousands as Korean counts them: 2억 500만."""
    large, rest = divmod(amount, EOK)
    parts = [f"{large:,}억"] if large else []
    parts += [f"{rest // MAN:,}만"] if rest else []
    return " ".join(parts)
