"""Pages of no room: home, and the choice of language and colours."""

from django.conf import settings
from django.core.cache import cache
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from dure.core import clock
from dure.funding.models import Payment, PaymentState
from dure.people.models import Person
from dure.people.operations import change_person
from dure.people.queries import unread_of
from dure.programmes.models import Given, GivenState, Listing, Member
from dure.programmes.queries.listing import DEADLINE, OPEN, SOON, UNDER_WAY, in_phase, listed, ordered
from dure.site import words
from dure.site.desk.overview import runs_of
from dure.site.mine.work import under_way
from dure.site.programmes.listing import cards
from dure.site.reviews.queue import groups_left
from dure.site.visitors import THEME_COOKIE, THEMES, Ways, visitor

SHOWN, TODO, NEWS = 6, 4, 3
YEAR = 365 * 24 * 3600
KEPT = 60  # seconds for which what all see is kept


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the visitor, what is open now by deadline, how it works, and what came of it so far."""
    person = visitor(request)
    kept = f"home.{words.language()}.{timezone.get_current_timezone()}"
    own = _own(person) if person else {}
    return render(request, "pages/home.html", {**own, "all": cache.get_or_set(kept, _of_everybody, KEPT)})


def _own(person: Person) -> dict[str, object]:
    """What waits for somebody in every part of the site, each no longer than a front page bears."""
    ways, rows = Ways(person), under_way(person)
    return {
        "ways": ways,
        "todo": [row for row in rows if row.is_todo][:TODO],
        "next": next((row for row in rows if row.turn.closes_at and row.turn.closes_at > clock.now()), None),
        "asked": groups_left(person, abilities=ways.abilities, most=TODO),
        "runs": runs_of(person, most=TODO) if ways.desk else [],
        "news": unread_of(person)[:NEWS],
    }


def _of_everybody() -> dict[str, object]:
    """What the page shows to all who read a language in a time zone."""
    return {"open": _cards(OPEN), "soon": _cards(SOON), "running": _cards(UNDER_WAY), "figures": _figures()}


def _cards(phase: str) -> list[SafeString]:
    title = f"title_{words.language()}"
    return cards(ordered(in_phase(listed(), phase), DEADLINE, title=title, phase=phase)[:SHOWN])


def _figures() -> dict[str, int]:
    """What the whole house has done so far."""
    paid = Payment.objects.filter(state=PaymentState.PAID, commitment__fund__currency="KRW")
    return {
        "programmes": Listing.objects.count(),
        "people": Member.objects.filter(person__isnull=False).values("person").distinct().count(),
        "credentials": Given.objects.filter(kind="credential", state=GivenState.DONE).count(),
        "paid": paid.aggregate(won=Sum("amount"))["won"] or 0,
    }


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
