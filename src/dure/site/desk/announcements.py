"""Announcements: written for a group, looked at as a reader will see them, sent once, and what became of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Announcement, AnnouncementState, Programme
from dure.programmes.operations.announcing import (
    body_for,
    discard_announcement,
    letter_to,
    rewrite_announcement,
    send_announcement,
    stop_announcement,
    write_announcement,
)
from dure.programmes.queries.announced import Delivered, announced, delivered, was_told
from dure.programmes.queries.cohort import Group, people_count, people_in
from dure.site import words
from dure.site.desk.filters import Asked, asked_of, choices_of, told
from dure.site.flaws import JudgedForm
from dure.site.reading import numbers_from
from dure.site.visitors import desk_for, person_of
from dure.site.watched import unless_seen

SHOWN = 100
GONE = Text(
    ko="이 공지를 찾을 수 없습니다. 공지 목록에서 고르세요.",
    en="This announcement is not there. Choose one in the list.",
)
DATES = Text(ko="‘{stage}’ 일정이 바뀌었습니다", en="The dates of “{stage}” have changed")


class AnnouncementForm(JudgedForm):
    """Both languages: everybody gets theirs."""

    subject_ko = forms.CharField(label=_("Subject in Korean"), required=False, max_length=150)
    body_ko = forms.CharField(label=_("Text in Korean"), required=False, widget=forms.Textarea({"rows": 8}))
    subject_en = forms.CharField(label=_("Subject in English"), required=False, max_length=150)
    body_en = forms.CharField(label=_("Text in English"), required=False, widget=forms.Textarea({"rows": 8}))


@dataclass(frozen=True)
class Sample:
    """One reader's letter as it will leave."""

    person: Person
    subject: str
    text: str


@login_required
@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """What was announced and is being written, with how many letters arrived."""
    programme = desk_for(request, slug)
    rows = [(row, told(programme, Group.of(row.announcement.group))) for row in announced(programme)]
    moves = any(row.announcement.state == AnnouncementState.SENDING for row, _ in rows)
    seen = {"programme": programme, "tab": "announcements", "rows": rows, "moves": moves}
    return render(request, "desk/announcements.html", seen)


@login_required
@require_safe
def now(request: HttpRequest, slug: str, announcement_id: UUID) -> HttpResponse:
    """How far sending is, alone, for a page that watches it; unchanged, it costs next to nothing."""
    programme = desk_for(request, slug)
    made = _found(programme, announcement_id)
    became = delivered(made)
    seen = [made.state, made.told, became.waiting, became.failed]
    part = {"programme": programme, "made": made}
    return unless_seen(request, seen, lambda: render(request, "desk/sending.html", {**part, **_became(made, became)}))


