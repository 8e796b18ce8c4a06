"""A programme's money: its funds and their lines, the payments that wait for a second person, and what left."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.core.errors import Flawed, Forbidden, Missing
from dure.core.text import Text
from dure.funding import rules as funding
from dure.funding.models import UNPAID, Fund, Payment, PaymentState
from dure.funding.operations import add_money, approve, cancel, pay
from dure.joints.bulk import act_on_each
from dure.joints.gives.money import bind_fund, money_of
from dure.joints.paying import funds_of, funds_to_bind, payments_in, places_to_open_funds
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme
from dure.site import words
from dure.site.desk.people import GONE
from dure.site.desk.sheets import sheet_file
from dure.site.purposes import Purpose, purposes_of
from dure.site.visitors import desk_for, id_from, person_of

PAGE = 50
NOT_YOURS = Text(
    ko="이 기금을 관리하는 사람만 할 수 있습니다. 기금을 가진 기관의 관리자에게 요청하세요.",
    en="Only those who look after this fund may do this. Ask an administrator of its organisation.",
)
SECOND = Text(
    ko="본인이 제안했거나 본인이 받을 지급입니다. 다른 사람이 승인해야 합니다.",
    en="You proposed it or will receive it: somebody else has to approve it.",
)
AMOUNT = Text(ko="금액은 1 이상의 정수로 적으세요.", en="Give the amount as a whole number from 1.")


@dataclass(frozen=True)
class Row:
    """A payment and what it is for; whether the visitor looks after its fund; why they cannot approve or pay it
    (None: they can)."""

    payment: Payment
    purpose: Purpose
    runs: bool
    why_not: Text | None


@login_required
@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Funds with what is left, and the payments by state."""
    programme, person = desk_for(request, slug), person_of(request)
    state = request.GET.get("state", "")
    rows = payments_in(programme, state=state)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    funds = funds_of(programme)
    purposes = purposes_of([payment.commitment for payment in page])
    runs: dict[UUID, bool] = {}
    seen = {
        "programme": programme,
        "blueprint": blueprint_of(programme),
        "tab": "money",
        "funds": [(standing, _runs(person, standing.fund, runs)) for standing in funds],
        "unbound": [(name, words.word(blueprint_of(programme), name)) for name in money_of(programme)
                    if name not in {standing.money for standing in funds}],
        "opens_funds": places_to_open_funds(person, programme),
        "to_bind": funds_to_bind(person, programme)[:PAGE],
        "page": page,
        "rows": [_row(person, payment, purposes[payment.commitment_id], runs) for payment in page],
        "state": state,
        "states": [(name, str(label)) for name, label in words.PAYMENT_STATES.items()],
    }  # fmt: skip
    return render(request, "desk/money.html", seen)


def _runs(person: Person, fund: Fund, known: dict[UUID, bool]) -> bool:
    """Whether somebody looks after the fund; asked once for each fund."""
    if fund.pk not in known:
        known[fund.pk] = funding.may_run_fund(person, fund)
    return known[fund.pk]


def _row(person: Person, payment: Payment, purpose: Purpose, known: dict[UUID, bool]) -> Row:
    if not _runs(person, payment.commitment.fund, known):
        return Row(payment, purpose, runs=False, why_not=NOT_YOURS)
    second = payment.state != PaymentState.PROPOSED or funding.is_second(person, payment)
    return Row(payment, purpose, runs=True, why_not=None if second else SECOND)


@login_required
@require_safe
def export(request: HttpRequest, slug: str, format_: str) -> HttpResponseBase:
    """All payments of the programme as a file."""
    return sheet_file(request, desk_for(request, slug), "", "payments", format_)


@login_required
@require_POST
def bind(request: HttpRequest, slug: str) -> HttpResponse:
    """Pay one type of the programme's money from a fund."""
    programme, person = desk_for(request, slug), person_of(request)
    fund = funds_to_bind(person, programme).filter(pk=id_from(request.POST.get("fund"))).first()
    if fund is None:
        raise Missing("fund.missing", GONE)
    bind_fund(programme, request.POST.get("money", ""), fund=fund, by=person)
    messages.success(request, gettext("The money is paid from this fund from now on."))
    return redirect("desk-money", slug)


@login_required
@require_POST
def top_up(request: HttpRequest, slug: str, fund_id: UUID) -> HttpResponse:
    """Add money to a fund, by those who look after it."""
    programme = desk_for(request, slug)
    fund = next((one.fund for one in funds_of(programme) if one.fund.pk == fund_id), None)
    if fund is None:
        raise Missing("fund.missing", GONE)
    if not funding.may_run_fund(person_of(request), fund):
        raise Forbidden("fund.not-yours", NOT_YOURS)
    written = request.POST.get("amount", "").replace(",", "").strip()
    if not (written.isascii() and written.isdigit()):
        raise Flawed("funding.amount", AMOUNT)
    add_money(fund, amount=int(written), line=request.POST.get("line") or None, by=person_of(request))
    messages.success(request, gettext("The money was added."))
    return redirect("desk-money", slug)


@login_required
@require_POST
def act(request: HttpRequest, slug: str, payment_id: UUID, what: str) -> HttpResponse:
    """Approve or pay one payment; ``approve`` with ``each`` those that were ticked."""
    programme, person = desk_for(request, slug), person_of(request)
    ids = [id_from(written) for written in request.POST.getlist("each")] or [payment_id]
    payments = _payments(programme, person, ids)
    if what == "approve":
        _approve(request, payments, person)
    else:
        pay(payments[0], reference=request.POST.get("reference", "").strip(), by=person)
        messages.success(request, gettext("It is noted as paid."))
    return redirect("desk-money", slug)


class CancelForm(forms.Form):
    """Why a payment does not leave."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, slug: str, payment_id: UUID) -> HttpResponse:
    """What cancelling a payment does, and cancelling it for a reason."""
    programme, person = desk_for(request, slug), person_of(request)
    (payment,) = _payments(programme, person, [payment_id])
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        cancel(payment, reason=form.cleaned_data["reason"], by=person)
        messages.success(request, gettext("The payment is cancelled. Its money stays committed."))
        return redirect("desk-money", slug)
    seen = {
        "programme": programme, "tab": "money", "payment": payment, "form": form,
        "can": payment.state in UNPAID, "purpose": purposes_of([payment.commitment])[payment.commitment_id],
    }  # fmt: skip
    return render(request, "desk/cancel.html", seen)


def _payments(programme: Programme, person: Person, ids: list[UUID]) -> list[Payment]:
    """Those of the programme, for whoever looks after their funds. Raises Missing or Forbidden."""
    payments = list(payments_in(programme).filter(pk__in=ids))
    if not payments:
        raise Missing("payment.missing", GONE)
    runs: dict[UUID, bool] = {}
    if not all(_runs(person, payment.commitment.fund, runs) for payment in payments):
        raise Forbidden("payment.not-yours", NOT_YOURS)
    return payments


def _approve(request: HttpRequest, payments: list[Payment], person: Person) -> None:
    told = act_on_each(payments, lambda payment: approve(payment, by=person))
    done = sum(row.refused is None for row in told)
    said = ngettext("%(n)s payment is approved.", "%(n)s payments are approved.", done)
    if done:
        messages.success(request, said % {"n": f"{done:,}"})
    for text in dict.fromkeys(row.refused for row in told if row.refused):
        messages.error(request, words.say(text))
