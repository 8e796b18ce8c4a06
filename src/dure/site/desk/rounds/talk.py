"""Questions and announcements of a round: read and written by those who take part, moderated by those who run it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from dure.challenges.models import Post, Round, Thread, ThreadKind, ThreadState
from dure.challenges.models.talk import MOST_BODY, MOST_REASON, MOST_TITLE
from dure.challenges.operations import talk
from dure.challenges.queries.entered import entered_by
from dure.challenges.queries.talk import posts_of, threads_of, writer_of
from dure.challenges.rules import is_blind, may_read_talk
from dure.core.errors import Forbidden, Missing
from dure.core.text import Text
from dure.joints.models import RoundTask
from dure.joints.running import runs
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.site import words
from dure.site.challenges.tasks import attempts_page
from dure.site.desk.rounds.framed import framed
from dure.site.flaws import JudgedForm
from dure.site.visitors import id_from, person_of

PAGE = 20
_NOTHING = Text(
    ko="찾으시는 글이 없습니다. 내 페이지에서 라운드를 열어 다시 찾아보세요.",
    en="There is nothing of the kind. Open the round from your own page and look again.",
)
_NOT_YOURS = Text(ko="주최자만 할 수 있습니다.", en="Only those who run the round do this.")


@dataclass(frozen=True)
class Reader:
    """Who reads a round's threads; ``runs``: they run the round."""

    person: Person
    round: Round
    runs: bool

    def seen(self) -> dict[str, Any]:
        """What every page of it shows above: the round's name, and the way back to where its reader comes from."""
        place = RoundTask.objects.filter(task__round=self.round).select_related("programme").first()
        own = entered_by(self.person).filter(task__round=self.round).select_related("round_turn").first()
        title = words.word(blueprint_of(place.programme), place.stage) if place else words.say(self.round.title)
        return {
            "round": self.round, "runs": self.runs, "place": place, "mine": attempts_page(own) if own else "",
            "title": title, "is_blind": is_blind(self.round),
        }  # fmt: skip


class ThreadForm(JudgedForm):
    title = forms.CharField(label=_("Title"), max_length=MOST_TITLE)
    body = forms.CharField(label=_("What you have to say"), max_length=MOST_BODY, widget=forms.Textarea({"rows": 8}))


class AnswerForm(JudgedForm):
    body = forms.CharField(label=_("Answer"), max_length=MOST_BODY, widget=forms.Textarea({"rows": 5}))


class HideForm(forms.Form):
    because = forms.CharField(label=_("Why it is hidden; its writer reads this"), max_length=MOST_REASON)


@login_required
@require_http_methods(["GET", "HEAD"])
def index(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """All threads of a round, pinned ones first."""
    reader = _reader(request, Round.objects.filter(pk=round_id).first())
    typed = request.GET.get("q", "").strip()
    rows = threads_of(reader.round, reader=reader.person, runs=reader.runs, typed=typed)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = [(thread, writer_of(thread, reader=reader.person, runs=reader.runs)) for thread in page]
    frame = framed(request, reader.round, "talk") if reader.runs else {}
    return render(request, "rounds/talk.html", {**frame, **reader.seen(), "page": page, "rows": shown, "q": typed})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, round_id: UUID, kind: str) -> HttpResponse:
    """Ask something; those who run the round announce."""
    reader = _reader(request, Round.objects.filter(pk=round_id).first())
    if kind == ThreadKind.ANNOUNCEMENT and not reader.runs:
        raise Forbidden("thread.not-yours", _NOT_YOURS)
    form = ThreadForm(request.POST if request.method == "POST" else None)
    act = talk.announce if kind == ThreadKind.ANNOUNCEMENT or reader.runs else talk.ask
    if request.method == "POST" and form.submit(lambda said: act(reader.round, by=reader.person, **said)):
        messages.success(request, gettext("It is posted, and those concerned are told."))
        return redirect("talk", reader.round.pk)
    return render(request, "rounds/new_thread.html", {**reader.seen(), "form": form, "kind": kind})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """One thread with its answers. POST answers."""
    thread, reader = _thread(request, thread_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.submit(
        lambda said: talk.answer(thread, by=reader.person, official=reader.runs, **said)
    ):
        messages.success(request, gettext("Your answer is posted."))
        return redirect("thread", thread.pk)
    seen = {
        **reader.seen(), "thread": thread, "form": form,
        "writer": writer_of(thread, reader=reader.person, runs=reader.runs),
        "posts": posts_of(thread, reader=reader.person, runs=reader.runs),
        "follows": thread.follows.filter(person=reader.person).exists(),
        "may_write": reader.runs or (thread.state == ThreadState.OPEN and not thread.hidden_because),
    }  # fmt: skip
    return render(request, "rounds/thread.html", seen)


@login_required
@require_POST
def follow(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Be told of new answers, or no more."""
    thread, reader = _thread(request, thread_id)
    if request.POST.get("on") == "yes":
        talk.follow(thread, person=reader.person)
    else:
        talk.unfollow(thread, person=reader.person)
    return redirect("thread", thread.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Hide a thread or one of its answers (``post``), after asking why."""
    thread, thing = _moderated(request, thread_id)
    form = HideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        talk.hide(thing, because=form.cleaned_data["because"])
        messages.success(request, gettext("It is hidden, and its writer is told why."))
        return redirect("thread", thread.pk)
    reader = _reader(request, thread.round)
    return render(request, "rounds/hide.html", {**reader.seen(), "thread": thread, "thing": thing, "form": form})


@login_required
@require_POST
def moderate(request: HttpRequest, thread_id: UUID, what: str) -> HttpResponse:
    """Pin, lock, show again what was hidden, or take that back."""
    thread, thing = _moderated(request, thread_id)
    if what == "show":
        talk.show(thing)
    elif what in ("pin", "unpin"):
        talk.pin(thread, pinned=what == "pin")
    else:
        talk.lock(thread, locked=what == "lock")
    messages.success(request, gettext("Saved."))
    return redirect("thread", thread.pk)


def _reader(request: HttpRequest, round_: Round | None) -> Reader:
    """Raises Missing for strangers: what is said in a round is its own."""
    person = person_of(request)
    is_runner = round_ is not None and runs(person, round_)
    if round_ is None or not (is_runner or may_read_talk(person, round_)):
        raise Missing("thread.missing", _NOTHING)
    return Reader(person, round_, is_runner)


def _thread(request: HttpRequest, thread_id: UUID) -> tuple[Thread, Reader]:
    thread = Thread.objects.select_related("round", "by").filter(pk=thread_id).first()
    if thread is None:
        raise Missing("thread.missing", _NOTHING)
    reader = _reader(request, thread.round)
    if thread.hidden_because and not (reader.runs or thread.by == reader.person):
        raise Missing("thread.missing", _NOTHING)
    return thread, reader


def _moderated(request: HttpRequest, thread_id: UUID) -> tuple[Thread, Thread | Post]:
    """A thread, and what of it is meant; for those who run the round."""
    thread, reader = _thread(request, thread_id)
    if not reader.runs:
        raise Forbidden("thread.not-yours", _NOT_YOURS)
    asked = request.POST.get("post") or request.GET.get("post")
    post = thread.posts.select_related("thread__round").filter(pk=id_from(asked)).first() if asked else None
    if asked and post is None:
        raise Missing("thread.missing", _NOTHING)
    return thread, post or thread
