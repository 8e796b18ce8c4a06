"""An organisation's funds: what each holds and is committed to; its administrators open, fill and close them."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.core.errors import Forbidden, Missing, Refused
from dure.core.text import Text
from dure.funding import rules
from dure.funding.books import MOST
from dure.funding.models import UNPAID, CommitmentState, Fund, FundState
from dure.funding.operations import add_money, close_fund, open_fund, release
from dure.funding.queries import standings
from dure.joints.paying import lines_of, programmes_paid_from
from dure.ledger.units import DECIMALS
from dure.people.models import Organisation
from dure.people.rules import belongs_to, may_change_organisation
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme
from dure.site import words
from dure.site.organisations.pages import NO_ORGANISATION, frame_of, looked_after, organisation_called
from dure.site.purposes import purposes_of
from dure.site.visitors import person_of

PAGE = 50
NO_FUND = Text(
    ko="찾으시는 기금이 없습니다. 기관의 기금 목록에서 확인하세요.",
    en="There is no such fund. Look in the list of the organisation's funds.",
)
NO_COMMITMENT = Text(
    ko="찾으시는 배정이 없습니다. 기금 페이지에서 확인하세요.",
    en="There is no such commitment. Look on the fund's page.",
)
NOT_YOURS = Text(
    ko="기관의 관리자만 할 수 있습니다. 기관의 관리자에게 요청하세요.",
    en="Only the organisation's administrators may do this. Ask one of them.",
)
USUAL = "KRW"


class AmountField(forms.IntegerField):
    """Whole units of a currency; thousands may be set apart by commas."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value: object) -> int | None:
        return super().to_python(str(value or "").replace(",", ""))


