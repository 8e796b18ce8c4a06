"""Pages of no room: home and the choice of language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from dure.people.operations import change_person
from dure.programmes.models import LIVE, Programme, ProgrammeState
from dure.site.programmes import cards
from dure.site.visitors import visitor

SHOWN = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, what is open now, and what comes next."""
    newest = Programme.objects.order_by("-pk")
    live = cards(newest.filter(state__in=LIVE)[: 2 * SHOWN])
    seen = {
        "open": [card for card in live if card.takes_entries][:SHOWN],
        "announced": cards(newest.filter(state=ProgrammeState.PUBLISHED)[:SHOWN]),
        "running": [card for card in live if not card.takes_entries][:SHOWN],
    }
    return render(request, "pages/home.html", seen)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """A signed-in person's choice is kept with the person, anybody's in a cookie."""
    language = request.POST.get("language", "")
    to = request.POST.get("next", "/")
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    answer = redirect(to if ours else "/")
    if language in dict(settings.LANGUAGES):
        if person := visitor(request):
            change_person(person, language=language)
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax")
        translation.activate(language)
    return answer
