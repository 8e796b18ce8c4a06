"""Korean particles: sentences are written with both forms, ``‘{name}’은(는)``, and read with the one that fits.

Which one it is, the word before tells by how it ends when it is read aloud: with a vowel, with ㄹ, or otherwise.
"""

import re
from collections.abc import Mapping

_FORMS = {  # as it is written: after a consonant, after a vowel
    "은(는)": ("은", "는"), "이(가)": ("이", "가"), "을(를)": ("을", "를"), "과(와)": ("과", "와"),
    "(으)": ("으", ""), "(이)": ("이", ""), "이어(여)": ("이어", "여"),
}  # fmt: skip
_WRITTEN = re.compile("|".join(map(re.escape, _FORMS)))
_FILLED = re.compile(rf"(\{{\w+[^{{}}]*\}}[’”»\]`'\"]*)({_WRITTEN.pattern})")
_BRACKETED = re.compile(r"(?<=\S)\s*\([^()]*\)\W*$")  # 네이버(NAVER): what is read is 네이버
_SIGNS = re.compile(r"(?:[^\w%]|_)+$")
_WORD = re.compile(r"(?:\d[\d,.]*|[A-Za-z]+|\w)$")

_FIRST, _LAST, _FINALS, _RIEUL = 0xAC00, 0xD7A3, 28, 8
_DIGITS = dict(zip("0123456789", "ㅇㄹ ㅁ  ㄱㄹㄹ ", strict=True))  # 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구
_TRILLION = range(12, 16)  # zeros at the end of 조, which alone among such words ends with a vowel
_NAMES = {
    "l": "ㄹ",
    "m": "ㅁ",
    "n": "ㄴ",
    "r": "ㄹ",
}  # Latin letters by name, 엘, 엠, 엔, 알; all others end with a vowel
_SOUNDS = (  # how English words end, as Korean takes them over: table 테이블, team 팀, ranking 랭킹, bucket 버킷
    (re.compile(r"le?$"), "ㄹ"),
    (re.compile(r"(?:[mn]e?|ng)$"), "ㄴ"),
    (re.compile(r"(?:^|[^aeiou])[aeiou](?:[bkpt]|ck?)$"), "ㄱ"),
)
_PER_CENT, _OPEN = "%", " "


def particle(word: str, forms: str) -> str:
    """The one of ``forms``, such as ``을(를)``, that follows the word; both where nobody can say how it is read."""
    closed, open_ = _FORMS[forms]
    match _end(word):
        case None:
            return forms
        case "ㄹ" if forms == "(으)":
            return open_
        case end:
            return open_ if end == _OPEN else closed


def fill(sentence: str, values: Mapping[str, object]) -> str:
    """The sentence with its ``{names}`` filled and the particles after them chosen; values are left as they are."""
    said = _FILLED.sub(lambda found: found[1] + particle(found[1].format(**values), found[2]), sentence)
    return said.format(**values)


def settle(sentence: str) -> str:
    """A sentence that was put together already, with each particle chosen."""
    return _WRITTEN.sub(lambda found: particle(sentence[: found.start()], found[0]), sentence)


def _end(word: str) -> str | None:
    """How a word ends: a final consonant, ``_OPEN`` for a vowel, None for what cannot be told."""
    said = _SIGNS.sub("", _BRACKETED.sub("", word))
    if said.endswith(_PER_CENT):  # 퍼센트
        return _OPEN
    found = _WORD.search(said)
    return _sound(found[0]) if found else None


def _sound(word: str) -> str | None:
    if _FIRST <= ord(word[-1]) <= _LAST:
        final = (ord(word[-1]) - _FIRST) % _FINALS
        return {0: _OPEN, _RIEUL: "ㄹ"}.get(final, "ㄱ")
    if word[-1] in _DIGITS:
        return _number(word)
    return _latin(word) if word.isascii() else None


def _number(written: str) -> str:
    digits = written.replace(",", "")
    zeros = len(digits) - len(digits.rstrip("0"))
    if not zeros or zeros == len(digits) or "." in digits:
        return _DIGITS[digits[-1]]
    return _OPEN if zeros in _TRILLION else "ㅂ"


def _latin(word: str) -> str:
    """An acronym or a letter is read by its letters' names; other words as English ones."""
    last = word[-1].casefold()
    if word.isupper() or len(word) == 1:
        return _NAMES.get(last, _OPEN)
    return next((sound for ending, sound in _SOUNDS if ending.search(word.casefold())), _OPEN)
