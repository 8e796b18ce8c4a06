"""Who may do what with banks, exams and attempts, with interviews and their points, with surveys."""

from django.db.models import Q, QuerySet

from dure.assessments.models import (
    Attempt,
    AttemptState,
    Bank,
    Exam,
    ExamState,
    Interview,
    Interviewee,
    IntervieweeState,
    Reach,
    Review,
    Scoring,
    ScoringState,
    Shows,
    Survey,
    SurveyState,
)
from dure.calendar.models import Role as Part
from dure.people.models import Organisation, Person
from dure.people.rules import administered_by, belongs_to, is_operator, may_change_organisation


def may_appoint(actor: Person, bank: Bank) -> bool:
    """Say who the examiners are."""
    return may_change_organisation(actor, bank.organisation)


def may_keep(actor: Person, bank: Bank) -> bool:
    """Write its questions and papers, hold its exams, release results."""
    return actor.is_active and kept_by(actor).filter(pk=bank.pk).exists()


def kept_by(actor: Person) -> "QuerySet[Bank]":
    """The banks that somebody looks after, by name."""
    rows = Bank.objects.select_related("organisation").order_by("name_key", "pk")
    if is_operator(actor):
        return rows
    return rows.filter(Q(pk__in=actor.examined_banks.values("pk")) | Q(organisation__in=administered_by(actor)))


def may_see_exam(actor: Person, exam: Exam) -> bool:
    """Candidates; of an exam for all, everybody who is signed in; a draft only its examiners."""
    if may_keep(actor, exam.bank):
        return True
    admitted = exam.candidates.filter(person=actor).exists()
    return actor.is_active and exam.state != ExamState.DRAFT and (admitted or exam.for_all)


def may_sit(actor: Person, attempt: Attempt) -> bool:
    return actor.is_active and attempt.candidate.person_id == actor.pk


def sees_marks(attempt: Attempt) -> bool:
    """Whether its candidate sees the mark of each answer."""
    return attempt.state == AttemptState.RELEASED and attempt.exam.review != Review.SCORE


def sees_answers(attempt: Attempt) -> bool:
    """Whether its candidate sees what would have been right: not while somebody may still be asked the same."""
    return sees_marks(attempt) and attempt.exam.review == Review.ANSWERS and attempt.exam.is_over


# --- interviews


def plans_interviews_for(actor: Person) -> "QuerySet[Organisation]":
    """Whose interviews somebody may plan, by name: as an administrator, or an examiner of any of its banks."""
    rows = Organisation.objects.order_by("name_key", "pk")
    if is_operator(actor):
        return rows
    return rows.filter(Q(pk__in=administered_by(actor)) | Q(pk__in=actor.examined_banks.values("organisation")))


def may_plan_interviews(actor: Person, organisation: Organisation) -> bool:
    return actor.is_active and plans_interviews_for(actor).filter(pk=organisation.pk).exists()


def held_by(actor: Person) -> "QuerySet[Interview]":
    """The interviews that somebody looks after, the newest first."""
    rows = Interview.objects.select_related("organisation", "series").order_by("-pk")
    if is_operator(actor):
        return rows
    return rows.filter(Q(pk__in=actor.examined_interviews.values("pk")) | Q(organisation__in=administered_by(actor)))


def may_hold(actor: Person, interview: Interview) -> bool:
    """Say who interviews whom and how, settle and release."""
    return is_operator(actor) or (actor.is_active and held_by(actor).filter(pk=interview.pk).exists())


def may_interview(actor: Person, interview: Interview) -> bool:
    seats = interview.series.attendees.filter(person=actor, role=Part.TEACHER, left_at=None)
    return actor.is_active and seats.exists()


def may_score(actor: Person, scoring: Scoring) -> bool:
    return actor.is_active and scoring.interviewer_id == actor.pk


def sees_others(scoring: Scoring) -> bool:
    """Whether an interviewer sees the others' points: once all have sent, never of whom they are close to."""
    return scoring.state != ScoringState.EXCUSED and scoring.interviewee.is_all_sent


def sees_score(row: Interviewee) -> bool:
    """Whether the interviewee sees the score."""
    return row.state == IntervieweeState.RELEASED and row.interview.shows != Shows.VERDICT


def sees_reasons(row: Interviewee) -> bool:
    return row.state == IntervieweeState.RELEASED and row.interview.shows == Shows.REASONS


# --- surveys


def may_make_survey(actor: Person, organisation: Organisation) -> bool:
    return may_change_organisation(actor, organisation)


def surveys_kept_by(actor: Person) -> "QuerySet[Survey]":
    """The surveys of the organisations that somebody looks after, the newest first."""
    rows = Survey.objects.select_related("organisation").order_by("-pk")
    if is_operator(actor):
        return rows
    return rows.filter(organisation__in=administered_by(actor))


def may_keep_survey(actor: Person, survey: Survey) -> bool:
    """Write it, say who is asked, open and close it, read its results."""
    return actor.is_active and may_change_organisation(actor, survey.organisation)


def may_answer_survey(actor: Person, survey: Survey) -> bool:
    """Those who are asked; with the link also members of its organisation or anybody, where it says so."""
    if not actor.is_active or survey.state == SurveyState.DRAFT:
        return False
    by_link = survey.reach == Reach.ANYBODY or (
        survey.reach == Reach.MEMBERS and belongs_to(actor, survey.organisation)
    )
    return by_link or survey.respondents.filter(person=actor).exists()
