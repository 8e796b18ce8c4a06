"""Addresses of organisations and of their own sign-in."""

from django.urls import path, re_path, reverse_lazy
from django.views.generic import RedirectView

from dure.people.models import Protocol
from dure.site.organisations import funds, pages, people, signin

OWN = "organisations/<slug:short>/sign-in/"
PEOPLE = "organisations/<slug:short>/people/"
FUNDS = "organisations/<slug:short>/funds/"
FUND = f"{FUNDS}<uuid:fund_id>/"

urlpatterns = [
    path("accounts/login/", signin.sign_in, name="sign-in"),
    re_path(r"^accounts/(?:3rdparty|social)/", RedirectView.as_view(url=reverse_lazy("about"))),  # pages of no use here
    path("sign-in/hint/", signin.hint, name="sign-in-hint"),
    path("sign-in/<slug:short>/", signin.leave_for, name="sign-in-at"),
    path("organisations/<slug:short>/", pages.show, name="organisation"),
    path(PEOPLE, people.show, name="organisation-people"),
    path(f"{PEOPLE}<uuid:membership_id>/role/", people.change, name="change-role"),
    path(f"{PEOPLE}<uuid:membership_id>/end/", people.end, name="end-membership"),
    path(f"{PEOPLE}invitations/<uuid:invitation_id>/take-back/", people.take_back, name="uninvite-member"),
    path(FUNDS, funds.index, name="funds"),
    path(f"{FUNDS}new/", funds.new, name="new-fund"),
    path(FUND, funds.show, name="fund"),
    path(f"{FUND}money/", funds.add, name="add-money"),
    path(f"{FUND}close/", funds.close, name="close-fund"),
    path(f"{FUND}commitments/<uuid:commitment_id>/release/", funds.let_go, name="release-commitment"),
    path(OWN, signin.set_up, name="organisation-sign-in"),
    *(path(f"{OWN}{by}/", signin.connect, {"by": by.value}, name=f"organisation-{by}") for by in Protocol),
    path(f"{OWN}claims/", signin.keep_claims, name="organisation-claims"),
    path(f"{OWN}switch/", signin.switch, name="organisation-switch"),
    path(f"{OWN}domains/", signin.claim, name="organisation-domains"),
    *(
        path(f"{OWN}domains/<uuid:domain_id>/{what}/", signin.act_on_domain, {"what": what}, name=f"domain-{what}")
        for what in signin.DOMAIN_ACTS
    ),
]
