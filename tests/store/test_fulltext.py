"""Words are found alike in both databases: what a reference written in Python finds, they find."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.learning.models import ItemPieces
from dure.store.fulltext import phrases_of, pieces_of
from tests.learning.factories import make_item

pytestmark = pytest.mark.django_db
SIGNS = "데이터베스한글AIaé1９2 -.,ァ漢"


def found(typed: str) -> set[str]:
    return set(ItemPieces.objects.filter(body__holds=typed).values_list("text__title", flat=True))


def test_korean_is_found_by_any_part_of_a_word():
    for title in ("데이터베이스 설계", "빅데이터 분석", "이미지 분류"):
        make_item(title=title)

    assert found("데이터") == {"데이터베이스 설계", "빅데이터 분석"}
    assert found("베이스") == {"데이터베이스 설계"}
    assert found("빅데이터를") == set()
    assert found("류") == {"이미지 분류"}


def test_letters_are_found_from_their_beginning_whatever_their_case_and_accents():
    for title in ("Azure Cosmos DB", "Résumé of MB-310T00"):
        make_item(title=title)

    assert found("cosm") == {"Azure Cosmos DB"}
    assert found("osmos") == set()
    assert found("RESUME") == {"Résumé of MB-310T00"}
    assert found("mb310t") == found("MB-310t") == {"Résumé of MB-310T00"}


def test_all_that_was_typed_must_be_there_in_any_order():
    make_item(title="AI 모델 학습")

    assert found("학습 ai") == {"AI 모델 학습"}
    assert found("학습 로봇") == set()


def test_what_says_nothing_finds_nothing():
    make_item(title="하나")
    assert [found(typed) for typed in ("", "-", '"', "':*", "*", "\0")] == [set()] * 6


def test_a_changed_or_deleted_row_is_found_by_what_it_is_now():
    row = ItemPieces.objects.get(text__item=make_item(title="바다"))

    ItemPieces.objects.filter(pk=row.pk).update(body=pieces_of("하늘"))
    changed = (found("바다"), found("하늘"))
    row.delete()

    assert (*changed, found("하늘")) == (set(), {"바다"}, set())


@settings(max_examples=60)
@given(
    st.lists(st.text(SIGNS, min_size=1, max_size=12), min_size=1, max_size=4, unique=True), st.text(SIGNS, max_size=6)
)
def test_both_databases_find_what_the_reference_finds(titles, typed):
    ItemPieces.objects.all().delete()
    items = [make_item(title=title) for title in titles if title.strip()]
    shown = {item.texts.get().title for item in items}

    assert found(typed) == {title for title in shown if fits(title, typed)}


def fits(text: str, typed: str) -> bool:
    phrases, there = phrases_of(typed), pieces_of(text).split()
    return bool(phrases) and all(any(stands(p, there[at:]) for at in range(len(there))) for p in phrases)


def stands(phrase, there: list[str]) -> bool:
    *first, last = phrase.pieces
    here = there[: len(phrase.pieces)]
    return (
        len(here) == len(phrase.pieces)
        and here[:-1] == first
        and (here[-1].startswith(last) if phrase.open else here[-1] == last)
    )
