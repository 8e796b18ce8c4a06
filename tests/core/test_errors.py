"""Refusals: a code for programs, a sentence in both languages for people, the facts behind it."""

import pytest

from dure.core.errors import Flawed, Forbidden, Missing, Refused, Unready
from dure.core.text import Text


def test_a_refusal_says_what_in_both_languages():
    refused = Refused("room.full", Text(ko="자리가 없습니다.", en="No seats are left."), seats=0)

    assert (refused.code, refused.text["ko"], refused.facts) == ("room.full", "자리가 없습니다.", {"seats": 0})
    assert str(refused) == "No seats are left."


def test_a_plain_text_is_the_same_in_both():
    assert Refused("x", "BP101").text == Text(ko="BP101", en="BP101")


@pytest.mark.parametrize(
    ("kind", "status"), [(Refused, 409), (Missing, 404), (Forbidden, 403), (Unready, 503), (Flawed, 422)]
)
def test_every_sort_of_refusal_is_one_and_has_its_answer(kind, status):
    assert (issubclass(kind, Refused), kind.status) == (True, status)
