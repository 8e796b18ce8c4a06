"""Named replies and how often each of their answers was given: kept together, so that no page counts replies.

Whoever calls holds the survey's row locked.
"""

from typing import Any
from uuid import UUID

from django.db.models import F

from dure.assessments.models import AnswerCount, Survey, SurveyReply
from dure.assessments.surveying import Answers, Sort
from dure.assessments.tallying import rows_of, tallied


def keep_reply(survey: Survey, *, person: UUID, group: str, answers: dict[str, Any]) -> None:
    """Keep what somebody answered under their name."""
    SurveyReply.objects.create(survey=survey, person_id=person, group=group, answers=answers)
    _count(survey, group=group, answers=answers)


def _count(survey: Survey, *, group: str, answers: Answers) -> None:
    """A text has a row of its own each time: there are as many as persons, and they are too long to be found by."""
    texts = _texts_of(survey)
    rows = [row[:3] for row in rows_of(tallied(survey.asks, [(group, answers)]))]
    kept = survey.counts.filter(
        group=group, question__in={q for q, _, _ in rows if q not in texts}, answer__in={a for _, _, a in rows}
    )
    there = {(q, group, a): pk for pk, q, a in kept.values_list("pk", "question", "answer")}
    again = [there[row] for row in rows if row in there]
    AnswerCount.objects.filter(pk__in=again).update(n=F("n") + 1)
    AnswerCount.objects.bulk_create(
        AnswerCount(survey=survey, question=question, group=of, answer=answer, n=1)
        for question, of, answer in rows
        if (question, of, answer) not in there
    )


def forget_reply(reply: SurveyReply, *, of: Survey) -> None:
    """It loses its name and every text."""
    texts = _texts_of(of)
    for key in texts & reply.answers.keys():
        same = of.counts.filter(question=key, answer=reply.answers[key])
        AnswerCount.objects.filter(pk__in=same.values("pk")[:1]).delete()
    reply.answers = {key: value for key, value in reply.answers.items() if key not in texts}
    reply.person = None
    reply.save(update_fields=["answers", "person"])


def _texts_of(survey: Survey) -> set[str]:
    return {one.key for one in survey.asks if one.sort is Sort.TEXT}
