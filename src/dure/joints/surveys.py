"""Surveys and those whom they ask: people of a stage, a cohort, a series; letters; what somebody takes along."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dure.assessments.events import SurveyLettersDue
from dure.assessments.models import Respondent, Survey, SurveyLetter
from dure.assessments.operations.answering import ask, letters_due
from dure.calendar.models import Role, Series
from dure.calendar.rules import may_run as may_run_series
from dure.core import clock
from dure.core.errors import Forbidden
from dure.core.events import on
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.jobs.registry import task
from dure.joints.options import option_by_turn
from dure.learning.models import Cohort, EnrolmentState
from dure.learning.rules import may_run as may_run_cohort
from dure.people.models import NoticeKind, Person
from dure.people.operations import Letter, write_to
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, Turn, TurnState
from dure.programmes.queries.members import members_by_turn

TELL = "joints.survey-letters"
AT_ONCE = 200  # letters of one job; the next job goes on behind them
THERE = (TurnState.WAITING, TurnState.OPEN, TurnState.HANDED_IN, TurnState.PASSED, TurnState.OUT)
LEARNS = (EnrolmentState.ACTIVE, EnrolmentState.FINISHED)
NOT_YOURS = Text(
    ko="이 사람들에게 설문을 보낼 권한이 없습니다. 운영하는 프로그램·기수·일정에서 고르세요.",
    en="You may not ask these people. Choose a programme, cohort or series that you run.",
)
ANONYMOUS = Text(
    ko="답은 익명이며, 누가 무엇이라고 답했는지 나중에도 아무도 알 수 없습니다.",
    en="Answers are anonymous: nobody can find out who said what, not even later.",
)
NAMED = Text(ko="답은 이름과 함께 보입니다.", en="Answers are seen with your name.")
INVITED = Letter(
    NoticeKind.OPENED,
    Text(ko="설문 ‘{title}’에 답해 주세요.", en="Please answer the survey “{title}”."),
    Text(ko="[두레] 설문: {title}", en="[Dure] Survey: {title}"),
    Text(
        ko="{who}에서 ‘{title}’ 설문에 답해 주시기를 바랍니다.\n{promise}\n\n{link}\n",
        en="{who} asks you to answer the survey “{title}”.\n{promise}\n\n{link}\n",
    ),
)
REMINDED = Letter(
    NoticeKind.OPENED,
    Text(ko="설문 ‘{title}’에 아직 답할 수 있습니다.", en="The survey “{title}” is still open."),
    Text(ko="[두레] 아직 답할 수 있습니다: {title}", en="[Dure] Still open: {title}"),
    INVITED.body,
)
LETTERS = {SurveyLetter.INVITATION.value: INVITED, SurveyLetter.REMINDER.value: REMINDED}


@transaction.atomic
def ask_stage(
    survey: Survey, programme: Programme, stage: str, *, by: Person, state: str = "", option: str = ""
) -> int:
    """Ask the people of a stage, those in ``state`` and of ``option`` where these are said; by option as groups.

    Returns how many came in. Raises Forbidden("survey.not-your-people").
    """
    _check(rules.operates(by, programme))
    turns = list(
        Turn.objects.filter(programme=programme, stage=stage, state__in=[state] if state else THERE)
        .select_related("programme", "case")
        .order_by("pk")
    )
    members = members_by_turn(turns)
    options = option_by_turn(programme, stage, turns, members)
    people = {
        member.person: options[turn.pk]
        for turn in turns
        if not option or options[turn.pk] == option
        for member in members[turn.pk]
        if member.person
    }
    return _ask(survey, people, {key: blueprint_of(programme).word(key) for key in set(people.values()) if key})


@transaction.atomic
def ask_cohort(survey: Survey, cohort: Cohort, *, by: Person) -> int:
    """Ask who learns in a cohort, by track as groups. Raises Forbidden("survey.not-your-people")."""
    _check(may_run_cohort(by, cohort))
    rows = cohort.enrolments.filter(state__in=LEARNS).select_related("person")
    people = {row.person: row.option for row in rows}
    return _ask(survey, people, {key: Text(ko=key, en=key) for key in set(people.values()) if key})


@transaction.atomic
def ask_series(survey: Survey, series: Series, *, by: Person) -> int:
    """Ask who takes part in a series of sessions, or an event. Raises Forbidden("survey.not-your-people")."""
    _check(may_run_series(by, series))
    rows = series.attendees.filter(role=Role.ATTENDEE, left_at=None).select_related("person")
    return _ask(survey, {row.person: "" for row in rows}, {})


def _check(allowed: bool) -> None:
    if not allowed:
        raise Forbidden("survey.not-your-people", NOT_YOURS)


def _ask(survey: Survey, people: Mapping[Person, str], groups: Mapping[str, Text]) -> int:
    return ask(survey, {person: group for person, group in people.items() if person.is_active}, groups=groups)


# --- letters


@on(SurveyLettersDue)
def write_soon(fact: SurveyLettersDue) -> None:
    opens_at = Survey.objects.values_list("opens_at", flat=True).get(pk=fact.survey)
    _enqueue(fact.survey, at=max(opens_at, clock.now()))


@task(TELL)
def write_letters(*, survey: str) -> None:
    """Some at a time, once the survey takes answers; who has answered meanwhile is not written to."""
    row = Survey.objects.select_related("organisation").get(pk=UUID(survey))
    due = letters_due(row, most=AT_ONCE)
    for kind, letter in LETTERS.items():
        people = [one.person for one in due if one.letter == kind]
        promise = ANONYMOUS if row.is_anonymous else NAMED
        words = {"title": row.title, "who": row.organisation.title, "promise": promise}
        write_to(people, letter, path=f"/surveys/{row.pk}/", **words)
    if len(due) == AT_ONCE:
        _enqueue(row.pk, at=clock.now())


def _enqueue(survey: UUID, *, at: datetime) -> None:
    enqueue(TELL, arguments={"survey": survey}, key=f"{TELL}:{survey}", run_at=at)


# --- taking along


def surveys_told(person: Person) -> Sequence[Mapping[str, object]]:
    """Which surveys asked somebody, and what they said under their name; of anonymous ones nobody can tell."""
    replies = {row.survey_id: row for row in person.survey_replies.all()}
    rows = Respondent.objects.filter(person=person).select_related("survey").order_by("survey")
    return [
        {
            "survey": row.survey.title_en, "promise": row.survey.promise, "answered": row.answered,
            "answers": replies[row.survey_id].answers if row.survey_id in replies else None,
        }
        for row in rows
    ]  # fmt: skip
