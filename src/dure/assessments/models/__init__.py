"""Tables of tests: banks, papers, exams, attempts."""

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

__all__ = [
    "APPEAL_MOVES", "ATTEMPT_MOVES", "ENDED", "EXAM_MOVES", "REMARKING_MOVES", "Appeal", "AppealState", "Asked",
    "Attempt", "AttemptState", "Bank", "Candidate", "Exam", "ExamState", "Incident", "Paper", "PaperLine", "Picture",
    "Question", "QuestionSkill", "Remarking", "RemarkingState", "Remedy", "Review", "Version",
]  # fmt: skip
