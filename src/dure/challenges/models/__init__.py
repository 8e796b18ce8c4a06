"""Rounds and their tasks; who enters them; submissions, their quotas and the boards."""

from dure.challenges.models.carrying import Carried, CarryOver, Which
from dure.challenges.models.entrants import Entrant, EntrantMember, Quota
from dure.challenges.models.fieldtrials import (
    FIELD_ALIVE,
    FIELD_MOVES,
    FIELD_OVER,
    Adoption,
    Ending,
    FieldDay,
    FieldRequest,
    FieldState,
    FieldTotal,
    FieldTrial,
)
from dure.challenges.models.programs import Contract, Program, ProgramPart
from dure.challenges.models.rejudging import (
    NEW_MOVES,
    OPEN_PROPOSALS,
    PROPOSAL_MOVES,
    Change,
    NewState,
    NewVerdict,
    PlaceChange,
    Proposal,
    ProposalState,
    TaskVersion,
    VersionPart,
)
from dure.challenges.models.rounds import (
    MOST_AT_ONCE,
    MOST_SELECTED,
    Allowed,
    Boards,
    Code,
    Ratio,
    Round,
    Sharing,
    Task,
    Upload,
    Visibility,
)
from dure.challenges.models.standing import IN_FORCE, OUT_MOVES, Ban, Disqualification, Ground, OutState
from dure.challenges.models.submissions import (
    SUBMISSION_MOVES,
    UNJUDGED,
    Best,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from dure.challenges.models.talk import THREAD_MOVES, Follow, Post, Spoken, Thread, ThreadKind, ThreadState
from dure.challenges.models.teams import Departed, EntrantTeam, TeamRule
from dure.challenges.models.trials import TRIAL_MOVES, Embedding, RoundDraft, TrialKind, TrialRun, TrialState
from dure.challenges.models.verification import (
    SIMILARITY_MOVES,
    UNVERIFIED,
    VERIFICATION_MOVES,
    VERIFIED,
    Selected,
    SimilarityRun,
    SimilarityState,
    SimilarPair,
    Verification,
    VerificationState,
)
from dure.challenges.models.workers import RoundQueue, WorkerQueue, WorkerToken

__all__ = [
    "FIELD_ALIVE", "FIELD_MOVES", "FIELD_OVER", "IN_FORCE", "MOST_AT_ONCE", "MOST_SELECTED", "NEW_MOVES",
    "OPEN_PROPOSALS", "OUT_MOVES", "PROPOSAL_MOVES", "SIMILARITY_MOVES", "SUBMISSION_MOVES", "THREAD_MOVES",
    "TRIAL_MOVES", "UNJUDGED", "UNVERIFIED", "VERIFICATION_MOVES", "VERIFIED", "Adoption", "Allowed", "Ban", "Best",
    "Boards", "Carried", "CarryOver", "Change", "Code", "Contract", "Departed", "Disqualification", "Embedding",
    "Ending", "Entrant", "EntrantMember", "EntrantTeam", "FieldDay", "FieldRequest", "FieldState", "FieldTotal",
    "FieldTrial", "Follow", "Ground", "NewState", "NewVerdict", "OutState", "PlaceChange", "Post", "Program",
    "ProgramPart", "Proposal", "ProposalState", "Quota", "Ratio", "Round", "RoundDraft", "RoundQueue", "Selected",
    "Sharing", "SimilarPair", "SimilarityRun", "SimilarityState", "Spoken", "Submission", "SubmissionKind",
    "SubmissionState", "Task", "TaskVersion", "TeamRule", "Thread", "ThreadKind", "ThreadState", "TrialKind",
    "TrialRun", "TrialState", "Upload", "Verification", "VerificationState", "VersionPart", "Visibility", "Which",
    "WorkerQueue", "WorkerToken",
]  # fmt: skip