def _became(made: Announcement, became: Delivered) -> dict[str, Any]:
    failed = made.letters.filter(message__state="failed").select_related("person", "message")[:SHOWN]
    moves = made.state == AnnouncementState.SENDING or became.waiting
    return {"delivered": became, "failed": failed, "moves": moves}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin one for the group in the address."""
    programme = desk_for(request, slug)
    asked, group = _asked(programme, request)
    form = AnnouncementForm(request.POST or None, initial=_begun(programme, request))
    if request.method == "POST" and "look" not in request.POST:
        kept: list[Announcement] = []
        by = person_of(request)
        if form.submit(lambda texts: kept.append(write_announcement(programme, by=by, group=group, texts=texts))):
            return redirect("desk-announcement", slug, kept[0].pk)
    return render(request, "desk/announce.html", _writing(programme, asked, group, form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, announcement_id: UUID) -> HttpResponse:
    """A draft: whom it reaches and one letter as it will leave. A sent one: what became of it. ``edit`` changes it."""
    programme = desk_for(request, slug)
    made = _found(programme, announcement_id)
    if made.state == AnnouncementState.DRAFT and ("edit" in request.GET or request.method == "POST"):
        return _edited(request, programme, made)
    group = Group.of(made.group)
    seen: dict[str, Any] = {
        "programme": programme, "tab": "announcements", "made": made, "whom": told(programme, group),
    }  # fmt: skip
    if made.state == AnnouncementState.DRAFT:
        people = people_in(programme, group)
        seen |= {"count": people.count(), "samples": _samples(made, list(people[:1]))}
    else:
        seen |= _became(made, delivered(made))
    return render(request, "desk/announcement.html", seen)


def _edited(request: HttpRequest, programme: Programme, made: Announcement) -> HttpResponse:
    asked = asked_of(programme, request.POST) if request.method == "POST" else Asked(Group.of(made.group))
    group = _with_cases(asked.group, Group.of(made.group).cases)
    texts = {name: getattr(made, name) for name in AnnouncementForm.base_fields}
    form = AnnouncementForm(request.POST or None, initial=texts)
    by = person_of(request)
    if request.method == "POST" and form.submit(
        lambda sent: rewrite_announcement(made, by=by, group=group, texts=sent)
    ):
        return redirect("desk-announcement", programme.slug, made.pk)
    return render(request, "desk/announce.html", {**_writing(programme, asked, group, form), "made": made})


def _writing(programme: Programme, asked: Asked, group: Group, form: AnnouncementForm) -> dict[str, Any]:
    return {
        "programme": programme, "tab": "announcements", "asked": asked, "group": group, "form": form,
        "whom": told(programme, group), "count": people_count(programme, group), **choices_of(programme, asked),
    }  # fmt: skip


def _asked(programme: Programme, request: HttpRequest) -> tuple[Asked, Group]:
    given = request.POST if request.method == "POST" else request.GET
    asked = asked_of(programme, given)
    cases = tuple(numbers_from(given.getlist("case")))
    return asked, _with_cases(asked.group, cases)


def _with_cases(group: Group, cases: tuple[int, ...]) -> Group:
    return Group(**{**group.as_dict(), "cases": cases})


def _begun(programme: Programme, request: HttpRequest) -> dict[str, str]:
    """A subject to begin with, where the page that leads here knows what it is about."""
    if request.GET.get("about") != "dates":
        return {}
    subject = DATES.format(stage=blueprint_of(programme).word(request.GET.get("stage", "")))
    return {"subject_ko": subject.ko, "subject_en": subject.en}


def _samples(made: Announcement, people: list[Person]) -> list[Sample]:
    letters = [(person, letter_to(person, made)) for person in people]
    return [Sample(person, letter.subject, letter.text) for person, letter in letters]


@login_required
@require_POST
def act(request: HttpRequest, slug: str, announcement_id: UUID, what: str) -> HttpResponse:
    """Send a draft or throw it away; stop what is being sent."""
    programme = desk_for(request, slug)
    made = _found(programme, announcement_id)
    if what == "discard":
        discard_announcement(made, by=person_of(request))
        messages.success(request, _("The draft is gone."))
        return redirect("desk-announcements", slug)
    if what == "stop":
        _stop(request, made)
    else:
        sent = send_announcement(made, by=person_of(request))
        said = ngettext("It goes to %(n)s person now.", "It goes to %(n)s people now.", sent)
        messages.success(request, said % {"n": f"{sent:,}"})
    return redirect("desk-announcement", slug, made.pk)


def _stop(request: HttpRequest, made: Announcement) -> None:
    stop_announcement(made, by=person_of(request))
    said = ngettext("%(n)s letter was sent, the rest are stopped.", "%(n)s letters were sent, the rest are stopped.",
                    made.told)  # fmt: skip
    messages.success(request, said % {"n": f"{made.told:,}"})


@login_required
@require_safe
def read(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    """What was announced, for those to whom it was. Raises Missing: others need not know of it."""
    person = person_of(request)
    known = Announcement.objects.exclude(state=AnnouncementState.DRAFT).select_related("programme")
    made = known.filter(pk=announcement_id).first()
    if made is None or not (was_told(person, made) or rules.operates(person, made.programme)):
        raise Missing("announcement.missing", GONE)
    seen = {"made": made, "programme": made.programme, "body": words.say(body_for(person, made))}
    return render(request, "desk/announced.html", seen)


def _found(programme: Programme, announcement_id: UUID) -> Announcement:
    made = programme.announcements.filter(pk=announcement_id).select_related("programme", "sent_by").first()
    if made is None:
        raise Missing("announcement.missing", GONE)
    return made
