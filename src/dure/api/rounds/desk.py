"""A round as its organisers run it: the live picture, questions and announcements, which sites show its boards."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field, StringConstraints

from dure.api.base import Asked
from dure.api.find import allow, one
from dure.api.shapes import In, Line, Moment, Out, Page, Paging, PersonRef, Words, paged
from dure.api.writing import writes
from dure.challenges.models import Embedding, Post, Round, Thread, ThreadState
from dure.challenges.models.talk import MOST_BODY, MOST_REASON, MOST_TITLE
from dure.challenges.operations import talk
from dure.challenges.operations.trials import let_embed
from dure.challenges.queries.picture import Picture, picture_of
from dure.challenges.queries.talk import Said, posts_of, threads_of, writer_of
from dure.challenges.rules import may_read_talk
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.running import runs
from dure.people.models import Person

router = Router(tags=["rounds"])
ROUND = Text(ko="라운드", en="round")
THREAD = Text(ko="글", en="thread")
POST = Text(ko="답변", en="answer")
Title = Annotated[str, StringConstraints(max_length=MOST_TITLE)]
Body = Annotated[str, StringConstraints(max_length=MOST_BODY)]


class FailureOut(Out):
    """Why attempts could not be scored: the ``code`` of the first flaw of their files, else the ``cause``."""

    code: str
    cause: Words
    state: str
    count: int


class Bar(Out):
    at: Moment
    attempts: int


class PictureOut(Out):
    """Attempts by state and by the hour or the day, why some failed, what waits, and how long verdicts take."""

    states: dict[str, int]
    entrants: int
    active: int
    on_board: int
    by_time: list[Bar]
    hourly: bool
    failures: list[FailureOut]
    waiting: int
    oldest: Moment | None
    half_seconds: float | None
    most_seconds: float | None

    @classmethod
    def of(cls, seen: Picture) -> Self:
        return cls(
            states=seen.states,
            entrants=seen.entrants,
            active=seen.active,
            on_board=seen.on_board,
            by_time=[Bar(at=at, attempts=count) for at, count in seen.by_time],
            hourly=seen.is_hourly,
            failures=[
                FailureOut(code=one.code or "", cause=Words.of(one.cause), state=one.state, count=one.count)
                for one in seen.failures
            ],
            waiting=seen.waiting.length,
            oldest=seen.waiting.oldest,
            half_seconds=seen.waiting.half,
            most_seconds=seen.waiting.most,
        )


class ThreadIn(In):
    """``announcement``: for those who run the round; everybody who takes part is told."""

    kind: Literal["question", "announcement"] = "question"
    title: Title
    body: Body


class ThreadOut(Out):
    """``writer`` is null where entrants of a round do not know each other; ``hidden_because`` is empty where shown."""

    id: UUID
    kind: str
    title: str
    body: str
    state: str
    pinned: bool
    answered: bool
    answers: int
    hidden_because: str
    writer: PersonRef | None
    made_at: Moment
    last_at: Moment

    @classmethod
    def read(cls, thread: Thread, *, reader: Person, running: bool) -> Self:
        writer = writer_of(thread, reader=reader, runs=running)
        told = {name: getattr(thread, name) for name in _THREAD}
        return cls(**told, answers=thread.posts_shown, writer=PersonRef.of(writer) if writer else None)


_THREAD = ("id", "kind", "title", "body", "state", "pinned", "answered", "hidden_because", "made_at", "last_at")


class AnswerOut(Out):
    """``official``: an organiser wrote it as one."""

    id: UUID
    body: str
    official: bool
    hidden_because: str
    writer: PersonRef | None
    made_at: Moment

    @classmethod
    def read(cls, said: Said) -> Self:
        post = said.post
        return cls(
            id=post.pk, body=post.body, official=post.official, hidden_because=post.hidden_because,
            writer=PersonRef.of(said.writer) if said.writer else None, made_at=post.made_at,
        )  # fmt: skip


class Changed(Out):
    id: UUID

    @classmethod
    def of(cls, row: Thread | Post) -> Self:
        return cls(id=row.pk)


class AnswerIn(In):
    body: Body


class ModerationIn(In):
    """What is left out stays. ``hidden_because``: hide it for that reason; empty: show it again. ``answer``: not the
    thread is meant, but this answer in it."""

    pinned: bool | None = None
    locked: bool | None = None
    hidden_because: Annotated[str, StringConstraints(max_length=MOST_REASON)] | None = None
    answer: UUID | None = None


class EmbeddingIn(In):
    """``https://HOST``, or ``https:`` for every site; empty: none may show the boards."""

    ancestors: Annotated[list[Line], Field(max_length=20)]


