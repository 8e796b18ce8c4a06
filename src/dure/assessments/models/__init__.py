"""Tables of tests: banks, papers, exams, attempts; interviews."""

from dure.assessments.models.attempts import (
    APPEAL_MOVES,
    ATTEMPT_MOVES,
    ENDED,
    REMARKING_MOVES,
    Appeal,
    AppealState,
    Asked,
    Attempt,
    AttemptState,
    Incident,
    Remarking,
    RemarkingState,
    Remedy,
)
from dure.assessments.models.banks import Bank, Picture, Question, QuestionSkill, Version
from dure.assessments.models.exams import EXAM_MOVES, Candidate, Exam, ExamState, Paper, PaperLine, Review
from dure.assessments.models.interviews import (
    INTERVIEW_MOVES,
    INTERVIEWEE_MOVES,
    SCORING_MOVES,
    Interview,
    Interviewee,
    IntervieweeState,
    InterviewState,
    Scoring,
    ScoringState,
    Shows,
)

__all__ = [
    "APPEAL_MOVES", "ATTEMPT_MOVES", "ENDED", "EXAM_MOVES", "INTERVIEWEE_MOVES", "INTERVIEW_MOVES",
    "REMARKING_MOVES", "SCORING_MOVES", "Appeal", "AppealState", "Asked", "Attempt", "AttemptState", "Bank",
    "Candidate", "Exam", "ExamState", "Incident", "Interview", "InterviewState", "Interviewee", "IntervieweeState",
    "Paper", "PaperLine", "Picture", "Question", "QuestionSkill", "Remarking", "RemarkingState", "Remedy", "Review",
    "Scoring", "ScoringState", "Shows", "Version",
]  # fmt: skip
