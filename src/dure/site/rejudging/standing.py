"""Who is out of a round: disqualifying an entrant or one attempt, and keeping a person from it."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from dure.challenges.models import Ban, Entrant, Ground, OutState, Submission
from dure.challenges.operations.standing import APPEALED_FOR, ban, disqualify, lift
from dure.challenges.queries.standing import bans, disqualifications
from dure.core import clock
from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.joints.running import let_organise
from dure.people.models import Person
from dure.site.desk.rounds.door import Place, round_at
from dure.site.flaws import JudgedForm
from dure.site.reading import MomentField
from dure.site.visitors import person_of
from dure.store.search import matching

SHOWN = 200
GROUNDS = {
    Ground.RULES: _("Broke the rules"), Ground.SHARING: _("Shared code or predictions"),
    Ground.ACCOUNTS: _("Several accounts"), Ground.LEAK: _("Used leaked labels"),
    Ground.ATTACK: _("Attacked the platform"), Ground.CONDUCT: _("Conduct"), Ground.OTHER: _("Other"),
}  # fmt: skip
STATES = {
    OutState.STANDING: _("Disqualified"), OutState.APPEALED: _("Appeal waits for an answer"),
    OutState.UPHELD: _("Disqualified, appeal refused"), OutState.LIFTED: _("Lifted"),
}  # fmt: skip
BAN_STATES = {
    OutState.STANDING: _("Kept out"), OutState.APPEALED: _("Appeal waits for an answer"),
    OutState.UPHELD: _("Kept out, appeal refused"), OutState.LIFTED: _("Lifted"),
}  # fmt: skip
_NOBODY = Text(
    ko="그런 참가자가 없습니다. 순위표에 보이는 이름을 그대로 쓰세요.",
    en="There is no such entrant: write the name as the board shows it.",
)
_SEVERAL = Text(
    ko="이 이름의 참가자가 여럿입니다. 제출 번호 대신 참가자 번호를 쓰세요: {ids}",
    en="Several entrants have this name. Write one of these instead: {ids}",
)
_NO_ATTEMPT = Text(ko="그 번호의 제출이 없습니다.", en="It has no attempt of that number.")
_NO_PERSON = Text(ko="이 주소로 가입한 사람이 없습니다.", en="Nobody has signed up with this address.")
_NO_BAN = Text(ko="참가 제한을 찾을 수 없습니다.", en="There is no such ban.")


class WhyForm(JudgedForm):
    """A reason as its reader gets it."""

    ground = forms.ChoiceField(label=_("Ground"), choices=list(GROUNDS.items()))
    reason_ko = forms.CharField(label=_("Reason, in Korean"), widget=forms.Textarea(attrs={"rows": 2}))
    reason_en = forms.CharField(label=_("Reason, in English"), widget=forms.Textarea(attrs={"rows": 2}))

    def why(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"ground": said["ground"], "reason": Text(ko=said["reason_ko"], en=said["reason_en"])}


class OutForm(WhyForm):
    entrant = forms.CharField(label=_("Entrant"), help_text=_("The name as the board shows it."))
    attempt = forms.IntegerField(
        label=_("Attempt"), required=False, min_value=1, help_text=_("Left empty: the entrant as a whole.")
    )
    appeal_until = MomentField(
        label=_("Appeals until"),
        help_text=_("Settling waits until then, or until an appeal is answered."),
    )
    field_order = ("entrant", "attempt", "ground", "reason_ko", "reason_en", "appeal_until")


class BanForm(WhyForm):
    email = forms.EmailField(label=_("Email"), help_text=_("The address with which they sign in to Dure."))
    until = MomentField(
        label=_("Banned until"),
        required=False,
        help_text=_("Left empty: as long as the round lasts."),
    )
    appeal_until = MomentField(
        label=_("Appeals until"),
        required=False,
        help_text=_("Left empty: for seven days."),
    )
    field_order = ("email", "ground", "reason_ko", "reason_en", "until", "appeal_until")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Who is out and who is banned, with a form for each. POST disqualifies."""
    place = round_at(request, slug, stage)
    ends = (clock.now() + APPEALED_FOR).astimezone(ZoneInfo(place.round.zone))
    form = OutForm(request.POST or None, initial={"appeal_until": ends, "entrant": request.GET.get("entrant", "")})
    if request.method == "POST" and form.submit(lambda said: _disqualify(request, place, form, said)):
        messages.success(request, gettext("They are off the boards, and were told why."))
        return redirect("desk-out", slug, stage)
    return _page(request, place, form, BanForm())


