"""The page on which anybody can verify what somebody received: that it is genuine, and what its holder lets be seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dure.blueprint.model import ENTRANTS, PASSED
from dure.blueprint.reasons import gate_text
from dure.core import clock
from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.models import Consent, Organisation, Person
from dure.people.operations import give_consent, withdraw_consent
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Given, GivenState, ProgrammeState, Verdict
from dure.programmes.operations.giving import rules_of
from dure.programmes.operations.handing import verdicts_of
from dure.programmes.queries.members import members_of
from dure.site import words
from dure.site.visitors import person_of, visitor

NAME, RESULT = "award-name", "award-result"
PURPOSES = (NAME, RESULT)
NO_AWARD = Text(
    ko="찾으시는 수여 기록이 없습니다. 주소가 정확한지 확인하거나, 보여 준 사람에게 주소를 다시 요청하세요.",
    en="There is no such award. Check the address, or ask whoever showed it to you for it again.",
)


@dataclass(frozen=True)
class Result:
    """What came before an award: the verdict's place and mark, and the evidence in words."""

    place: int | None
    mark: float | None
    shown: list[tuple[str, int | float]]


@require_safe
def show(request: HttpRequest, given_id: UUID) -> HttpResponse:
    """Who received what, when, from whom and by which rules; names and results only where their holder agreed."""
    given = _given(given_id)
    holders = _holders(given)
    agreed = _agreed(given, holders)
    person = visitor(request)
    programme, blueprint = given.programme, blueprint_of(given.programme)
    seen = {
        "given": given,
        "programme": programme,
        "stands": _stands(given),
        "stage": words.word(blueprint, given.stage),
        "names": [holder.name for holder in holders if holder.pk in agreed[NAME] and holder.name],
        "unnamed": any(holder.pk not in agreed[NAME] for holder in holders),
        "issuers": Organisation.objects.filter(pk__in=programme.parties.values("organisation")).order_by("name_ko"),
        "recognised_by": words.word(blueprint, name) if (name := given.details.get("recognised_by")) else "",
        "took": _took(given),
        "result": _result(given) if agreed[RESULT] else None,
        "address": request.build_absolute_uri(request.path),
        "own": [(purpose, words.CONSENTS[purpose], person.pk in agreed[purpose]) for purpose in PURPOSES]
        if person in holders and person is not None
        else [],
    }
    return render(request, "awards/show.html", seen)


@login_required
@require_POST
def choose_shown(request: HttpRequest, given_id: UUID) -> HttpResponse:
    """A holder says what of them anybody may see on the award's page."""
    given, person = _given(given_id), person_of(request)
    holders = _holders(given)
    if person not in holders:
        raise Missing("award.missing", NO_AWARD)
    agreed = _agreed(given, holders)
    for purpose in PURPOSES:
        wanted, stands = purpose in request.POST, person.pk in agreed[purpose]
        if wanted and not stands:
            give_consent(person, purpose=purpose, scope=_scope(given), wording=str(words.CONSENTS[purpose]))
        elif stands and not wanted:
            withdraw_consent(person, purpose=purpose, scope=_scope(given))
    messages.success(request, gettext("From now on the page shows what you chose."))
    return redirect("award", given.pk)


def _given(given_id: UUID) -> Given:
    """Raises Missing for what was never announced."""
    rows = Given.objects.select_related("programme", "person", "organisation", "turn")
    found = rows.filter(pk=given_id).exclude(programme__state=ProgrammeState.DRAFT).first()
    if found is None:
        raise Missing("award.missing", NO_AWARD)
    return found


def _holders(given: Given) -> list[Person]:
    """The person who received it; for a turn's money and publications those whose turn it is."""
    if given.person is not None:
        return [given.person]
    if given.organisation is not None or given.turn is None:
        return []
    return [member.person for member in members_of([given.turn]) if member.person is not None]


def _agreed(given: Given, holders: Sequence[Person]) -> dict[str, set[UUID]]:
    """By purpose, the holders whose consent stands now."""
    rows = Consent.objects.filter(person__in=holders, scope=_scope(given), withdrawn_at=None, purpose__in=PURPOSES)
    agreed: dict[str, set[UUID]] = {purpose: set() for purpose in PURPOSES}
    for purpose, person in rows.values_list("purpose", "person"):
        agreed[purpose].add(person)
    return agreed


def _scope(given: Given) -> str:
    """What the consents are about: one give of a stage, of which everybody has at most one."""
    return f"{given.programme.slug}/{given.stage}/{given.index}"


def _stands(given: Given) -> str:
    """``done``, ``due`` (not confirmed yet), ``revoked`` or ``over``."""
    is_over = given.expires_at is not None and given.expires_at <= clock.now()
    return "over" if is_over and given.state == GivenState.DONE else given.state


def _took(given: Given) -> list[str]:
    """What it took to receive it, by the rules."""
    blueprint, give = blueprint_of(given.programme), rules_of(given.programme, given)
    if give.to == ENTRANTS:
        return [gettext("Given to everybody who takes part in the stage.")]
    if give.to != PASSED:
        return [words.given_text(blueprint, give)]
    return [words.say(text) for text in gate_text(blueprint, blueprint.stage(given.stage))]


def _result(given: Given) -> Result | None:
    """The verdict on which it was given; None where nobody judged it alone."""
    if given.turn is None:
        return None
    blueprint = blueprint_of(given.programme)
    passed = next((d for d in verdicts_of(given.turn) if d.verdict == Verdict.PASSED), None)
    values = given.turn.evidence.values if given.turn.evidence else {}
    numbers = {name: value for name, value in values.items() if isinstance(value, int | float)}
    shown = [(words.fact(blueprint, name), value) for name, value in numbers.items()]
    place = (passed.place_in_option or passed.place) if passed else None
    return Result(place, passed.mark if passed else None, shown)
