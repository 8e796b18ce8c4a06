"""Numbers as a rule compares them: which texts are one (appendix E, "compare numbers as numbers")."""

import re

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def is_number(text: str) -> bool:
    """Whether a rule's value is a number: digits, one point, a minus; no exponent, no infinity."""
    return _NUMBER.fullmatch(text) is not None
