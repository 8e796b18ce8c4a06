"""An offer to enter a stage: what it is, and yes or no."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.blueprint.model import Stage
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.stages.forms import enter_at_once
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Offer
from dure.programmes.operations.entering import accept, decline
from dure.programmes.windows import dates_of
from dure.site import words
from dure.site.entry import choices_for, entry_from
from dure.site.visitors import person_of

NO_OFFER = Text(
    ko="찾으시는 초대가 없습니다. 이미 답했거나 취소된 초대일 수 있습니다. 내 페이지를 확인하세요.",
    en="There is no such invitation. It may have been answered or taken back; see your own page.",
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """An offer to enter a stage: what it is, and yes or no."""
    person = person_of(request)
    made = Offer.objects.filter(pk=offer_id, person=person).select_related("programme", "turn", "by").first()
    if made is None:
        raise Missing("offer.missing", NO_OFFER)
    stage = blueprint_of(made.programme).stage(made.stage)
    if request.method == "POST":
        return _answered(request, made, stage)
    seen = {
        "offer": made,
        "programme": made.programme,
        "title": words.word(blueprint_of(made.programme), stage.id),
        "asked": choices_for(made.programme, stage, person),
        "asks": words.asks_of(blueprint_of(made.programme), stage),
        "closes": dates_of(made.programme, stage)[1],
    }
    return render(request, "mine/offer.html", seen)


def _answered(request: HttpRequest, made: Offer, stage: Stage) -> HttpResponse:
    if request.POST.get("answer") == "no":
        decline(made)
        messages.success(request, gettext("You have declined the invitation."))
        return redirect("mine")
    entry = entry_from(request, made.programme, stage)
    turn = enter_at_once(partial(accept, made, **entry), by=person_of(request))
    messages.success(request, gettext("You have accepted the invitation. Here is what comes next."))
    return redirect("turn", turn.pk)
