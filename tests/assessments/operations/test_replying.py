"""Counts of named replies are those that counting all replies anew would give."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dure.assessments.models import Survey
from dure.assessments.operations.answering import answer, forget_answers
from dure.assessments.queries.surveys import tally_for
from dure.assessments.tallying import rows_of, tallied
from dure.people.models import Person
from tests.assessments.survey_factories import asked, asks, make_open

pytestmark = pytest.mark.django_db

QUESTIONS = (
    asks("scale"), asks("single"), asks("multiple"), asks("number"), asks("text", required=False),
    asks("text", key="more", required=False), asks("scale", key="again", required=False),
)  # fmt: skip
TEXTS = st.sampled_from(["좋았습니다.", "More time.", ""])
REPLY = st.tuples(
    st.sampled_from(["", "a", "b"]),
    st.fixed_dictionaries(
        {
            "scale": st.integers(1, 5), "single": st.integers(0, 2), "number": st.sampled_from(["1", "2.5", "40"]),
            "multiple": st.lists(st.integers(0, 2), min_size=1, unique=True), "text": TEXTS, "more": TEXTS,
        },
        optional={"again": st.integers(1, 5)},
    ),
    st.booleans(),
)  # fmt: skip


@given(st.lists(REPLY, max_size=8))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_kept_counts_equal_counting_again(replies: list[tuple[str, dict[str, Any], bool]]) -> None:
    survey = make_open(*QUESTIONS, promise="named")

    people = [_answered(survey, group, told) for group, told, _ in replies]
    before = _kept(survey), _counted_again(survey)
    for person, (_, _, is_forgotten) in zip(people, replies, strict=True):
        if is_forgotten:
            forget_answers(person)

    assert before[0] == before[1]
    assert _kept(survey) == _counted_again(survey)


def test_an_answer_asks_as_much_however_many_there_are() -> None:
    survey = make_open(*QUESTIONS, promise="named")
    told = {"scale": 1, "single": 0, "multiple": [0, 1], "number": "1", "text": "좋았습니다."}

    asked_of_each = [_queries_of_answering(survey, told) for _ in range(8)]

    assert len(set(asked_of_each[1:])) == 1


def _queries_of_answering(survey: Survey, told: dict[str, Any]) -> int:
    [person] = asked(survey, 1)
    with CaptureQueriesContext(connection) as queries:
        answer(survey, person=person, answers=told)
    return len(queries)


def _answered(survey: Survey, group: str, told: dict[str, Any]) -> Person:
    [person] = asked(survey, 1, group=group)
    answer(survey, person=person, answers=told)
    return person


def _kept(survey: Survey) -> list[tuple[str, str, str, int]]:
    return rows_of(tally_for(survey))


def _counted_again(survey: Survey) -> list[tuple[str, str, str, int]]:
    return rows_of(tallied(survey.asks, survey.replies.values_list("group", "answers")))
