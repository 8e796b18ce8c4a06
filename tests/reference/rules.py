"""Rules of a gate: `fact op value`, decided on one value at a time."""

import operator
import re
from decimal import Decimal
from fractions import Fraction

from tests.reference.document import NUMBER

RULE = re.compile(r"\s*(\S+)\s+(=|!=|>=|<=|>|<|in|has)\s+(.*?)\s*")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
ORDER = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


def parse(line):
    """(fact, operator, value as text)"""
    return RULE.fullmatch(line).groups()


def is_number(value):
    return isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool)


def words(value):
    return [word for word in re.split(r"[,\s]+", str(value)) if word]


def holds(fact, op, value):
    if op == "in":
        return any(_equal(fact, choice.strip()) for choice in value.split(","))
    if op == "has":
        return value in words(fact)
    if op in ORDER:
        return _ordered(fact, ORDER[op], value)
    return _equal(fact, value) == (op == "=")


def _equal(fact, value):
    if is_number(fact) and NUMBER.fullmatch(value):
        return Fraction(fact) == Fraction(value)
    return str(fact) == value


def _ordered(fact, compare, value):
    if is_number(fact) and NUMBER.fullmatch(value):
        return compare(Fraction(fact), Fraction(value))
    if isinstance(fact, str) and DATE.fullmatch(fact) and DATE.fullmatch(value):
        return compare(fact, value)
    return False
