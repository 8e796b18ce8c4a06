"""Pages of no room: home, and the choice of language and colours."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from dure.people.operations import change_person
from dure.programmes.models import LIVE, Programme, ProgrammeState
from dure.site.programmes import cards
from dure.site.visitors import THEME_COOKIE, THEMES, visitor

SHOWN = 6
YEAR = 365 * 24 * 3600


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
    answer = redirect(_next(request))
    if language in dict(settings.LANGUAGES):
        if person := visitor(request):
            change_person(person, language=language)
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax")
        translation.activate(language)
    return answer


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Light or dark, kept in a cookie of this browser; without one the system's choice holds."""
    theme = request.POST.get("theme", "")
    answer = redirect(_next(request))
    if theme in THEMES:
        answer.set_cookie(THEME_COOKIE, theme, max_age=YEAR, samesite="Lax")
    return answer


def _next(request: HttpRequest) -> str:
    """The page to go back to, where it is one of ours."""
    to = request.POST.get("next", "/")
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if ours else "/"
