"""Who is asked by a survey, what they answer, and letters to those who have not."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from dure.assessments import sealing
from dure.assessments.events import SurveyAnswered, SurveyLettersDue
from dure.assessments.models import Promise, Respondent, SealedAnswer, Survey, SurveyLetter, SurveyReply, SurveyState
from dure.assessments.operations.replying import forget_reply, keep_reply
from dure.assessments.rules import may_answer_survey
from dure.assessments.surveying import Answers, taken
from dure.audit.operations import Part, record, record_many
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import Person
from dure.store.transactions import durable

REMINDED_EVERY = timedelta(days=1)
_NOT_YOU = Text(
    ko="이 설문의 대상이 아닙니다. 설문을 연 기관에 문의하세요.",
    en="You are not among those whom this survey asks. Ask the organisation that holds it.",
)
_CLOSED = Text(ko="지금은 답할 수 없는 설문입니다.", en="The survey takes no answers now.")
_ONCE = Text(ko="이미 답했습니다. 한 사람이 한 번만 답합니다.", en="You have answered already: everybody answers once.")
_OVER = Text(ko="끝난 설문입니다.", en="The survey is over.")
_REMINDED = Text(
    ko="지난 하루 안에 이미 알렸습니다. 하루에 한 번만 다시 알릴 수 있습니다.",
    en="They were reminded within the last day. Once a day is enough.",
)


@transaction.atomic
def ask(survey: Survey, people: Mapping[Person, str], *, groups: Mapping[str, Text] | None = None) -> int:
    """Ask these persons, each of a group ("": none); who is asked already is passed over. Returns how many came in.

    ``groups``: names of the groups by key. Raises Refused("survey.over").
    """
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    if survey.state == SurveyState.CLOSED:
        raise Refused("survey.over", _OVER)
    there = set(survey.respondents.values_list("person", flat=True))
    rows = [Respondent(survey=survey, person=p, group=g) for p, g in people.items() if p.pk not in there]
    for row in rows:
        row.letter = SurveyLetter.INVITATION
    Respondent.objects.bulk_create(rows, batch_size=1_000)
    if groups:
        survey.groups = {**survey.groups, **{key: text.as_dict() for key, text in groups.items()}}
        survey.save(update_fields=["groups"])
    if rows:
        record_many("survey.asked", survey, parts=[Part(("people.person", row.person_id)) for row in rows])
        publish(SurveyLettersDue(survey.pk))
    return len(rows)


def answer(survey: Survey, *, person: Person, answers: Answers) -> None:
    """Take somebody's answers, once. Nothing that is written here joins an anonymous answer to them.

    Raises Forbidden("survey.not-asked"), Refused("survey.closed", "survey.answered"), Flawed("survey.answers").
    """
    with durable():
        row = Survey.objects.select_for_update().select_related("organisation").get(pk=survey.pk)  # a close waits
        asked = _respondent(row, person)
        if not row.is_going:
            raise Refused("survey.closed", _CLOSED)
        kept = taken(row.asks, answers)
        if not Respondent.objects.filter(pk=asked.pk, answered=False).update(answered=True, letter=SurveyLetter.NONE):
            raise Refused("survey.answered", _ONCE)
        _keep(row, asked, kept)
        publish(SurveyAnswered(row.pk, person.pk))


def _respondent(survey: Survey, person: Person) -> Respondent:
    """Whoever comes by a link is asked from then on."""
    found = survey.respondents.filter(person=person).first()
    if found is not None:
        return found
    if not may_answer_survey(person, survey):
        raise Forbidden("survey.not-asked", _NOT_YOU)
    return Respondent.objects.get_or_create(survey=survey, person=person)[0]


def _keep(survey: Survey, asked: Respondent, answers: dict[str, Any]) -> None:
    if survey.promise == Promise.ANONYMOUS:
        box = sealing.seal({"group": asked.group, "answers": answers}, public=survey.public_key)
        SealedAnswer.objects.create(survey=survey, box=box)
    else:
        keep_reply(survey, person=asked.person_id, group=asked.group, answers=answers)


# --- letters


@transaction.atomic
def remind(survey: Survey) -> int:
    """Write to those who have not answered; returns how many. Raises Refused("survey.closed", "survey.reminded")."""
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    if not survey.is_going:
        raise Refused("survey.closed", _CLOSED)
    now = clock.now()
    if survey.reminded_at is not None and now - survey.reminded_at < REMINDED_EVERY:
        raise Refused("survey.reminded", _REMINDED)
    survey.reminded_at = now
    survey.save(update_fields=["reminded_at"])
    waiting = survey.respondents.filter(answered=False, letter=SurveyLetter.NONE)
    n = waiting.update(letter=SurveyLetter.REMINDER)
    record("survey.reminded", survey, after={"people": n})
    publish(SurveyLettersDue(survey.pk))
    return n


def letters_due(survey: Survey, *, most: int) -> list[Respondent]:
    """The next of those who are to be written to, taken off the list; none while the survey takes no answers."""
    if not survey.is_going:
        return []
    due = survey.respondents.exclude(letter=SurveyLetter.NONE).filter(answered=False).select_related("person")
    rows = list(due.order_by("pk")[:most])
    Respondent.objects.filter(pk__in=[row.pk for row in rows]).update(letter=SurveyLetter.NONE)
    return rows


# --- forgetting


@transaction.atomic
def forget_answers(person: Person) -> None:
    """Named replies lose the name and every text; what was said without a name is not theirs to be found."""
    replies = list(SurveyReply.objects.filter(person=person))
    surveys = Survey.objects.select_for_update().in_bulk([reply.survey_id for reply in replies])
    for reply in replies:
        forget_reply(reply, of=surveys[reply.survey_id])
    Respondent.objects.filter(person=person, answered=False).delete()