class FundForm(forms.Form):
    """A fund's name, its money, and how that is divided."""

    name = forms.CharField(label=_("Name"), max_length=120)
    amount = AmountField(
        label=_("Amount"), min_value=1, max_value=MOST,
        help_text=_("A whole number: won, or cents and the like of another currency."),
    )  # fmt: skip
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in sorted(DECIMALS)],
        widget=forms.Select(attrs={"translate": "no"}),
    )  # fmt: skip
    lines = forms.CharField(
        label=_("Budget lines"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Optional. One a line, a name and its amount: Prizes 150,000,000. They add up to the amount."),
    )  # fmt: skip

    def clean_lines(self) -> dict[str, int] | None:
        """By name; None where the fund is not divided."""
        found: dict[str, int] = {}
        for written in filter(None, map(str.strip, self.cleaned_data["lines"].splitlines())):
            name, _blank, amount = written.replace("\t", " ").rpartition(" ")
            name, digits = name.strip(" :"), amount.replace(",", "")
            if not name or name in found or not (digits.isascii() and digits.isdecimal()):
                raise ValidationError(
                    gettext("Write each line once, a name and a whole amount. This one is not right: %(line)s"),
                    params={"line": written},
                )
            found[name] = int(digits)
        return found or None


class MoneyForm(forms.Form):
    """More money for a fund; where it has budget lines, under one of them."""

    amount = AmountField(label=_("Amount"), min_value=1, max_value=MOST)
    line = forms.ChoiceField(label=_("Budget line"))

    def __init__(self, fund: Fund, data: QueryDict | None = None) -> None:
        super().__init__(data)
        lines = [(name, name) for name in fund.lines.order_by("pk").values_list("name", flat=True)]
        if lines:
            self.fields["line"] = forms.ChoiceField(label=_("Budget line"), choices=lines)
        else:
            del self.fields["line"]


@login_required
@require_safe
def index(request: HttpRequest, short: str) -> HttpResponse:
    """Every fund of the organisation with how it stands, those that are open first; for everybody who belongs there."""
    organisation = _seen_by(request, short)
    rows = organisation.funds.order_by("-state", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    standing = standings(list(page))
    seen = {
        **_frame(request, organisation), "page": page,
        "rows": [(fund, standing[fund.pk]) for fund in page],
    }  # fmt: skip
    return render(request, "organisations/funds.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, short: str) -> HttpResponse:
    """Set money aside, by whoever looks after the organisation."""
    organisation = looked_after(request, short)
    form = FundForm(request.POST if request.method == "POST" else None, initial={"currency": USUAL})
    if request.method == "POST" and form.is_valid():
        try:
            fund = open_fund(organisation, **form.cleaned_data, by=person_of(request))
        except Refused as refused:
            form.add_error(_field_of(refused), words.say(refused.text))
        else:
            messages.success(request, gettext("The fund is open."))
            return redirect("fund", short, fund.pk)
    return render(request, "organisations/fund_form.html", {**_frame(request, organisation), "form": form})


def _field_of(refused: Refused) -> str | None:
    field = refused.code.removeprefix("funding.")
    return field if field in FundForm.base_fields else None


@login_required
@require_safe
def show(request: HttpRequest, short: str, fund_id: UUID) -> HttpResponse:
    """One fund: what is left, its lines, which programmes it pays, and what it is committed to."""
    fund = _fund(request, short, fund_id)
    return _page(request, fund, MoneyForm(fund))


@login_required
@require_POST
def add(request: HttpRequest, short: str, fund_id: UUID) -> HttpResponse:
    """Add money to a fund."""
    fund = _run(request, short, fund_id)
    form = MoneyForm(fund, request.POST)
    if not form.is_valid():
        return _page(request, fund, form)
    add_money(fund, amount=form.cleaned_data["amount"], line=form.cleaned_data.get("line"), by=person_of(request))
    messages.success(request, gettext("The money was added."))
    return redirect("fund", short, fund.pk)


def _page(request: HttpRequest, fund: Fund, form: MoneyForm) -> HttpResponse:
    commitments = fund.commitments.select_related("line").order_by("-made_at", "-pk")
    page = Paginator(commitments, PAGE).get_page(request.GET.get("page"))
    purposes = purposes_of(list(page))
    seen = {
        **_frame(request, fund.organisation), "fund": fund, "standing": standings([fund])[fund.pk],
        "lines": lines_of(fund), "programmes": _programmes(fund), "form": form,
        "page": page, "rows": [(one, purposes[one.pk]) for one in page],
    }  # fmt: skip
    return render(request, "organisations/fund.html", seen)


def _programmes(fund: Fund) -> list[tuple[Programme, str]]:
    """Which programmes pay from it, and what."""
    return [(row.programme, words.word(blueprint_of(row.programme), row.money)) for row in programmes_paid_from(fund)]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, short: str, fund_id: UUID) -> HttpResponse:
    """What closing a fund does, what stands in its way, and closing it."""
    fund = _run(request, short, fund_id)
    if request.method == "POST":
        close_fund(fund, by=person_of(request))
        messages.success(request, gettext("The fund is closed."))
        return redirect("funds", short)
    seen = {
        **_frame(request, fund.organisation), "fund": fund, "standing": standings([fund])[fund.pk],
        "unpaid": fund.commitments.filter(state=CommitmentState.COMMITTED).count(),
        "is_open": fund.state == FundState.OPEN, "programmes": _programmes(fund),
    }  # fmt: skip
    return render(request, "organisations/close_fund.html", seen)


class ReleaseForm(forms.Form):
    """Why money that was committed is not needed."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def let_go(request: HttpRequest, short: str, fund_id: UUID, commitment_id: UUID) -> HttpResponse:
    """What giving committed money back to the fund does, and giving it back for a reason."""
    fund = _run(request, short, fund_id)
    commitment = fund.commitments.filter(pk=commitment_id).first()
    if commitment is None:
        raise Missing("commitment.missing", NO_COMMITMENT)
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        release(commitment, reason=form.cleaned_data["reason"], by=person_of(request))
        messages.success(request, gettext("What was not paid is back in the fund."))
        return redirect("fund", short, fund.pk)
    unpaid = commitment.payments.filter(state__in=UNPAID).select_related("person", "organisation")
    seen = {
        **_frame(request, fund.organisation), "fund": fund, "commitment": commitment, "form": form,
        "rest": commitment.amount - commitment.paid, "unpaid": unpaid.order_by("due", "pk"),
        "can": commitment.state == CommitmentState.COMMITTED, "purpose": purposes_of([commitment])[commitment.pk],
    }  # fmt: skip
    return render(request, "organisations/release.html", seen)


def _frame(request: HttpRequest, organisation: Organisation) -> dict[str, object]:
    return frame_of(person_of(request), organisation, tab="funds")


def _seen_by(request: HttpRequest, short: str) -> Organisation:
    """The organisation, for everybody who belongs to it or looks after it. Raises Missing."""
    organisation, person = organisation_called(short), person_of(request)
    if not (belongs_to(person, organisation) or may_change_organisation(person, organisation)):
        raise Missing("organisation.missing", NO_ORGANISATION)
    return organisation


def _fund(request: HttpRequest, short: str, fund_id: UUID) -> Fund:
    fund = Fund.objects.filter(pk=fund_id, organisation__short=short).select_related("organisation").first()
    if fund is None or not rules.may_see_fund(person_of(request), fund):
        raise Missing("fund.missing", NO_FUND)
    return fund


def _run(request: HttpRequest, short: str, fund_id: UUID) -> Fund:
    fund = _fund(request, short, fund_id)
    if not rules.may_run_fund(person_of(request), fund):
        raise Forbidden("fund.not-yours", NOT_YOURS)
    return fund
