"""The desk's page: everybody who is or was banned, and the form that bans."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from dure.core.errors import Missing, Refused
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes.models import BanState, Programme
from dure.programmes.operations.banning import MOST_REASON, ban
from dure.programmes.queries.bans import bans_of, case_numbered, persons_of_case, persons_of_team, team_called
from dure.site import words
from dure.site.desk.people import NOBODY
from dure.site.flaws import JudgedForm
from dure.site.reading import MomentField
from dure.site.visitors import desk_for, person_of

PAGE = 50
STATES = {
    BanState.STANDING: _("Kept out"), BanState.APPEALED: _("Appeal waits for an answer"),
    BanState.UPHELD: _("Kept out, appeal refused"), BanState.LIFTED: _("Lifted"),
}  # fmt: skip


class BanForm(JudgedForm):
    who = forms.CharField(
        label=_("Person or team"), help_text=_("An email address, a participant's number, or the name of a team.")
    )
    reason_ko = forms.CharField(
        label=_("Reason, in Korean"), max_length=MOST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason_en = forms.CharField(
        label=_("Reason, in English"), max_length=MOST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )
    until = MomentField(
        label=_("Banned until"),
        required=False,
        help_text=_("Left empty: for good."),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is banned, the newest first. POST bans."""
    programme = desk_for(request, slug)
    form = BanForm(request.POST or None, initial={"who": request.GET.get("who", "")})
    if request.method == "POST" and _banned(request, programme, form):
        messages.success(request, gettext("They are banned, and were told why."))
        return redirect("desk-bans", slug)
    page = Paginator(bans_of(programme), PAGE).get_page(request.GET.get("page"))
    rows = [(row, STATES[BanState(row.state)]) for row in page]
    seen = {"programme": programme, "tab": "participants", "form": form, "page": page, "rows": rows}
    return render(request, "bans/desk.html", seen, status=422 if form.errors else 200)


def _banned(request: HttpRequest, programme: Programme, form: BanForm) -> bool:
    """Whether it was done; what stands in the way is told at the form."""
    try:
        return form.submit(lambda said: _ban(request, programme, said))
    except Refused as refused:
        form.add_error("who", words.say(refused.text))
        return False


def _ban(request: HttpRequest, programme: Programme, said: dict[str, Any]) -> None:
    persons, title = _whom(programme, said["who"].strip())
    reason = Text(ko=said["reason_ko"], en=said["reason_en"])
    ban(programme, persons, by=person_of(request), reason=reason, title=title, until=said["until"])


def _whom(programme: Programme, typed: str) -> tuple[Sequence[Person], str]:
    """The persons, and what the desk calls them."""
    if "@" in typed:
        found = Person.objects.filter(email=typed.lower()).first()
        if found is None:
            raise Missing("person.missing", NOBODY)
        return [found], ""
    if typed.isdecimal():
        case = case_numbered(programme, int(typed))
        people = persons_of_case(case)
        return people, case.title or people[0].name
    return persons_of_team(team_called(programme, typed)), typed
