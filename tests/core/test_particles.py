"""Which form of a particle follows a word, and where sentences take it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dure
from dure.core.particles import fill, particle, settle

SOURCES = Path(dure.__file__).parent
FORMS = {
    "은(는)": {"은", "는"}, "이(가)": {"이", "가"}, "을(를)": {"을", "를"}, "과(와)": {"과", "와"},
    "(이)": {"이", ""}, "(으)": {"으", ""}, "이어(여)": {"이어", "여"},
}  # fmt: skip
forms = st.sampled_from(sorted(FORMS))
syllables = st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣"))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("한빛", "한빛이"), ("네이버", "네이버가"), ("서울", "서울이"),
        ("3", "3이"), ("2", "2가"), ("0.5", "0.5가"), ("10", "10이"), ("1,000,000", "1,000,000이"),
        ("1,000,000,000,000", "1,000,000,000,000가"), ("100%", "100%가"),
        ("KAIST", "KAIST가"), ("GM", "GM이"), ("URL", "URL이"), ("R", "R이"), ("GPU", "GPU가"),
        ("server", "server가"), ("file", "file이"), ("team", "team이"), ("ranking", "ranking이"), ("robot", "robot이"),
        ("test.csv", "test.csv가"), ("Python3", "Python3이"), ("no_such_", "no_such_가"),
    ],
)  # fmt: skip
def test_the_particle_follows_how_the_word_is_read(word, said):
    assert word + particle(word, "이(가)") == said


@pytest.mark.parametrize(
    ("word", "said"), [("서울", "로"), ("1", "로"), ("URL", "로"), ("부산", "으로"), ("대구", "로")]
)
def test_a_word_that_ends_with_rieul_goes_on_without_eu(word, said):
    assert particle(word, "(으)") + "로" == said


@pytest.mark.parametrize(
    ("word", "said"),
    [("‘석사’", "가"), ("(주)한빛", "이"), ("한빛(HANBIT Co)", "이"), ("“두레”.", "가"), ("(한빛)", "이")],
)
def test_quotes_signs_and_what_is_bracketed_behind_a_word_are_not_read(word, said):
    assert particle(word, "이(가)") == said


@pytest.mark.parametrize("word", ["", "()", "日本", "Ω", "→"])
def test_what_nobody_can_read_aloud_takes_both_forms(word):
    assert particle(word, "은(는)") == "은(는)"


@given(st.text(), forms)
def test_one_form_or_both_always_follow(word, written):
    assert particle(word, written) in {written, *FORMS[written]}


@given(st.text(), syllables)
def test_only_the_last_syllable_decides(before, last):
    assert particle(before + last, "을(를)") == particle(last, "을(를)") != "을(를)"


@given(st.integers(min_value=0, max_value=10**20))
def test_every_number_can_be_read_with_and_without_commas(number):
    assert particle(f"{number:,}", "은(는)") == particle(str(number), "은(는)") != "은(는)"


@given(syllables, st.sampled_from(["’", "”", "`", " ", "’)", " (ABC)"]))
def test_what_closes_a_word_changes_nothing(word, closing):
    assert particle(word + closing, "은(는)") == particle(word, "은(는)")


def test_a_filled_sentence_takes_the_particles_that_fit():
    assert fill("‘{a}’은(는) {b}(으)로 바뀌고 {c}이어(여)야 합니다.", {"a": "학교", "b": "교실", "c": 2}) == (
        "‘학교’는 교실로 바뀌고 2여야 합니다."
    )


@given(st.text())
def test_what_people_wrote_is_not_touched(written):
    assert fill("{words}\n{link}", {"words": f"{written}을(를)", "link": "x"}) == f"{written}을(를)\nx"


def test_a_sentence_that_was_put_together_takes_them_too():
    assert settle("‘b’은(는) ‘name’이(가) 아닙니다. ‘가’(이)라는 것을(를)") == "‘b’는 ‘name’이 아닙니다. ‘가’라는 것을"


def _sentences_put_together() -> Iterator[str]:
    """Where ``Text(ko=f"…")`` leaves a particle open: nothing fills it in later."""
    for file in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                written = [ast.unparse(k.value) for k in node.keywords if isinstance(k.value, ast.JoinedStr)]
                if any(settle(ko) != ko for ko in written):
                    yield f"{file.relative_to(SOURCES)}:{node.lineno}"


def test_sentences_that_are_put_together_at_once_choose_their_particles():
    assert list(_sentences_put_together()) == []
