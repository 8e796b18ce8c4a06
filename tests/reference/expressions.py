"""Expressions: read and worked out in one go, exactly; None is null."""

import math
import operator
import re
from fractions import Fraction

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z][a-z0-9_]*(?:-[a-z0-9_]+)*)|(?P<sign>!=|>=|<=|[-+*/()=<>]))"
)
COMPARE = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def worth(text, call, name):
    """The value of a sum. `call(function, argument text)` and `name(text)` give numbers or None."""
    return _Reader(text, call, name).whole_sum()


def compared(text, call, name):
    """(left, right, whether it holds), both sides rounded."""
    reader = _Reader(text, call, name)
    left = rounded(reader.sum())
    sign = reader.take()
    right = rounded(reader.sum())
    return left, right, left is not None and right is not None and COMPARE[sign](left, right)


def rounded(value):
    """To 3 decimals, a half going up (towards more), below zero as well."""
    return None if value is None else Fraction(math.floor(value * 1000 + Fraction(1, 2)), 1000)


class _Reader:
    def __init__(self, text, call, name):
        self.text, self.at, self.call, self.name = text, 0, call, name

    def peek(self):
        match = TOKEN.match(self.text, self.at)
        return match[match.lastgroup] if match else None

    def take(self):
        match = TOKEN.match(self.text, self.at)
        self.at = match.end()
        return match[match.lastgroup]

    def whole_sum(self):
        value = self.sum()
        assert not self.text[self.at :].strip(), self.text
        return value

    def sum(self):
        value = self.product()
        while self.peek() in ("+", "-"):
            sign, other = self.take(), self.product()
            value = _joined(value, operator.add if sign == "+" else operator.sub, other)
        return value

    def product(self):
        value = self.factor()
        while self.peek() in ("*", "/"):
            sign, other = self.take(), self.factor()
            value = _joined(value, operator.mul if sign == "*" else _divided, other)
        return value

    def factor(self):
        token = self.take()
        if token == "-":
            return _joined(Fraction(0), operator.sub, self.factor())
        if token == "(":
            value = self.sum()
            self.take()
            return value
        if token[0].isdigit():
            return Fraction(token)
        return self.call(token, self.argument()) if self.peek() == "(" else self.name(token)

    def argument(self):
        start = self.text.index("(", self.at) + 1
        end = self.text.index(")", start)
        self.at = end + 1
        return self.text[start:end].strip()


def _divided(left, right):
    return left / right if right else None


def _joined(left, act, right):
    return None if left is None or right is None else act(left, right)
