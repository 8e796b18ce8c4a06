"""Which form of a particle follows a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.core.particles import particle


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("한빛", "이"), ("네이버", "가"), ("‘석사’", "가"), ("100%", "가"), ("(주)한빛", "이"), ("LG", "가"),
        ("KAIST", "가"), ("GM", "이"), ("3", "이"), ("2", "가"), ("", "가"),
    ],
)  # fmt: skip
def test_the_particle_follows_how_the_word_is_read(word, said):
    assert particle(word, "이", "가") == said


@given(st.text())
def test_one_of_both_forms_always_follows(word):
    assert particle(word, "은", "는") in {"은", "는"}
