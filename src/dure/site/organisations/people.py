"""An organisation's own people: its administrators add them, say what they are, and end their time there."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.days import today
from dure.people.models import InvitationState, Membership, Organisation, Person
from dure.people.operations import change_role, invite, join_organisation, leave, withdraw
from dure.people.operations.invitations import ORGANISATION
from dure.people.queries import colleagues_of, invitations_to, persons_called
from dure.site import words
from dure.site.drawing import addresses, drawn
from dure.site.organisations.pages import GONE, frame_of, looked_after
from dure.site.templatetags.dure import on_day
from dure.site.visitors import person_of

PAGE, LETTERS = 50, 50
LISTED = ("pk", "person", "person__name", "person__email", "role", "department", "since", "until")
_LINE = """<li><div class="row between"><span><a id="{0}" href="{1}">{2}</a><br>\
<span class="muted small">{3}</span></span><span class="row">\
<form class="row" method="post" action="{4}{0}/role/" data-stays>{5}\
<span><select name="role" aria-labelledby="role {0}">{6}</select></span>\
<button type="submit" class="button small">{7}</button></form>\
<a class="button small plain" href="{4}{0}/end/">{8}</a></span></div></li>"""


class MemberForm(forms.Form):
    """Somebody by their address, and what they are here."""

    email = forms.EmailField(label=_("Email"))
    role = forms.ChoiceField(label=_("Role"), choices=list(words.MEMBER_ROLES.items()))
    department = forms.CharField(label=_("Department"), max_length=120, required=False)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, short: str) -> HttpResponse:
    """Who belongs to it today, found by name or address, and whose letters wait; POST adds somebody."""
    organisation = looked_after(request, short)
    form = MemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _add(request, organisation, **form.cleaned_data)
        return redirect("organisation-people", short)
    typed = request.GET.get("q", "").replace("\0", "").strip()[:80]
    rows = colleagues_of(organisation, on=today())
    if typed:
        rows = rows.filter(person__in=persons_called(typed))
    letters = invitations_to(ORGANISATION, organisation.pk).filter(state=InvitationState.PENDING)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    part = slice(PAGE * (page.number - 1), PAGE * page.number)
    seen = {
        **_frame(request, organisation), "form": form, "typed": typed, "page": page,
        "lines": _lines(request, rows.values_list(*LISTED)[part]), "letters": letters[:LETTERS],
    }  # fmt: skip
    return render(request, "organisations/people.html", seen)


def _lines(request: HttpRequest, rows: Iterable[tuple[Any, ...]]) -> SafeString:
    """Each of them, with what they can be made: there are fifty, and a template takes five times as long for each."""
    csrf = drawn('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
    address, choices = addresses("person"), {role: _roles(role) for role in words.MEMBER_ROLES}
    said, at = (gettext("Change"), gettext("End …")), request.path
    lines = (
        drawn(_LINE, pk, address(person), name or email, _about(email, *told), at, csrf, choices[role], *said)
        for pk, person, name, email, role, *told in rows
    )
    return SafeString("".join(lines))


def _about(email: str, department: str, since: date, until: date | None) -> str:
    told = [email, department, gettext("since %(day)s") % {"day": on_day(since)}]
    return " · ".join(filter(None, [*told, f"{gettext('until')} {on_day(until)}" if until else ""]))


def _roles(chosen: str) -> SafeString:
    """What somebody may be, of which they are one: drawn once for all who are the same."""
    told = (
        (role, SafeString(" selected" if role == chosen else ""), title) for role, title in words.MEMBER_ROLES.items()
    )
    return format_html_join("", '<option value="{}"{}>{}</option>', told)


def _add(request: HttpRequest, organisation: Organisation, *, email: str, role: str, department: str) -> None:
    """Write down that somebody belongs here; who has no account yet gets a letter."""
    person = Person.objects.filter(email=email.lower(), is_active=True).first()
    if person:
        join_organisation(organisation, person=person, role=role, department=department)
        messages.success(request, gettext("They belong to the organisation now."))
        return
    what = Text(ko=f"기관 ‘{organisation.name_ko}’", en=f"to the organisation {organisation.name_en}")
    invite(email, purpose=ORGANISATION, subject=organisation.pk, what=what, by=person_of(request), role=role)
    messages.success(request, gettext("They have no account yet: a letter invites them."))


@login_required
@require_POST
def change(request: HttpRequest, short: str, membership_id: UUID) -> HttpResponse:
    """Make somebody something else here."""
    membership = _membership(looked_after(request, short), membership_id)
    change_role(membership, role=request.POST.get("role", ""))
    messages.success(request, gettext("Saved."))
    return redirect("organisation-people", short)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, short: str, membership_id: UUID) -> HttpResponse:
    """What ending somebody's time here takes from them, and then ending it."""
    organisation = looked_after(request, short)
    membership = _membership(organisation, membership_id)
    own = membership.person_id == person_of(request).pk
    if request.method == "POST":
        leave(membership)
        messages.success(request, gettext("The membership has ended."))
        return redirect("organisation" if own else "organisation-people", short)
    seen = {**_frame(request, organisation), "membership": membership, "own": own}
    return render(request, "organisations/end.html", seen)


@login_required
@require_POST
def take_back(request: HttpRequest, short: str, invitation_id: UUID) -> HttpResponse:
    """A letter opens nothing any more."""
    organisation = looked_after(request, short)
    letter = invitations_to(ORGANISATION, organisation.pk).filter(pk=invitation_id).first()
    if letter is None:
        raise Missing("invitation.missing", GONE)
    withdraw(letter)
    messages.success(request, gettext("The invitation was taken back."))
    return redirect("organisation-people", short)


def _frame(request: HttpRequest, organisation: Organisation) -> dict[str, object]:
    return frame_of(person_of(request), organisation, tab="people")


def _membership(organisation: Organisation, membership_id: UUID) -> Membership:
    found = colleagues_of(organisation, on=today()).filter(pk=membership_id).first()
    if found is None:
        raise Missing("membership.missing", GONE)
    return found
