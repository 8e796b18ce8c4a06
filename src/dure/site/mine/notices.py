"""Notices: the list of what one was told, each leading to its page, and which kinds come by mail as well."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.people.models import ALWAYS_MAILED, NEVER_MAILED, NoticeKind
from dure.people.operations import choose_mail, read, read_all
from dure.people.queries import notices_of, unread_count
from dure.site.visitors import person_of

SHOWN = 30


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everything I was told, the newest first."""
    person = person_of(request)
    page = Paginator(notices_of(person), SHOWN).get_page(request.GET.get("page"))
    return render(request, "mine/notices.html", {"page": page, "unread": unread_count(person)})


@login_required
@require_safe
def show(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Where a notice leads; on the way there it is read."""
    notice = get_object_or_404(notices_of(person_of(request)), pk=notice_id)
    read(notice)
    return redirect(notice.path)


@login_required
@require_POST
def all_read(request: HttpRequest) -> HttpResponse:
    read_all(person_of(request))
    return redirect("notices")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """Which kinds of notice come by mail as well; some always do."""
    person = person_of(request)
    if request.method == "POST":
        choose_mail(person, kinds=request.POST.getlist("kinds"))
        messages.success(request, gettext("Saved."))
        return redirect("notice-mail")
    muted = set(person.muted.values_list("kind", flat=True))
    mailed = (kind for kind in NoticeKind if kind not in NEVER_MAILED)
    kinds = [(kind.value, kind in ALWAYS_MAILED, kind not in muted) for kind in mailed]
    return render(request, "people/mail.html", {"kinds": kinds})