@login_required
@require_POST
def ban_one(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Keep somebody from submitting in the round."""
    place = round_at(request, slug, stage)
    form = BanForm(request.POST)
    if form.submit(lambda said: _ban(request, place, form, said)):
        messages.success(request, gettext("They are banned, and were told why."))
        return redirect("desk-out", slug, stage)
    return _page(request, place, OutForm(), form)


@login_required
@require_POST
def lift_one(request: HttpRequest, slug: str, stage: str, ban_id: UUID) -> HttpResponse:
    """Let them take part again."""
    place, by = round_at(request, slug, stage), person_of(request)
    found = Ban.objects.select_related("round", "person").filter(pk=ban_id, round=place.round).first()
    if found is None:
        raise Missing("standing.no-ban", _NO_BAN)
    let_organise(by, place.round)
    lift(found, by=by)
    messages.success(request, gettext("The ban is lifted."))
    return redirect("desk-out", slug, stage)


def _page(request: HttpRequest, place: Place, form: OutForm, ban_form: BanForm) -> HttpResponse:
    found = disqualifications(place.round)[:SHOWN]
    seen = {
        **place.seen("out"),
        "outs": [(row, STATES[OutState(row.state)], GROUNDS[Ground(row.ground)]) for row in found],
        "bans": [(row, BAN_STATES[OutState(row.state)], GROUNDS[Ground(row.ground)]) for row in bans(place.round)],
        "form": form,
        "ban_form": ban_form,
    }
    return render(request, "rejudging/out.html", seen)


def _disqualify(request: HttpRequest, place: Place, form: OutForm, said: dict[str, Any]) -> None:
    entrant = _entrant(place, said["entrant"])
    by = person_of(request)
    let_organise(by, place.round)
    disqualify(
        entrant, by=by, submission=_attempt(entrant, said["attempt"]), appeal_until=said["appeal_until"], **form.why()
    )


def _ban(request: HttpRequest, place: Place, form: BanForm, said: dict[str, Any]) -> None:
    person, by = Person.objects.filter(email=said["email"].lower()).first(), person_of(request)
    if person is None:
        raise _flaw("email", _NO_PERSON)
    let_organise(by, place.round)
    ban(place.round, person, by=by, until=said["until"], appeal_until=said["appeal_until"], **form.why())


def _entrant(place: Place, typed: str) -> Entrant:
    """By its name, or by its id where several are called so."""
    rows = Entrant.objects.filter(task__in=place.tasks).select_related("task__round")
    found = [row for row in matching(rows, typed) if row.title == typed.strip()][:20] or _by_id(place, typed)
    if not found:
        raise _flaw("entrant", _NOBODY)
    if len(found) > 1:
        raise _flaw("entrant", _SEVERAL.format(ids=", ".join(str(row.pk) for row in found)))
    return found[0]


def _by_id(place: Place, typed: str) -> list[Entrant]:
    try:
        key = UUID(typed.strip())
    except ValueError:
        return []
    return list(Entrant.objects.filter(pk=key, task__in=place.tasks).select_related("task__round"))


def _attempt(entrant: Entrant, number: int | None) -> Submission | None:
    if number is None:
        return None
    found = entrant.submissions.filter(number=number).first()
    if found is None:
        raise _flaw("attempt", _NO_ATTEMPT)
    return found


def _flaw(field: str, sentence: Text) -> Flawed:
    return Flawed("standing.form", sentence, errors=[{"field": field, **sentence.as_dict()}])
