"""Threads of a round as somebody may read them."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from dure.challenges.models import Post, Round, Thread
from dure.challenges.rules import is_blind
from dure.people.models import Person
from dure.store.search import called

ORDER = ("-pinned", "-last_at", "-pk")


@dataclass(frozen=True)
class Said:
    """Something that was written. ``writer`` is None where its reader may not know who wrote it."""

    post: Post
    writer: Person | None
    is_own: bool


def threads_of(round_: Round, *, reader: Person, runs: bool, typed: str = "") -> QuerySet[Thread]:
    """Pinned ones first, then the latest; what is hidden only for those who run the round and for its writer."""
    rows = Thread.objects.filter(round=round_).select_related("by", "round").order_by(*ORDER)
    rows = rows if runs else rows.filter(Q(hidden_because="") | Q(by=reader))
    if not typed:
        return rows
    return rows.filter(called(typed, column="title_key") | Q(body__icontains=typed))


def posts_of(thread: Thread, *, reader: Person, runs: bool) -> list[Said]:
    """The answers in the order in which they were written, as ``threads_of`` shows threads."""
    rows = thread.posts.select_related("by").order_by("pk")
    rows = rows if runs else rows.filter(Q(hidden_because="") | Q(by=reader))
    hides = is_blind(thread.round) and not runs
    return [Said(post, _writer(post.by, reader, hides=hides and not post.official), post.by == reader) for post in rows]


def writer_of(thread: Thread, *, reader: Person, runs: bool) -> Person | None:
    """Who asked; None where entrants of a blind round do not know each other."""
    hides = is_blind(thread.round) and not runs and thread.kind == "question"
    return _writer(thread.by, reader, hides=hides)


def _writer(person: Person, reader: Person, *, hides: bool) -> Person | None:
    return None if hides and person != reader else person
