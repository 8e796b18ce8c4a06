"""How names are found by what people type: whole words, parts of them, first letters (초성), half a syllable.

A key is a name without case, spaces, signs and accents, in which each Hangul syllable takes three places: initial,
vowel, final (``NONE`` where it has none). Initials and finals are different letters there (Unicode's conjoining
jamo), so that a pattern of SQL's LIKE, in which ``_`` is any one letter, says "this initial and any syllable on it".
"""

import unicodedata
from collections.abc import Iterable

MOST = 800  # letters of a key: at most 2,400 bytes, which is what an index entry of PostgreSQL holds
NONE, START, ANY = "·", "|", "_"
_FIRST, _LAST, _VOWELS, _FINALS = 0xAC00, 0xD7A3, 21, 28
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_ENDINGS = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_CLUSTERS = {
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ",
    "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
_LETTERS = {
    **{chr(0x1100 + i): letter for i, letter in enumerate(_INITIALS)},
    **{chr(0x1161 + i): chr(0x314F + i) for i in range(_VOWELS)},
    **{chr(0x11A8 + i): letter for i, letter in enumerate(_ENDINGS)},
}

_INSIDE = {NONE, *map(chr, range(0x1161, 0x1161 + _VOWELS)), *map(chr, range(0x11A8, 0x11A8 + len(_ENDINGS)))}


def key_of(*names: str) -> str:
    """The key under which something with these names (both languages, its short name) is found."""
    return "".join(f"{START}{''.join(map(_places, _letters(name)))}" for name in names if name)[:MOST]


def patterns(typed: str) -> list[str]:
    """The LIKE patterns, any of which a key must contain; none where nothing was typed that could be found.

    The last syllable may not be finished yet: on the way to 네이버 one types 네이ㅂ and 네입, and both find it.
    """
    letters = _letters(typed)[:MOST]
    if not letters:
        return []
    before = "".join(map(_exactly, letters[:-1]))
    return [before + last for last in _unfinished(letters[-1])]


def endings(key: str) -> list[str]:
    """What a key's names have from their second letter or syllable on, from their third on, and so on: whatever is in
    a key is where a name begins, or where an ending does."""
    starts = [at for at, place in enumerate(key) if place not in _INSIDE and key[at - 1 : at] not in ("", START)]
    return [key[at:] for at in starts if key[at] != START]


def letters_in(typed: str) -> int:
    """How many letters and syllables were typed."""
    return len(_letters(typed))


def _letters(text: str) -> list[str]:
    """Syllables, single jamo as on a keyboard, and other letters and digits; the rest says nothing."""
    found: list[str] = []
    for sign in unicodedata.normalize("NFC", text):
        if _FIRST <= ord(sign) <= _LAST:
            found.append(sign)
        else:
            found.extend(_plain(sign))
    return found


def _plain(sign: str) -> Iterable[str]:
    """A sign without case, width and accents; a jamo of any kind becomes the keyboard's, a cluster its two."""
    for part in unicodedata.normalize("NFKD", sign):
        for letter in _LETTERS.get(part, part).casefold():
            if letter.isalnum():
                yield from _CLUSTERS.get(letter, letter)


def _split(syllable: str) -> tuple[str, str, str]:
    """Initial, vowel and final of a syllable, as conjoining jamo (Unicode, section 3.12)."""
    index = ord(syllable) - _FIRST
    initial, vowel, final = index // (_VOWELS * _FINALS), index // _FINALS % _VOWELS, index % _FINALS
    return chr(0x1100 + initial), chr(0x1161 + vowel), chr(0x11A7 + final) if final else NONE


def _is_syllable(letter: str) -> bool:
    return _FIRST <= ord(letter) <= _LAST


def _initial(letter: str) -> str:
    return chr(0x1100 + _INITIALS.index(letter))


def _is_vowel(letter: str) -> bool:
    return "ㅏ" <= letter <= "ㅣ"


def _places(letter: str) -> str:
    """What a letter is in a key."""
    if _is_syllable(letter):
        return "".join(_split(letter))
    if letter in _INITIALS:
        return _initial(letter) + NONE + NONE
    return NONE + chr(0x1161 + ord(letter) - ord("ㅏ")) + NONE if _is_vowel(letter) else letter


def _exactly(letter: str) -> str:
    """The pattern of a letter that is finished: a consonant alone stands for every syllable on it."""
    if letter in _INITIALS:
        return _initial(letter) + ANY + ANY
    return ANY + chr(0x1161 + ord(letter) - ord("ㅏ")) + ANY if _is_vowel(letter) else _places(letter)


def _unfinished(letter: str) -> list[str]:
    """The patterns of the last letter: without a final any may follow; with one it may move to the next syllable."""
    if not _is_syllable(letter):
        return [_exactly(letter)]
    initial, vowel, final = _split(letter)
    if final == NONE:
        return [initial + vowel + ANY]
    ending = _LETTERS[final]
    stays, moves = _CLUSTERS.get(ending, ending)[:-1], _CLUSTERS.get(ending, ending)[-1]
    rest = chr(0x11A8 + _ENDINGS.index(stays)) if stays else NONE
    return [initial + vowel + final, initial + vowel + rest + _initial(moves) + ANY + ANY]
