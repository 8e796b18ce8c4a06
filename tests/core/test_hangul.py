"""What finds what: whole names, parts, first letters, half a syllable; and that nothing else does."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.core.hangul import ANY, START, endings, key_of, patterns

SYLLABLES = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
NAMES = st.text(st.one_of(SYLLABLES, st.sampled_from("abcXYZ 019-_%é")), min_size=1, max_size=12)
MIXED = st.text(st.one_of(st.sampled_from("가각간감강김민밍민서석수ㄱㄴㄳㅏㅣㅢㅁab%_|·"), st.characters()), max_size=8)
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"


def finds(typed: str, *names: str) -> bool:
    """As LIKE does it: ``_`` is any one letter."""
    key = key_of(*names)
    return any(re.search(re.escape(pattern).replace("_", "."), key) for pattern in patterns(typed))


def first_letter(syllable: str) -> str:
    return INITIALS[(ord(syllable) - 0xAC00) // 588]


@pytest.mark.parametrize(
    "typed",
    ["네이버", "ㄴㅇㅂ", "네ㅇ", "ㄴ이ㅂ", "이버", "ㅇㅂ", "네", "넹", "네입", "네 이 버", "NAVER", "naver", "ave",
     "ＮＡＶＥＲ", "\u1102\u110b\u1107", "ㄴ"],
)  # fmt: skip
def test_naver_is_found_by(typed):
    assert finds(typed, "네이버", "NAVER")


@pytest.mark.parametrize("typed", ["내이버", "ㄴㅂ", "네버", "버네", "navar", "ㅂㄴ", "니", "네이번"])
def test_naver_is_not_found_by(typed):
    assert not finds(typed, "네이버", "NAVER")


@pytest.mark.parametrize("typed", ["", " ", "-", "%", "_", "…", "\u0301"])
def test_what_has_no_letter_finds_nothing(typed):
    assert patterns(typed) == []


def test_a_final_never_passes_for_an_initial():
    assert not finds("ㄴㄱ", "간가")


def test_initials_that_a_keyboard_joins_are_two():
    """Typed one after the other, ㄱ and ㅅ become ㄳ."""
    assert finds("ㄳ", "김수민")


def test_a_cluster_that_is_being_typed_finds_what_it_becomes():
    assert (finds("앉", "안정"), finds("닭", "달고기"), finds("닭", "닭고기")) == (True, True, True)


def test_one_name_does_not_run_into_the_next():
    assert not finds("버na", "네이버", "NAVER")


@given(NAMES, st.data())
def test_every_part_of_a_name_finds_it(name, data):
    start = data.draw(st.integers(0, len(name) - 1))
    part = name[start : data.draw(st.integers(start + 1, len(name)))]
    assert finds(part, name) or patterns(part) == []


def test_endings_begin_at_each_letter_or_syllable_but_the_first():
    whole = key_of("김ㄱa서")[1:]

    assert endings(f"{START}{whole}") == [whole[3:], whole[6:], whole[7:]]
    assert (endings(""), endings(key_of("가")), endings(key_of("a", "b"))) == ([], [], [])


@given(st.one_of(NAMES, MIXED), st.one_of(NAMES, MIXED), st.data())
def test_what_is_in_a_name_is_where_it_or_an_ending_of_it_begins(name, other, data):
    part = name[data.draw(st.integers(0, len(name))) :]
    typed = data.draw(st.sampled_from([other, part, part[:2], part[:3], part[:1] + other]))
    key = key_of(name)

    begins = [
        re.match(pattern.replace(ANY, "."), text) for pattern in patterns(typed) for text in [key[1:], *endings(key)]
    ]

    assert finds(typed, name) == any(begins)


@given(st.text(SYLLABLES, min_size=1, max_size=8), st.data())
def test_any_syllable_may_be_typed_by_its_first_letter(name, data):
    typed = "".join(first_letter(c) if data.draw(st.booleans()) else c for c in name)
    assert finds(typed, name)


@given(NAMES)
def test_composed_and_decomposed_are_the_same(name):
    assert key_of(name) == key_of(unicodedata.normalize("NFD", name)) == key_of(unicodedata.normalize("NFC", name))


@given(NAMES)
def test_case_and_spaces_make_no_difference(name):
    assert key_of(name) == key_of(name.upper()) == key_of(name.replace(" ", "  "))


@given(st.text(SYLLABLES, min_size=1, max_size=5), st.text(SYLLABLES, min_size=1, max_size=5))
def test_whole_syllables_are_found_where_they_stand_and_nowhere_else(typed, name):
    """But for the last one, whose final may still come or move on."""
    if finds(typed, name):
        firsts = "".join(first_letter(c) for c in name)
        assert "".join(first_letter(c) for c in typed) in firsts


@given(st.text(max_size=300))
def test_any_text_has_a_key_and_patterns_without_signs_of_sql(text):
    assert len(key_of(text, text)) <= 800
    assert all(set(pattern).isdisjoint("%\\'|") for pattern in patterns(text))
