"""Surveys for tests, made and answered by the room's own operations."""

from datetime import timedelta
from itertools import count
from typing import Any

from dure.assessments.models import Survey
from dure.assessments.operations.answering import answer, ask
from dure.assessments.operations.surveys import make_survey, open_survey
from dure.assessments.surveying import Question, Sort
from dure.core import clock
from dure.core.text import Text
from dure.people.models import Person
from tests.factories import make_organisation, make_person

_numbers = count(1)
COLOURS = tuple(Text(ko=ko, en=en) for ko, en in (("빨강", "Red"), ("파랑", "Blue"), ("초록", "Green")))


def asks(sort: Sort | str, key: str = "", **known: Any) -> Question:
    sort = Sort(sort)
    choices = COLOURS if sort.has_choices else ()
    text = Text(ko=f"{sort.value} 질문입니까?", en=f"A {sort.value} question?")
    return Question(key or sort.value, sort, text, **{"choices": choices, **known})


EVERY = (asks("scale"), asks("single"), asks("multiple"), asks("number"), asks("text", required=False))


def make_draft(*questions: Question, **known: Any) -> Survey:
    now, number = clock.now(), next(_numbers)
    told = {
        "title_ko": f"설문 {number}", "title_en": f"Survey {number}", "promise": "anonymous",
        "opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=7),
        "questions": questions or EVERY, "by": known.pop("by", None) or make_person(), **known,
    }  # fmt: skip
    return make_survey(told.pop("organisation", None) or make_organisation(), **told)


def make_open(*questions: Question, **known: Any) -> Survey:
    return open_survey(make_draft(*questions, **known))


def asked(survey: Survey, n: int, *, group: str = "") -> list[Person]:
    people = [make_person() for _ in range(n)]
    ask(survey, dict.fromkeys(people, group))
    return people


def answers(**known: Any) -> dict[str, Any]:
    """To all of ``EVERY`` but the text."""
    return {"scale": 4, "single": 1, "multiple": [0, 2], "number": "3.5", **known}


def answered(survey: Survey, *given: dict[str, Any], group: str = "") -> list[Person]:
    """Somebody new for each of the answers."""
    people = asked(survey, len(given), group=group)
    for person, told in zip(people, given, strict=True):
        answer(survey, person=person, answers=told)
    return people
