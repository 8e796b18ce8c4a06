"""Surveys written, opened, closed, held again."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from dure.assessments import sealing
from dure.assessments.events import SurveyLettersDue
from dure.assessments.models import SURVEY_MOVES, AnswerCount, SealedAnswer, Survey, SurveyState
from dure.assessments.surveying import Question, check_questions
from dure.assessments.tallying import LEAST, Tally, rows_of, tallied
from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused, Unready
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.store.models import move
from dure.store.transactions import durable

AT_ONCE = 1_000
_FORWARD = Text(ko="설문은 시작한 뒤에 끝나야 합니다.", en="A survey ends after it begins.")
_FIXED = Text(
    ko="응답을 받기 시작한 설문은 바꿀 수 없습니다. 고치려면 복제해서 새 설문을 만드세요.",
    en="A survey that was opened is not changed any more. Copy it and change the copy.",
)
_EMPTY = Text(ko="질문이 없습니다. 질문을 넣은 뒤 시작하세요.", en="It asks nothing yet. Add a question, then open it.")
_PAST = Text(ko="마감이 이미 지났습니다. 마감 시각을 다시 정하세요.", en="Its end has passed. Set another one.")
_EARLIER = Text(ko="마감은 뒤로만 옮길 수 있습니다.", en="The end is moved to later only.")
_HELD = Text(
    ko="이 설문의 봉인을 여는 키가 있습니다. 답을 세어 마감하세요.",
    en="The key that opens this survey's answers is there: close it with them.",
)


@transaction.atomic
def make_survey(organisation: Organisation, *, by: Person, previous: Survey | None = None, **told: Any) -> Survey:
    """A draft. ``told``: title, about, promise, reach, window, questions. Raises Flawed("survey.times",
    "survey.questions")."""
    survey = Survey(organisation=organisation, made_by=by, previous=previous, **_kept(told))
    _check(survey)
    survey.save(force_insert=True)
    record("survey.made", survey, after=_told(survey))
    return survey


@transaction.atomic
def change_survey(survey: Survey, **told: Any) -> Survey:
    """Say it otherwise, as long as it is a draft. Raises Refused("survey.fixed"), Flawed as ``make_survey``."""
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    if survey.state != SurveyState.DRAFT:
        raise Refused("survey.fixed", _FIXED)
    before = _told(survey)
    for name, value in _kept(told).items():
        setattr(survey, name, value)
    _check(survey)
    survey.save(update_fields=[*told, "name_key"])
    record("survey.changed", survey, before=before, after=_told(survey))
    return survey


def _kept(told: Mapping[str, Any]) -> dict[str, Any]:
    questions: Sequence[Question] | None = told.get("questions")
    return {**told, "questions": [one.as_dict() for one in questions]} if questions is not None else dict(told)


def _check(survey: Survey) -> None:
    if survey.closes_at <= survey.opens_at:
        raise Flawed("survey.times", _FORWARD, errors=[{"text": _FORWARD.as_dict()}])
    check_questions(survey.asks)


def _told(survey: Survey) -> dict[str, Any]:
    names = ("title_ko", "title_en", "promise", "reach", "opens_at", "closes_at")
    return {**{name: getattr(survey, name) for name in names}, "questions": len(survey.questions)}


def copy_survey(survey: Survey, *, by: Person, opens_at: datetime, closes_at: datetime) -> Survey:
    """The next edition: the same questions under the same keys, so that results are compared."""
    names = ("title_ko", "title_en", "about_ko", "about_en", "promise", "reach")
    same = {name: getattr(survey, name) for name in names}
    return make_survey(
        survey.organisation, by=by, previous=survey, questions=survey.asks, opens_at=opens_at, closes_at=closes_at,
        **same,
    )  # fmt: skip


def open_survey(survey: Survey) -> Survey:
    """Take answers in its window; what it asks and promises stays as it is. Raises Refused("survey.empty",
    "survey.past")."""
    survey.refresh_from_db()
    with sealing.new_key() if survey.is_anonymous else nullcontext("") as key:
        return _open(survey, key=key)


@transaction.atomic
def _open(survey: Survey, *, key: str) -> Survey:
    survey.refresh_from_db()
    if not survey.questions:
        raise Refused("survey.empty", _EMPTY)
    if survey.closes_at <= clock.now():
        raise Refused("survey.past", _PAST)
    move(survey, SurveyState.OPEN, by=SURVEY_MOVES, public_key=key)
    record("survey.opened", survey, after={"promise": survey.promise, "closes_at": survey.closes_at})
    publish(SurveyLettersDue(survey.pk))
    return survey


@transaction.atomic
def extend_survey(survey: Survey, *, closes_at: datetime) -> Survey:
    """Take answers longer. Raises Refused("survey.earlier")."""
    moved = Survey.objects.filter(pk=survey.pk, state=SurveyState.OPEN, closes_at__lt=closes_at)
    if closes_at <= clock.now() or not moved.update(closes_at=closes_at):
        raise Refused("survey.earlier", _EARLIER)
    record("survey.extended", survey, before={"closes_at": survey.closes_at}, after={"closes_at": closes_at})
    survey.closes_at = closes_at
    return survey


def close_survey(survey: Survey, *, without_answers: bool = False) -> Survey:
    """Take no more answers. Anonymous ones are opened, counted and forgotten, and their key is destroyed.

    ``without_answers``: where the key of anonymous ones is lost. Raises Unready("survey.key-missing"),
    Refused("survey.key-there").
    """
    with durable():
        row = Survey.objects.select_for_update().get(pk=survey.pk)
        counted = _count(row, without_answers=without_answers) if row.is_anonymous else {}
        move(row, SurveyState.CLOSED, by=SURVEY_MOVES, is_lost=without_answers and row.is_anonymous)
        _keep(row, counted)
        row.sealed.all().delete()
        record("survey.closed", row, after={"answered": row.respondents.filter(answered=True).count()})
        if row.public_key:
            transaction.on_commit(partial(sealing.destroy_key, row.public_key))
    return row


def _count(survey: Survey, *, without_answers: bool) -> Tally:
    if without_answers:
        if sealing.is_here(survey.public_key):
            raise Refused("survey.key-there", _HELD)
        return {}
    opener = sealing.Opener(survey.public_key)
    boxes = SealedAnswer.objects.filter(survey=survey).values_list("box", flat=True)
    opened = (opener.open(bytes(box)) for box in boxes)
    return tallied(survey.asks, ((one["group"], one["answers"]) for one in opened), least=LEAST)


def _keep(survey: Survey, counted: Tally) -> None:
    """In an order that follows from the answers alone."""
    rows = [
        AnswerCount(survey=survey, question=question, group=group, answer=answer, n=n)
        for question, group, answer, n in rows_of(counted)
    ]
    AnswerCount.objects.bulk_create(rows, batch_size=AT_ONCE)


def close_due_surveys() -> None:
    """Those whose end has come; one whose key is not on this machine waits for another worker, or for its people."""
    for survey in Survey.objects.filter(state=SurveyState.OPEN, closes_at__lte=clock.now()).order_by("closes_at"):
        try:
            close_survey(survey)
        except Unready:
            continue


def destroy_old_keys() -> None:
    """Keys of surveys that closed just before their machine stopped."""
    closed = Survey.objects.filter(state=SurveyState.CLOSED).exclude(public_key="")
    for key in closed.values_list("public_key", flat=True):
        if sealing.is_here(key):
            sealing.destroy_key(key)
