"""Which piece of a room's work belongs to which turn, and what people said about turns where no room has its own."""

from dure.joints.models.batches import BATCH_LASTS, BATCH_MOVES, Batch, BatchKind, BatchLine, BatchState
from dure.joints.models.bound import (
    CourseTurn,
    FieldEvidence,
    FormTurn,
    ProgrammeCredential,
    ProgrammeFund,
    RoundTask,
    RoundTurn,
    StageCohort,
)
from dure.joints.models.bundles import BUNDLE_MOVES, BundleState, ImportedBundle, SentBundle
from dure.joints.models.judging import PROOF_MOVES, REVIEW_MOVES, Fee, Proof, ProofState, Review, ReviewState, Say

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
    "Fee",
    "FieldEvidence",
    "FormTurn",
    "ImportedBundle",
    "ProgrammeCredential",
    "ProgrammeFund",
    "Proof",
    "ProofState",
    "Review",
    "ReviewState",
    "RoundTask",
    "RoundTurn",
    "Say",
    "SentBundle",
    "StageCohort",
]
