"""Korean particles: which of two forms follows a word, by how its last letter is read."""

_FIRST, _LAST, _FINALS = 0xAC00, 0xD7A3, 28
_CLOSED = frozenset("013678lmnr")  # digits and Latin letters whose Korean reading ends in a consonant: 영, 일, 엘 …


def particle(word: str, closed: str, open_: str) -> str:
    """``closed`` after a word that is read with a consonant at its end (학교장이), else ``open_`` (교수가).

    Signs at the end say nothing, except that % is read 퍼센트.
    """
    for letter in reversed(word):
        if _FIRST <= ord(letter) <= _LAST:
            return closed if (ord(letter) - _FIRST) % _FINALS else open_
        if letter.isalnum() or letter == "%":
            return closed if letter.casefold() in _CLOSED else open_
    return open_
