"""Which piece of a room's work belongs to which turn, and what people said about turns where no room has its own."""

from dure.joints.models.batches import BATCH_LASTS, BATCH_MOVES, Batch, BatchKind, BatchLine, BatchState
from dure.joints.models.bound import (
    CourseTurn,
    ExamTurn,
    FieldEvidence,
    FormTurn,
    ProgrammeCredential,
    ProgrammeFund,
    RoundTask,
    RoundTurn,
    StageCohort,
    StageExam,
)
from dure.joints.models.bundles import BUNDLE_MOVES, BundleState, ImportedBundle, SentBundle
from dure.joints.models.interviews import InterviewTurn, StageInterview
from dure.joints.models.judging import (
    PROOF_MOVES,
    REVIEW_MOVES,
    Fee,
    Proof,
    ProofSort,
    ProofState,
    Review,
    ReviewState,
    Say,
    TrustedIssuer,
)
from dure.joints.models.sessions import LessonSession
from dure.joints.models.surveys import StageSurvey

__all__ = [
    "BATCH_LASTS",
    "BATCH_MOVES",
    "BUNDLE_MOVES",
    "PROOF_MOVES",
    "REVIEW_MOVES",
    "Batch",
    "BatchKind",
    "BatchLine",
    "BatchState",
    "BundleState",
    "CourseTurn",
    "ExamTurn",
    "Fee",
    "FieldEvidence",
    "FormTurn",
    "ImportedBundle",
    "InterviewTurn",
    "LessonSession",
    "ProgrammeCredential",
    "ProgrammeFund",
    "Proof",
    "ProofSort",
    "ProofState",
    "Review",
    "ReviewState",
    "RoundTask",
    "RoundTurn",
    "Say",
    "SentBundle",
    "StageCohort",
    "StageExam",
    "StageInterview",
    "StageSurvey",
    "TrustedIssuer",
]
