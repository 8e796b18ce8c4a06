"""The survey joint: whoever's turn at a survey's stage opens is asked, and having answered hands the turn in.

Only that somebody has answered comes back, never what. A stage without a survey stays recorded. A turn of several
people is handed in once each of them has answered.
"""

from collections.abc import Sequence
from contextlib import suppress

from django.db import transaction
from django.db.models import QuerySet

from dure.assessments.events import SurveyAnswered
from dure.assessments.models import Survey, SurveyState
from dure.assessments.operations.answering import ask
from dure.assessments.rules import may_keep_survey, surveys_kept_by
from dure.audit.operations import record as record_act
from dure.blueprint.model import Stage, TestDo
from dure.core.errors import Forbidden, Refused
from dure.core.events import on
from dure.core.text import Text
from dure.joints.models import StageSurvey
from dure.joints.options import option_by_turn
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Member, Programme, Turn, TurnState
from dure.programmes.operations.handing import hand_in
from dure.programmes.queries.members import members_by_turn
from dure.skills.operations import record

VIA = "survey"
NOT_YOURS = Text(
    ko="프로그램의 운영자이면서 이 설문을 맡은 기관의 관리자만 연결할 수 있습니다.",
    en="Only somebody who operates the programme and looks after the survey's organisation may bind them.",
)
NOT_SURVEY = Text(ko="설문을 하는 단계가 아닙니다.", en="This stage is not one at which a survey is answered.")
OVER = Text(
    ko="끝난 설문은 연결할 수 없습니다. 복제해서 새 설문을 여세요.",
    en="A survey that is over cannot be bound. Copy it and bind the copy.",
)
BEGUN = Text(
    ko="이미 다른 설문에 답한 사람이 있어 바꿀 수 없습니다.",
    en="Some have answered another survey for this stage: it cannot be changed any more.",
)


def answers_survey(stage: Stage) -> bool:
    """Whether a survey can be bound to the stage."""
    return isinstance(stage.do, TestDo) and stage.do.type == "survey"


@transaction.atomic
def bind_survey(programme: Programme, stage_id: str, *, survey: Survey, by: Person) -> StageSurvey:
    """Ask the stage's people: those whose turn is open now, and each whose turn opens from now on.

    Raises Forbidden("survey.not-yours"), Refused("survey.kind", "survey.over", "survey.begun").
    """
    if not (rules.operates(by, programme) and may_keep_survey(by, survey)):
        raise Forbidden("survey.not-yours", NOT_YOURS)
    if not answers_survey(blueprint_of(programme).stage(stage_id)):
        raise Refused("survey.kind", NOT_SURVEY)
    if survey.state == SurveyState.CLOSED:
        raise Refused("survey.over", OVER)
    before = survey_at(programme, stage_id)
    if before is not None and before.survey_id != survey.pk and _handed_in(programme, stage_id).exists():
        raise Refused("survey.begun", BEGUN)
    kept = {"survey": survey, "bound_by": by}
    bound, _ = StageSurvey.objects.update_or_create(programme=programme, stage=stage_id, defaults=kept)
    record_act("programme.survey", programme, after={"stage": stage_id, "survey": survey.pk}, actor=by)
    opened = Turn.objects.filter(programme=programme, stage=stage_id, state=TurnState.OPEN)
    ask_turns(programme, stage_id, list(opened.select_related("case", "programme")))
    return bound


def survey_at(programme: Programme, stage_id: str) -> StageSurvey | None:
    return StageSurvey.objects.filter(programme=programme, stage=stage_id).select_related("survey", "bound_by").first()


def surveys_to_bind(person: Person) -> "QuerySet[Survey]":
    """Surveys that somebody looks after and that are not over, the newest first."""
    return surveys_kept_by(person).exclude(state=SurveyState.CLOSED)


def survey_of(turn: Turn) -> Survey | None:
    """The survey that a turn's people answer."""
    asks = answers_survey(blueprint_of(turn.programme).stage(turn.stage))
    bound = survey_at(turn.programme, turn.stage) if asks else None
    return bound.survey if bound else None


def ask_turns(programme: Programme, stage_id: str, turns: Sequence[Turn]) -> None:
    """Ask the people of turns that opened, by option; who has answered before hands in at once."""
    bound = survey_at(programme, stage_id)
    if bound is None or not turns or bound.survey.state == SurveyState.CLOSED:
        return
    members = members_by_turn(turns)
    options = option_by_turn(programme, stage_id, turns, members)
    people = {person: options[turn.pk] for turn in turns for person in _persons(members[turn.pk])}
    blueprint = blueprint_of(programme)
    ask(bound.survey, people, groups={option: blueprint.word(option) for option in set(people.values()) if option})
    _hand_in_answered(bound.survey, turns)


@on(SurveyAnswered)
def hand_in_who_answered(fact: SurveyAnswered) -> None:
    for bound in StageSurvey.objects.filter(survey=fact.survey).select_related("survey"):
        turns = Turn.objects.filter(
            programme=bound.programme_id, stage=bound.stage, state=TurnState.OPEN,
            turn_members__member__person=fact.person,
        )  # fmt: skip
        _hand_in_answered(bound.survey, list(turns.select_related("programme", "case", "evidence")))


def _hand_in_answered(survey: Survey, turns: Sequence[Turn]) -> None:
    """What the turn takes no more (closed, settled, left) is the survey's alone."""
    members = members_by_turn(turns)
    asked = [person for found in members.values() for person in _persons(found)]
    answered = set(survey.respondents.filter(person__in=asked, answered=True).values_list("person", flat=True))
    for turn in turns:
        persons = _persons(members[turn.pk])
        if not persons or {person.pk for person in persons} - answered:
            continue
        with suppress(Refused), transaction.atomic():
            evidence = record("test", {}, persons=persons, via=VIA, by=None, proof=f"survey {survey.pk}")
            hand_in(turn, evidence)


def _persons(members: Sequence[Member]) -> list[Person]:
    return [member.person for member in members if member.person]


def _handed_in(programme: Programme, stage_id: str) -> "QuerySet[Turn]":
    return Turn.objects.filter(programme=programme, stage=stage_id, evidence__via=VIA)
