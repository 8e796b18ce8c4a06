"""What an answer is worth, as an exact share from 0 to 1; pure.

single      1 for the right choice.
multiple    each right choice gives 1/n of n right ones, each wrong one takes 1/n away; never below 0.
numeric     1 within the tolerance (the bound included), with one of the units where the question has any.
short       1 where it equals an accepted answer once both are written alike (``plain``).
ordering    each neighbours that follow each other as in the right order give 1/(n-1).
code        the share of cases whose output is right.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from dure.assessments.content import Case, Content, Kind
from dure.core.errors import Flawed
from dure.core.text import Text

STEP = Decimal("0.0001")  # a mark's
MOST_ANSWER = {Kind.NUMERIC: 200, Kind.SHORT: 500, Kind.CODE: 50_000}
_NUMBER = re.compile(r"([+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*(.*)", re.DOTALL)
_HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"
_BESIDE_HANGUL = re.compile(rf"(?<=[{_HANGUL}])\s+|\s+(?=[{_HANGUL}])")
_SHAPE = Text(
    ko="답의 형식이 문항과 맞지 않습니다. 화면을 새로 고친 뒤 다시 답하세요.",
    en="The answer does not fit the question. Reload the page and answer again.",
)


def share_of(content: Content, answer: Any) -> Fraction:
    """What ``answer`` (None: none was given) is worth. Not for code, which has to run first."""
    if answer in (None, "", []):
        return Fraction(0)
    match content.kind:
        case Kind.SINGLE:
            return Fraction(list(answer) == list(content.right))
        case Kind.MULTIPLE:
            return _multiple(content, set(answer))
        case Kind.ORDERING:
            return _ordering(answer)
        case Kind.NUMERIC:
            return Fraction(_is_within(content, answer))
        case Kind.SHORT:
            return Fraction(plain(answer) in {plain(one) for one in content.accepted if one.strip()})
        case Kind.CODE:
            raise ValueError("a program is marked by running it")


def mark_of(points: Decimal, share: Fraction) -> Decimal:
    """The mark: ``points`` times ``share``, rounded half to even at four decimals."""
    whole = Fraction(points) * share
    return (Decimal(whole.numerator) / Decimal(whole.denominator)).quantize(STEP, ROUND_HALF_EVEN)


def _multiple(content: Content, chosen: set[int]) -> Fraction:
    right = set(content.right)
    return max(Fraction(0), Fraction(len(chosen & right) - len(chosen - right), len(right)))


def _ordering(put: Sequence[int]) -> Fraction:
    return Fraction(sum(after == before + 1 for before, after in pairwise(put)), len(put) - 1)


def _is_within(content: Content, typed: str) -> bool:
    number, unit = number_in(typed)
    if number is None or content.value is None:
        return False
    units = {_unit(one) for one in content.units}
    return _unit(unit) in (units or {""}) and abs(Fraction(number) - Fraction(content.value)) <= Fraction(
        content.tolerance
    )


def number_in(typed: str) -> tuple[Decimal | None, str]:
    """The number in what was typed, and what stands behind it: ``1,000.5 m`` is (1000.5, "m")."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", typed).replace("−", "-").strip())
    return (Decimal(found[1].replace(",", "")), found[2]) if found else (None, "")


def _unit(written: str) -> str:
    """Capitals count: mW is not MW."""
    return "".join(unicodedata.normalize("NFKC", written).split())


def plain(text: str) -> str:
    """A short answer without what does not matter: the width and composition of letters, capitals, spaces.

    Unicode NFKC, so that decomposed and half-width Hangul is the same; case folded; runs of spaces are one, and beside
    Hangul they are none, for Korean is spaced in many ways (기계 학습, 기계학습).
    """
    return _BESIDE_HANGUL.sub("", " ".join(unicodedata.normalize("NFKC", text).casefold().split()))


def has_output(case: Case, written: str) -> bool:
    """Whether a program wrote what the case asks for; spaces at the ends of lines and empty last lines do not count."""
    return _lines(case.output) == _lines(written)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


def taken(content: Content, given: Any, *, order: Sequence[int]) -> Any:
    """An answer as it is kept. ``order``: which choice stood at each place as the candidate saw them.

    Raises Flawed("answer.shape") for what no page sends.
    """
    if given in (None, "", []):
        return None
    if content.kind.has_choices:
        return _places(content, given, order)
    if not isinstance(given, str) or len(given) > MOST_ANSWER[content.kind] or "\0" in given:
        raise Flawed("answer.shape", _SHAPE)
    return given


def _places(content: Content, given: Any, order: Sequence[int]) -> list[int]:
    known = isinstance(given, list) and all(type(at) is int and 0 <= at < len(order) for at in given)
    if not known or len(set(given)) < len(given):
        raise Flawed("answer.shape", _SHAPE)
    places = [order[at] for at in given]
    most, least = (len(order),) * 2 if content.kind is Kind.ORDERING else (1 if content.kind is Kind.SINGLE else 20, 1)
    if not least <= len(places) <= most:
        raise Flawed("answer.shape", _SHAPE)
    return places if content.kind is Kind.ORDERING else sorted(places)