class EmbeddingOut(Out):
    ancestors: list[str]

    @classmethod
    def of(cls, made: Embedding) -> Self:
        return cls(ancestors=made.ancestors)


class Search(Paging):
    q: Line = ""


@router.get("/rounds/{uuid:round_id}/picture", response=PictureOut)
def picture(request: Asked, round_id: UUID) -> PictureOut:
    """The round as it runs now, for those who run it."""
    return PictureOut.of(picture_of(_run(request.auth, round_id)))


@router.get("/rounds/{uuid:round_id}/threads", response=Page[ThreadOut])
def threads(request: Asked, round_id: UUID, asked: Query[Search]) -> Page[ThreadOut]:
    """Questions and announcements, for those who take part and those who run the round."""
    round_, running = _read(request.auth, round_id)
    rows = threads_of(round_, reader=request.auth, runs=running, typed=asked.q)
    return paged(
        rows, asked, lambda found: [ThreadOut.read(row, reader=request.auth, running=running) for row in found]
    )


@writes(router.post, "/rounds/{uuid:round_id}/threads", Changed, status=201)
def write(request: Asked, round_id: UUID, body: ThreadIn) -> Thread:
    """Ask something, or announce."""
    round_, running = _read(request.auth, round_id)
    if body.kind == "announcement":
        allow(running)
        return talk.announce(round_, by=request.auth, title=body.title, body=body.body)
    return talk.ask(round_, by=request.auth, title=body.title, body=body.body)


@router.get("/threads/{uuid:thread_id}/answers", response=list[AnswerOut])
def answers(request: Asked, thread_id: UUID) -> list[AnswerOut]:
    """The answers in the order in which they were written."""
    thread, running = _thread(request.auth, thread_id)
    return [AnswerOut.read(said) for said in posts_of(thread, reader=request.auth, runs=running)]


@writes(router.post, "/threads/{uuid:thread_id}/answers", Changed, status=201)
def answer(request: Asked, thread_id: UUID, body: AnswerIn) -> Post:
    """Answer; those who run the round do so as organisers."""
    thread, running = _thread(request.auth, thread_id)
    return talk.answer(thread, by=request.auth, body=body.body, official=running)


@writes(router.post, "/threads/{uuid:thread_id}/moderation", Changed)
def moderate(request: Asked, thread_id: UUID, body: ModerationIn) -> Thread:
    """Pin, lock, hide or show, for those who run the round."""
    thread, running = _thread(request.auth, thread_id)
    allow(running)
    if body.pinned is not None:
        talk.pin(thread, pinned=body.pinned)
    if body.locked is not None and body.locked != (thread.state == ThreadState.LOCKED):
        talk.lock(thread, locked=body.locked)
    if body.hidden_because is not None:
        _hide(thread, body.answer, body.hidden_because)
    return thread


@writes(router.put, "/rounds/{uuid:round_id}/embedding", EmbeddingOut)
def embed(request: Asked, round_id: UUID, body: EmbeddingIn) -> Embedding:
    """Which other sites may show the round's public boards."""
    return let_embed(_run(request.auth, round_id), body.ancestors)


def _hide(thread: Thread, answer: UUID | None, because: str) -> None:
    rows: Any = thread.posts.select_related("thread__round")
    thing = one(rows, "thread.missing", POST, pk=answer) if answer else thread
    if because.strip():
        talk.hide(thing, because=because)
    else:
        talk.show(thing)


def _run(person: Person, round_id: UUID) -> Round:
    """The round, for those who run it. Raises Missing for those who may not know of it."""
    round_, running = _read(person, round_id)
    allow(running)
    return round_


def _read(person: Person, round_id: UUID) -> tuple[Round, bool]:
    """The round, and whether the caller runs it. Raises Missing for strangers."""
    round_ = one(Round.objects.all(), "round.missing", ROUND, pk=round_id)
    running = runs(person, round_)
    if not running and not may_read_talk(person, round_):
        raise Missing("round.missing", Text(ko="그런 라운드가 없습니다.", en="There is no such round."))
    return round_, running


def _thread(person: Person, thread_id: UUID) -> tuple[Thread, bool]:
    thread = one(Thread.objects.select_related("round", "by"), "thread.missing", THREAD, pk=thread_id)
    running = runs(person, thread.round)
    is_shown = not thread.hidden_because or thread.by == person
    if not running and not (is_shown and may_read_talk(person, thread.round)):
        raise Missing("thread.missing", Text(ko="그런 글이 없습니다.", en="There is no such thread."))
    return thread, running
