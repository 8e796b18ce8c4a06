"""Rounds and their tasks; who enters them; submissions, their quotas and the boards."""

from dure.challenges.models.entrants import Entrant, EntrantMember, Quota
from dure.challenges.models.programs import Contract, Program, ProgramPart
from dure.challenges.models.rounds import Code, Round, Task, Upload, Visibility
from dure.challenges.models.submissions import (
    SUBMISSION_MOVES,
    UNJUDGED,
    Best,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from dure.challenges.models.workers import RoundQueue, WorkerQueue, WorkerToken

__all__ = [
    "SUBMISSION_MOVES", "UNJUDGED",
    "Best", "Code", "Contract", "Entrant", "EntrantMember", "Program", "ProgramPart", "Quota", "Round", "RoundQueue",
    "Submission", "SubmissionKind", "SubmissionState", "Task", "Upload", "Visibility", "WorkerQueue", "WorkerToken",
]  # fmt: skip
