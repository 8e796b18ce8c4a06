"""Which exam, interview or survey the people of a test stage are asked to, and in which cohort others learn."""

from typing import Self
from uuid import UUID

from ninja import Router

from dure.api.base import Asked
from dure.api.find import one, operated_programme, stage_of
from dure.api.shapes import In, Moment, Name, Out, PersonRef, Words
from dure.api.writing import writes
from dure.core.text import Text
from dure.joints.models import StageCohort, StageExam, StageInterview, StageSurvey
from dure.joints.stages.courses import bind_cohort, cohorts_to_bind
from dure.joints.stages.exams import bind_exam, exams_to_bind
from dure.joints.stages.interviews import bind_interview, interviews_to_bind
from dure.joints.stages.surveys import bind_survey, surveys_to_bind

router = Router(tags=["programmes"])
INTERVIEW = Text(ko="연결할 수 있는 면접", en="interview that you may bind")
EXAM = Text(ko="연결할 수 있는 시험", en="exam that you may bind")
SURVEY = Text(ko="연결할 수 있는 설문", en="survey that you may bind")
COHORT = Text(ko="연결할 수 있는 기수", en="cohort that you may bind")


class StageExamIn(In):
    """``option``: whose exam it is; empty: everybody's who has none of their own."""

    exam: UUID
    option: Name | None = None


class StageExamOut(Out):
    exam: UUID
    title: Words
    option: str
    bound_by: PersonRef
    at: Moment

    @classmethod
    def of(cls, row: StageExam) -> Self:
        title, by = Words.of(row.exam.title), PersonRef.of(row.bound_by)
        return cls(exam=row.exam_id, title=title, option=row.option, bound_by=by, at=row.at)


class StageExamsOut(Out):
    items: list[StageExamOut]


class StageInterviewIn(In):
    """``option``: whose interview it is; empty: everybody's who has none of their own."""

    interview: UUID
    option: Name | None = None


class StageInterviewOut(Out):
    interview: UUID
    title: Words
    option: str
    bound_by: PersonRef
    at: Moment

    @classmethod
    def of(cls, row: StageInterview) -> Self:
        title, by = Words.of(row.interview.title), PersonRef.of(row.bound_by)
        return cls(interview=row.interview_id, title=title, option=row.option, bound_by=by, at=row.at)


class StageInterviewsOut(Out):
    items: list[StageInterviewOut]


class StageSurveyIn(In):
    survey: UUID


class StageSurveyOut(Out):
    survey: UUID
    title: Words
    bound_by: PersonRef
    at: Moment

    @classmethod
    def of(cls, row: StageSurvey) -> Self:
        title, by = Words.of(row.survey.title), PersonRef.of(row.bound_by)
        return cls(survey=row.survey_id, title=title, bound_by=by, at=row.at)


class StageCohortIn(In):
    cohort: UUID


class StageCohortOut(Out):
    course: str
    cohort: UUID
    name: str
    bound_by: PersonRef
    at: Moment

    @classmethod
    def of(cls, row: StageCohort) -> Self:
        course, by = row.cohort.course.key, PersonRef.of(row.bound_by)
        return cls(course=course, cohort=row.cohort_id, name=row.cohort.name, bound_by=by, at=row.at)


@router.get("/programmes/{slug:slug}/stages/{slug:stage}/exams", response=StageExamsOut)
def exams(request: Asked, slug: str, stage: str) -> StageExamsOut:
    """The exams of a test stage, for those who operate the programme."""
    programme = operated_programme(request.auth, slug)
    rows = StageExam.objects.filter(programme=programme, stage=stage_of(programme, stage).id)
    found = rows.select_related("exam", "bound_by").order_by("option")
    return StageExamsOut(items=[StageExamOut.of(row) for row in found])


@writes(router.put, "/programmes/{slug:slug}/stages/{slug:stage}/exams", StageExamOut)
def set_exam(request: Asked, slug: str, stage: str, body: StageExamIn) -> StageExam:
    """Let the people of a test stage sit an exam of whose examiners one is."""
    programme = operated_programme(request.auth, slug)
    exam = one(exams_to_bind(request.auth), "exam.missing", EXAM, pk=body.exam)
    where = stage_of(programme, stage).id
    return bind_exam(programme, where, exam=exam, by=request.auth, option=body.option or "")


@router.get("/programmes/{slug:slug}/stages/{slug:stage}/interviews", response=StageInterviewsOut)
def interviews(request: Asked, slug: str, stage: str) -> StageInterviewsOut:
    """The interviews of a test stage, for those who operate the programme."""
    programme = operated_programme(request.auth, slug)
    rows = StageInterview.objects.filter(programme=programme, stage=stage_of(programme, stage).id)
    found = rows.select_related("interview", "bound_by").order_by("option")
    return StageInterviewsOut(items=[StageInterviewOut.of(row) for row in found])


@writes(router.put, "/programmes/{slug:slug}/stages/{slug:stage}/interviews", StageInterviewOut)
def set_interview(request: Asked, slug: str, stage: str, body: StageInterviewIn) -> StageInterview:
    """Ask the people of a test stage to an interview that one looks after."""
    programme = operated_programme(request.auth, slug)
    interview = one(interviews_to_bind(request.auth), "interview.missing", INTERVIEW, pk=body.interview)
    where = stage_of(programme, stage).id
    return bind_interview(programme, where, interview=interview, by=request.auth, option=body.option or "")


@router.get("/programmes/{slug:slug}/stages/{slug:stage}/survey", response=StageSurveyOut)
def survey(request: Asked, slug: str, stage: str) -> StageSurveyOut:
    """The survey of a test stage, for those who operate the programme."""
    programme = operated_programme(request.auth, slug)
    rows = StageSurvey.objects.select_related("survey", "bound_by")
    found = one(rows, "survey.missing", SURVEY, programme=programme, stage=stage_of(programme, stage).id)
    return StageSurveyOut.of(found)


@writes(router.put, "/programmes/{slug:slug}/stages/{slug:stage}/survey", StageSurveyOut)
def set_survey(request: Asked, slug: str, stage: str, body: StageSurveyIn) -> StageSurvey:
    """Ask the people of a test stage a survey of an organisation that one looks after."""
    programme = operated_programme(request.auth, slug)
    found = one(surveys_to_bind(request.auth), "survey.missing", SURVEY, pk=body.survey)
    return bind_survey(programme, stage_of(programme, stage).id, survey=found, by=request.auth)


@writes(router.put, "/programmes/{slug:slug}/stages/{slug:stage}/cohort", StageCohortOut)
def set_cohort(request: Asked, slug: str, stage: str, body: StageCohortIn) -> StageCohort:
    """Let the people of a learn stage learn in a cohort that one runs."""
    programme = operated_programme(request.auth, slug)
    cohort = one(cohorts_to_bind(request.auth), "cohort.missing", COHORT, pk=body.cohort)
    return bind_cohort(programme, stage_of(programme, stage).id, cohort=cohort, by=request.auth)
