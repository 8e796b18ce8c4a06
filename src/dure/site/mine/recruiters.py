"""Recruiters and me: who looked at my profile, and what they wrote to me."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dure.programmes.queries.recruiting import approaches_to, looks_at
from dure.site.visitors import person_of

SHOWN = 30


@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Looks, a page at a time, and the latest messages."""
    person = person_of(request)
    page = Paginator(looks_at(person), SHOWN).get_page(request.GET.get("page"))
    return render(request, "mine/recruiters.html", {"page": page, "letters": approaches_to(person)[:SHOWN]})
