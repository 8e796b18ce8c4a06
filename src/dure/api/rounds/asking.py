"""What a round asks with each submission, whose submissions it takes, and those that are public."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from django.http import FileResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from dure.api.base import ANYBODY, Asked, AskedByAnybody, caller
from dure.api.rounds.found import organised_round, submission_by, task_by
from dure.api.shapes import In, Line, Moment, Out, Page, Paging, Words, paged
from dure.api.writing import writes
from dure.challenges import files
from dure.challenges.models import Round, Submission
from dure.challenges.operations.asking import MOST_ALLOWED, set_allowed, set_questions
from dure.challenges.operations.sharing import share
from dure.challenges.queries.sharing import may_have_file, shared
from dure.challenges.questions import MOST_ABOUT, MOST_OPTIONS, MOST_QUESTIONS, Question, QuestionKind
from dure.core.errors import Missing
from dure.core.text import Text

router = Router(tags=["rounds"])
FILE = {"responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}}}
_NO_FILE = Text(ko="그런 제출물이 없거나 공개되지 않았습니다.", en="There is no such submission, or it is not public.")
About = Annotated[str, StringConstraints(max_length=MOST_ABOUT)]


class AskedWords(In):
    """In both languages."""

    ko: About = ""
    en: About = ""


class AskedQuestionIn(In):
    """``key`` names the answer. ``options`` are given where one of them (choice) or any (choices) is the answer."""

    key: Line
    title: AskedWords
    kind: Literal["text", "yes-no", "choice", "choices"] = "text"
    options: Annotated[list[Line], Field(max_length=MOST_OPTIONS)] = []
    required: bool = False
    on_board: bool = False
    about: AskedWords = AskedWords()

    def question(self) -> Question:
        return Question(
            self.key, Text(**self.title.model_dump()), QuestionKind(self.kind), tuple(self.options), self.required,
            self.on_board, Text(**self.about.model_dump()),
        )  # fmt: skip


class AskedQuestionsIn(In):
    """All of them, in their order."""

    questions: Annotated[list[AskedQuestionIn], Field(max_length=MOST_QUESTIONS)]


class AskedQuestionOut(Out):
    key: str
    title: Words
    kind: str
    options: list[str]
    required: bool
    on_board: bool
    about: Words

    @classmethod
    def of(cls, question: Question) -> Self:
        return cls(**question.as_dict())


class AskedQuestionsOut(Out):
    questions: list[AskedQuestionOut]

    @classmethod
    def of(cls, round_: Round) -> Self:
        return cls(questions=[AskedQuestionOut.of(question) for question in round_.asked])


class AllowedIn(In):
    """``emails`` null: submissions of everybody who takes part are taken."""

    emails: Annotated[list[Line], Field(max_length=MOST_ALLOWED)] | None


class AllowedOut(Out):
    emails: list[str] | None

    @classmethod
    def of(cls, round_: Round) -> Self:
        listed = round_.allowed.order_by("email").values_list("email", flat=True)
        return cls(emails=list(listed) if round_.by_list else None)


class PublicAttemptIn(In):
    public: bool


class PublicAttemptOut(Out):
    id: UUID
    public: bool

    @classmethod
    def of(cls, submission: Submission) -> Self:
        return cls(id=submission.pk, public=submission.is_public)


class SharedRow(Out):
    """``answers`` are those that stand on the board."""

    id: UUID
    who: str
    number: int
    public_score: float | None
    received_at: Moment
    name: str
    size: int
    answers: dict[str, Any]


@router.get("/rounds/{uuid:round_id}/questions", response=AskedQuestionsOut)
def questions(request: Asked, round_id: UUID) -> AskedQuestionsOut:
    """What is asked with each submission, for those who run the round."""
    return AskedQuestionsOut.of(organised_round(request.auth, round_id))


@writes(router.put, "/rounds/{uuid:round_id}/questions", AskedQuestionsOut)
def ask(request: Asked, round_id: UUID, body: AskedQuestionsIn) -> Round:
    """Ask these from now on; answers that were given stay with their submissions."""
    return set_questions(organised_round(request.auth, round_id), [one.question() for one in body.questions])


@router.get("/rounds/{uuid:round_id}/allowed", response=AllowedOut)
def allowed(request: Asked, round_id: UUID) -> AllowedOut:
    """Whose submissions are taken, for those who run the round."""
    return AllowedOut.of(organised_round(request.auth, round_id))


@writes(router.put, "/rounds/{uuid:round_id}/allowed", AllowedOut)
def allow_listed(request: Asked, round_id: UUID, body: AllowedIn) -> Round:
    """Take submissions of persons with these addresses only, from now on."""
    return set_allowed(organised_round(request.auth, round_id), body.emails)


@writes(router.put, "/submissions/{uuid:submission_id}/public", PublicAttemptOut)
def make_public(request: Asked, submission_id: UUID, body: PublicAttemptIn) -> Submission:
    """Let whoever sees the board see one's own submission and its file, or no longer."""
    return share(submission_by(submission_id), by=request.auth, public=body.public)


@router.get("/tasks/{uuid:task_id}/shared", response=Page[SharedRow], auth=ANYBODY)
def public_ones(request: AskedByAnybody, task_id: UUID, paging: Query[Paging]) -> Any:
    """Submissions that their entrants made public, for whoever sees the board."""
    task = task_by(task_id)
    keys = {question.key for question in task.round.asked if question.on_board}
    return paged(shared(task, viewer=caller(request)), paging, lambda rows: _rows(rows, keys))


@router.get("/submissions/{uuid:submission_id}/file", auth=ANYBODY, openapi_extra=FILE)
def handed_in_file(request: AskedByAnybody, submission_id: UUID) -> FileResponse:
    """What was handed in, as it came: one's own, or a public one."""
    found = submission_by(submission_id)
    if not may_have_file(found, viewer=caller(request)):
        raise Missing("submission.missing", _NO_FILE)
    name = files.plain_name(found.upload)
    content = files.path_of(found.upload).open("rb")
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")


def _rows(rows: Sequence[Submission], keys: set[str]) -> list[SharedRow]:
    return [
        SharedRow(
            id=row.pk, who=row.entrant.title, number=row.number, public_score=row.public_score,
            received_at=row.received_at, name=row.upload.name, size=row.upload.size,
            answers={key: answer for key, answer in row.answers.items() if key in keys},
        )
        for row in rows
    ]  # fmt: skip
