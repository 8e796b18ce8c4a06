"""Surveys over HTTP: written, opened, sent, answered, closed, read; those of stages are bound with the programme."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field, model_validator

from dure.api.base import Asked
from dure.api.find import allow, one, operated_programme, organisation_by, persons_by, stage_of
from dure.api.learning.courses import COHORT
from dure.api.shapes import GivenMoment, In, Line, Moment, Out, Page, Paging, PersonRef, Prose, Words, paged
from dure.api.writing import writes
from dure.assessments.models import Survey, SurveyReply
from dure.assessments.operations.answering import answer, ask, remind
from dure.assessments.operations.surveys import (
    change_survey,
    close_survey,
    copy_survey,
    extend_survey,
    make_survey,
    open_survey,
)
from dure.assessments.queries.surveys import has_answered, results_of, shows_results, surveys_for, turnout_of
from dure.assessments.rules import may_answer_survey, may_keep_survey, may_make_survey, surveys_kept_by
from dure.assessments.surveying import NOTHING, Question, Sort
from dure.assessments.tallying import Outcome, Part
from dure.audit.operations import record
from dure.calendar.models import Series
from dure.core.errors import Missing, Refused
from dure.core.text import Text
from dure.joints.stages.courses import cohorts_to_bind
from dure.joints.surveys import ask_cohort, ask_series, ask_stage

router = Router(tags=["surveys"])
SURVEY = Text(ko="설문", en="survey")
SERIES = Text(ko="일정", en="series")
NOT_YET = Text(
    ko="익명 설문의 결과는 마감한 뒤에 볼 수 있습니다.",
    en="Results of an anonymous survey are shown once it is closed.",
)
NO_REPLIES = Text(ko="이름을 받지 않은 설문입니다.", en="This survey asked for no names.")
NO_PEOPLE = Text(
    ko="emails, stage, cohort, series 가운데 하나를 쓰세요.", en="Say one of emails, stage, cohort and series."
)
Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class SurveyWordsIn(In):
    """A text in both languages."""

    ko: Annotated[str, Field(max_length=1000)] = ""
    en: Annotated[str, Field(max_length=1000)] = ""

    @property
    def text(self) -> Text:
        return Text(ko=self.ko, en=self.en)


class SurveyQuestionIn(In):
    """``key`` names the question in results and across editions; ``low`` and ``high`` are the ends of a scale."""

    key: Key
    sort: Literal["scale", "single", "multiple", "number", "text"]
    text: SurveyWordsIn
    choices: Annotated[list[SurveyWordsIn], Field(max_length=20)] = []
    required: bool = True
    low: SurveyWordsIn | None = None
    high: SurveyWordsIn | None = None

    @property
    def question(self) -> Question:
        low, high = (end.text if end else NOTHING for end in (self.low, self.high))
        choices = tuple(choice.text for choice in self.choices)
        return Question(self.key, Sort(self.sort), self.text.text, choices, self.required, low, high)


class SurveyQuestionOut(Out):
    key: str
    sort: str
    text: Words
    choices: list[Words]
    required: bool
    low: Words
    high: Words

    @classmethod
    def of(cls, row: Question) -> Self:
        return cls(
            key=row.key, sort=row.sort.value, text=Words.of(row.text), required=row.required,
            choices=[Words.of(choice) for choice in row.choices], low=Words.of(row.low), high=Words.of(row.high),
        )  # fmt: skip


class SurveyIn(In):
    """``reach``: only those ``asked``, also ``members`` of the organisation, or ``anybody`` who has the link."""

    title: Words
    about: Words = Words(ko="", en="")
    promise: Literal["anonymous", "named"]
    reach: Literal["asked", "members", "anybody"] = "asked"
    opens_at: GivenMoment
    closes_at: GivenMoment
    questions: Annotated[list[SurveyQuestionIn], Field(max_length=60)] = []

    @property
    def told(self) -> dict[str, Any]:
        """What the operations take."""
        same = {name: getattr(self, name) for name in ("promise", "reach", "opens_at", "closes_at")}
        return {
            **same, "title_ko": self.title.ko[:200], "title_en": self.title.en[:200],
            "about_ko": self.about.ko[:10_000], "about_en": self.about.en[:10_000],
            "questions": [one.question for one in self.questions],
        }  # fmt: skip


class NewSurveyIn(SurveyIn):
    organisation: Line


class SurveyWindowIn(In):
    opens_at: GivenMoment
    closes_at: GivenMoment


class SurveyEndIn(In):
    closes_at: GivenMoment


class SurveyClosingIn(In):
    """``without_answers``: where the key that opens them is lost."""

    without_answers: bool = False


class SurveyOut(Out):
    id: UUID
    organisation: str
    title: Words
    about: Words
    promise: str
    reach: str
    state: str
    opens_at: Moment
    closes_at: Moment
    previous: UUID | None
    questions: list[SurveyQuestionOut]

    @classmethod
    def of(cls, row: Survey) -> Self:
        names = ("id", "promise", "reach", "state", "opens_at", "closes_at")
        return cls(
            **{name: getattr(row, name) for name in names}, organisation=row.organisation.short,
            title=Words.of(row.title), about=Words.of(row.about), previous=row.previous_id,
            questions=[SurveyQuestionOut.of(one) for one in row.asks],
        )  # fmt: skip

    @classmethod
    def many(cls, rows: Sequence[Survey]) -> list[Self]:
        return [cls.of(row) for row in rows]


class SurveyStageIn(In):
    """``state`` and ``option`` narrow it down."""

    programme: Line
    stage: Line
    state: Literal["", "waiting", "open", "handed-in", "passed", "out"] = ""
    option: Line = ""


class SurveyPeopleIn(In):
    """One of these, and only one."""

    emails: Annotated[list[Annotated[str, Field(max_length=254)]], Field(max_length=5000)] = []
    stage: SurveyStageIn | None = None
    cohort: UUID | None = None
    series: UUID | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if sum(map(bool, (self.emails, self.stage, self.cohort, self.series))) > 1:
            raise ValueError("name the addresses, a stage, a cohort or a series, and only one of them")
        return self


class SurveyPeopleOut(Out):
    """How many persons it concerned."""

    people: int

    @classmethod
    def of(cls, people: int) -> Self:
        return cls(people=people)


class SurveyTurnoutOut(Out):
    asked: int
    answered: int


class SurveyAnswersIn(In):
    """By key: a scale 1 to 5, the place of a choice from 0, a list of places, a number or a text."""

    answers: dict[Key, int | Prose | list[int] | Decimal | None]


class SurveyAnsweredOut(Out):
    """That it was answered; what, is not told."""

    answered: bool

    @classmethod
    def of(cls, answered: bool) -> Self:
        return cls(answered=answered)


class SurveyPartOut(Out):
    """Answers that are told together: their values, how many persons, and by group where groups are compared."""

    values: list[str]
    n: int
    by_group: dict[str, int] | None

    @classmethod
    def of(cls, part: Part, *, groups: bool) -> Self:
        return cls(values=list(part.values), n=part.n, by_group=dict(part.by_group) if groups else None)


class SurveyResultOut(Out):
    """``compared``: by group, joined further where a group would show too few; ``hidden``: choices not shown."""

    key: str
    n: int
    mean: Decimal | None
    is_about: bool
    parts: list[SurveyPartOut]
    compared: list[SurveyPartOut]
    hidden: list[str]
    texts: list[str]

    @classmethod
    def of(cls, row: Outcome) -> Self:
        return cls(
            key=row.question.key, n=row.n, mean=None if row.mean is None else round(row.mean, 2), is_about=row.is_about,
            parts=[SurveyPartOut.of(part, groups=False) for part in row.parts],
            compared=[SurveyPartOut.of(part, groups=True) for part in row.compared], hidden=list(row.hidden),
            texts=list(row.texts),
        )  # fmt: skip


class SurveyResultsOut(Out):
    questions: list[SurveyResultOut]


class SurveyReplyOut(Out):
    id: UUID
    person: PersonRef | None
    group: str
    sent_at: Moment
    answers: dict[str, Any]

    @classmethod
    def many(cls, rows: Sequence[SurveyReply]) -> list[Self]:
        return [
            cls(
                id=row.pk, person=PersonRef.of(row.person) if row.person else None, group=row.group,
                sent_at=row.sent_at, answers=row.answers,
            )
            for row in rows
        ]  # fmt: skip


# --- held


@router.get("/surveys", response=Page[SurveyOut])
def all_surveys(request: Asked, paging: Query[Paging]) -> Page[SurveyOut]:
    """The surveys of the organisations that one looks after."""
    return paged(surveys_kept_by(request.auth), paging, SurveyOut.many)


@writes(router.post, "/surveys", SurveyOut, status=201)
def make(request: Asked, body: NewSurveyIn) -> Survey:
    """Write a draft for an organisation that one looks after."""
    home = organisation_by(body.organisation)
    allow(may_make_survey(request.auth, home), "survey.not-yours")
    return make_survey(home, by=request.auth, **body.told)


@router.get("/surveys/{uuid:survey_id}", response=SurveyOut)
def survey(request: Asked, survey_id: UUID) -> SurveyOut:
    """What a survey promises and asks, for those who may answer it and those who look after it."""
    return SurveyOut.of(_seen(request, survey_id))


@writes(router.put, "/surveys/{uuid:survey_id}", SurveyOut)
def change(request: Asked, survey_id: UUID, body: SurveyIn) -> Survey:
    """Say a draft otherwise; what was opened stands."""
    return change_survey(_kept(request, survey_id), **body.told)


@writes(router.post, "/surveys/{uuid:survey_id}/open", SurveyOut)
def open_(request: Asked, survey_id: UUID) -> Survey:
    """Take answers in its window, and write to those who are asked."""
    return open_survey(_kept(request, survey_id))


@writes(router.put, "/surveys/{uuid:survey_id}/end", SurveyOut)
def extend(request: Asked, survey_id: UUID, body: SurveyEndIn) -> Survey:
    """Take answers longer."""
    return extend_survey(_kept(request, survey_id), closes_at=body.closes_at)


@writes(router.post, "/surveys/{uuid:survey_id}/close", SurveyOut)
def close(request: Asked, survey_id: UUID, body: SurveyClosingIn) -> Survey:
    """Take no more answers; anonymous ones are counted, and what could tell them apart is destroyed."""
    close_survey(_kept(request, survey_id), without_answers=body.without_answers)
    return _kept(request, survey_id)


@writes(router.post, "/surveys/{uuid:survey_id}/copies", SurveyOut, status=201)
def copy(request: Asked, survey_id: UUID, body: SurveyWindowIn) -> Survey:
    """The next edition: a draft with the same questions under the same keys."""
    return copy_survey(_kept(request, survey_id), by=request.auth, opens_at=body.opens_at, closes_at=body.closes_at)


@writes(router.post, "/surveys/{uuid:survey_id}/people", SurveyPeopleOut)
def ask_people(request: Asked, survey_id: UUID, body: SurveyPeopleIn) -> int:
    """Ask people by address, or those of a stage, a cohort or a series that one runs; nobody is asked twice."""
    found, by = _kept(request, survey_id), request.auth
    if body.emails:
        return ask(found, dict.fromkeys(persons_by(body.emails), ""))
    if body.stage:
        programme = operated_programme(by, body.stage.programme)
        stage = stage_of(programme, body.stage.stage).id
        return ask_stage(found, programme, stage, by=by, state=body.stage.state, option=body.stage.option)
    if body.cohort:
        return ask_cohort(found, one(cohorts_to_bind(by), "cohort.missing", COHORT, pk=body.cohort), by=by)
    if body.series:
        rows = Series.objects.select_related("organisation")
        return ask_series(found, one(rows, "series.missing", SERIES, pk=body.series), by=by)
    raise Refused("survey.people", NO_PEOPLE)


@writes(router.post, "/surveys/{uuid:survey_id}/reminders", SurveyPeopleOut)
def remind_people(request: Asked, survey_id: UUID) -> int:
    """Write to those who have not answered, at most once a day."""
    return remind(_kept(request, survey_id))


@router.get("/surveys/{uuid:survey_id}/turnout", response=SurveyTurnoutOut)
def turnout(request: Asked, survey_id: UUID) -> SurveyTurnoutOut:
    """How many are asked, and how many of them have answered."""
    told = turnout_of(_kept(request, survey_id))
    return SurveyTurnoutOut(asked=told.asked, answered=told.answered)


@router.get("/surveys/{uuid:survey_id}/results", response=SurveyResultsOut)
def results(request: Asked, survey_id: UUID) -> SurveyResultsOut:
    """What came of it; of anonymous answers after the close, and no number of one to four persons."""
    found = _kept(request, survey_id)
    if not shows_results(found):
        raise Refused("survey.results", NOT_YET)
    record("survey.read", found, after={"format": "json"})
    return SurveyResultsOut(questions=[SurveyResultOut.of(row) for row in results_of(found).outcomes])


@router.get("/surveys/{uuid:survey_id}/replies", response=Page[SurveyReplyOut])
def replies(request: Asked, survey_id: UUID, paging: Query[Paging]) -> Page[SurveyReplyOut]:
    """Who answered what, where the survey says that names are seen."""
    found = _kept(request, survey_id)
    if found.is_anonymous:
        raise Missing("survey.replies", NO_REPLIES)
    record("survey.read", found, after={"format": "json", "names": True})
    return paged(found.replies.select_related("person"), paging, SurveyReplyOut.many)


# --- answered


@router.get("/me/surveys", response=Page[SurveyOut])
def own_surveys(request: Asked, paging: Query[Paging]) -> Page[SurveyOut]:
    """The surveys that ask one."""
    return paged(surveys_for(request.auth), paging, SurveyOut.many)


@router.get("/surveys/{uuid:survey_id}/answers", response=SurveyAnsweredOut)
def is_answered(request: Asked, survey_id: UUID) -> SurveyAnsweredOut:
    """Whether one has answered; what, is not told."""
    return SurveyAnsweredOut(answered=has_answered(request.auth, _seen(request, survey_id)))


@writes(router.put, "/surveys/{uuid:survey_id}/answers", SurveyAnsweredOut)
def give_answers(request: Asked, survey_id: UUID, body: SurveyAnswersIn) -> bool:
    """Answer, once. Nothing of an anonymous answer is kept with who sent it: no key, no log, no time."""
    given = {key: str(value) if isinstance(value, Decimal) else value for key, value in body.answers.items()}
    answer(_seen(request, survey_id), person=request.auth, answers=given)
    return True


def _kept(request: Asked, survey_id: UUID) -> Survey:
    """The survey, for those who look after it."""
    found = one(Survey.objects.select_related("organisation"), "survey.missing", SURVEY, pk=survey_id)
    allow(may_keep_survey(request.auth, found), "survey.not-yours")
    return found


def _seen(request: Asked, survey_id: UUID) -> Survey:
    """The survey, for those who may answer it or look after it; others need not know that it is there."""
    rows = Survey.objects.select_related("organisation")
    found = one(rows, "survey.missing", SURVEY, pk=survey_id)
    sees = may_answer_survey(request.auth, found) or may_keep_survey(request.auth, found)
    return found if sees else one(rows.none(), "survey.missing", SURVEY)
