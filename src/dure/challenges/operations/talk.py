"""Asking, answering and announcing in a round; what its organisers do with what was written."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from dure.audit.operations import record
from dure.challenges.models import (
    THREAD_MOVES,
    EntrantMember,
    Follow,
    Post,
    Round,
    Spoken,
    Thread,
    ThreadKind,
    ThreadState,
)
from dure.challenges.models.talk import MOST_BODY, MOST_REASON, MOST_TITLE
from dure.challenges.rules import may_read_talk
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.text import Text
from dure.people.models import NoticeKind, Person
from dure.people.operations.notices import tell
from dure.store.models import move

AN_HOUR = 20  # questions and answers of one person in a round
_EMPTY = Text(ko="제목과 내용을 모두 쓰세요.", en="Write a title and what you have to say.")
_LONG = Text(ko="{most:,}자까지 쓸 수 있습니다. 줄여 주세요.", en="At most {most:,} letters: shorten it.")
_STRANGER = Text(ko="이 라운드의 참가자만 글을 쓸 수 있습니다.", en="Only those who take part here may write.")
_LOCKED = Text(ko="잠긴 글이라 답글을 쓸 수 없습니다.", en="This thread is locked: nothing more can be written in it.")
_HIDDEN = Text(ko="주최자가 숨긴 글입니다.", en="The organisers have hidden this.")
_FAST = Text(
    ko="한 시간에 {most}개까지 쓸 수 있습니다. 잠시 뒤에 다시 쓰세요.",
    en="You may write {most} times an hour. Try again a little later.",
)
_NO_REASON = Text(ko="숨기는 이유를 쓰세요. 글쓴이에게 보입니다.", en="Say why: its writer is told.")
_ANSWERED = Text(ko="‘{title}’에 새 답변이 있습니다.", en="There is a new answer to “{title}”.")
_TITLED = Text(ko="{round}: {title}", en="{round}: {title}")
_WAS_HIDDEN = Text(
    ko="‘{title}’에 쓴 글을 주최자가 숨겼습니다: {why}",
    en="The organisers have hidden what you wrote in “{title}”: {why}",
)


@transaction.atomic
def ask(round_: Round, *, by: Person, title: str, body: str) -> Thread:
    """A question to the organisers and to all who take part. Who asks follows it, and organisers are told.

    Raises Forbidden for strangers, Flawed where nothing or too much is said, Refused above ``AN_HOUR``.
    """
    _check_belongs(by, round_)
    said = _said(body, title=title)
    _speak(by, round_)
    thread = Thread.objects.create(round=round_, by=by, kind=ThreadKind.QUESTION, **said)
    follow(thread, person=by)
    _tell(_organisers(round_) - {by.pk}, thread, _TITLED.format(round=round_.title, title=thread.title))
    record("thread.asked", thread, after={"round": round_.pk, **said}, about=by)
    return thread


@transaction.atomic
def announce(round_: Round, *, by: Person, title: str, body: str) -> Thread:
    """Tell everybody who takes part; the caller has seen that ``by`` may. It stands above all questions."""
    said = _said(body, title=title)
    thread = Thread.objects.create(round=round_, by=by, kind=ThreadKind.ANNOUNCEMENT, pinned=True, **said)
    members = EntrantMember.objects.filter(task__round=round_).exclude(person=by)
    told = set(members.values_list("person", flat=True))
    _tell(told, thread, _TITLED.format(round=round_.title, title=thread.title), kind=NoticeKind.ANNOUNCEMENT)
    record("thread.announced", thread, after={"round": round_.pk, "told": len(told), **said})
    return thread


@transaction.atomic
def answer(thread: Thread, *, by: Person, body: str, official: bool) -> Post:
    """Write in a thread. ``official``: as an organiser, which the caller has seen that ``by`` is.

    Who writes follows it; all other followers are told. Raises as ``ask``, and Refused where it is locked or hidden.
    """
    said = _said(body)
    if not official:
        _check_open(thread, by)
        _speak(by, thread.round)
    post = Post.objects.create(thread=thread, by=by, official=official, **said)
    touched: dict[str, Any] = {"last_at": post.made_at, "posts_shown": F("posts_shown") + 1}
    Thread.objects.filter(pk=thread.pk).update(**touched, **({"answered": True} if official else {}))
    follow(thread, person=by)
    followers = set(thread.follows.exclude(person=by).values_list("person", flat=True))
    _tell(followers, thread, _ANSWERED.format(title=thread.title))
    record("thread.answered", post, after={"thread": thread.pk, "official": official, **said}, about=by)
    return post


def follow(thread: Thread, *, person: Person) -> None:
    """Be told of what is written in it."""
    Follow.objects.get_or_create(thread=thread, person=person)


def unfollow(thread: Thread, *, person: Person) -> None:
    thread.follows.filter(person=person).delete()


@transaction.atomic
def pin(thread: Thread, *, pinned: bool) -> None:
    """Let it stand above the others, or among them again."""
    Thread.objects.filter(pk=thread.pk).update(pinned=pinned)
    record("thread.pinned", thread, after={"pinned": pinned})


@transaction.atomic
def lock(thread: Thread, *, locked: bool) -> None:
    """Let nobody but organisers write in it, or everybody again."""
    move(thread, ThreadState.LOCKED if locked else ThreadState.OPEN, by=THREAD_MOVES)
    record("thread.locked", thread, after={"locked": locked})


@transaction.atomic
def hide(thing: Thread | Post, *, because: str) -> None:
    """Show it to nobody who takes part but its writer, who is told why."""
    why = because.strip()[:MOST_REASON]
    if not why:
        raise Flawed("thread.reason", _NO_REASON, errors=[{"field": "because", **_NO_REASON.as_dict()}])
    _set_hidden(thing, why)
    thread = _thread_of(thing)
    _tell({thing.by_id}, thread, _WAS_HIDDEN.format(title=thread.title, why=why))


@transaction.atomic
def show(thing: Thread | Post) -> None:
    """Show again what was hidden."""
    _set_hidden(thing, "")


def _set_hidden(thing: Thread | Post, why: str) -> None:
    rows = type(thing)._default_manager.filter(pk=thing.pk)
    changed = rows.filter(hidden_because="").update(hidden_because=why) if why else _shown_again(thing)
    if changed and isinstance(thing, Post):
        Thread.objects.filter(pk=thing.thread_id).update(posts_shown=F("posts_shown") + (-1 if why else 1))
    if changed:
        record(
            "thread.hidden" if why else "thread.shown", thing, before={"why": thing.hidden_because}, after={"why": why}
        )


def _shown_again(thing: Thread | Post) -> int:
    rows = type(thing)._default_manager.filter(pk=thing.pk)
    return rows.exclude(hidden_because="").update(hidden_because="")


def _thread_of(thing: Thread | Post) -> Thread:
    return thing.thread if isinstance(thing, Post) else thing


def _check_belongs(by: Person, round_: Round) -> None:
    if not may_read_talk(by, round_):
        raise Forbidden("thread.not-yours", _STRANGER)


def _check_open(thread: Thread, by: Person) -> None:
    _check_belongs(by, thread.round)
    if thread.hidden_because:
        raise Refused("thread.hidden", _HIDDEN)
    if thread.state == ThreadState.LOCKED:
        raise Refused("thread.locked", _LOCKED)


def _said(body: str, *, title: str | None = None) -> dict[str, str]:
    """What was written, without blanks around it. Raises Flawed with the field."""
    said = {name: text.strip() for name, text in (("title", title), ("body", body)) if text is not None}
    for name, text in said.items():
        most = MOST_TITLE if name == "title" else MOST_BODY
        wrong = _EMPTY if not text else _LONG.format(most=most) if len(text) > most else None
        if wrong:
            raise Flawed("thread.text", wrong, errors=[{"field": name, **wrong.as_dict()}])
    return said


def _speak(by: Person, round_: Round) -> None:
    """One of this hour's, by compare-and-set."""
    period = clock.now().strftime("%Y-%m-%dT%H")
    Spoken.objects.get_or_create(round=round_, person=by, period=period)
    rows = Spoken.objects.filter(round=round_, person=by, period=period, used__lt=AN_HOUR)
    if not rows.update(used=F("used") + 1):
        raise Refused("thread.fast", _FAST.format(most=AN_HOUR), most=AN_HOUR)


def _organisers(round_: Round) -> set[UUID]:
    return set(round_.organisers.values_list("pk", flat=True))


def _tell(persons: set[UUID], thread: Thread, text: Text, *, kind: NoticeKind = NoticeKind.TALK) -> None:
    tell(persons, kind=kind, text=text, path=f"/threads/{thread.pk}/")
