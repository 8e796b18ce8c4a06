"""Sentences in Korean and English."""

import pytest

from dure.core.text import Text

GREETING = Text(ko="안녕하세요 {name}", en="Hello {name}")


@pytest.mark.parametrize(
    ("language", "read"), [("en", "en"), ("en-gb", "en"), ("ko", "ko"), ("ko-KR", "ko"), ("fr", "ko")]
)
def test_whoever_reads_no_english_reads_korean(language, read):
    assert GREETING[language] == getattr(GREETING, read)


def test_both_sentences_are_filled_a_text_by_its_own_language():
    host = Text(ko="두레", en="Dure")

    assert GREETING.format(name=host) == Text(ko="안녕하세요 두레", en="Hello Dure")
    assert GREETING.format(name=3) == Text(ko="안녕하세요 3", en="Hello 3")


def test_a_text_goes_into_json_and_comes_back():
    assert Text.of(GREETING.as_dict()) == GREETING
