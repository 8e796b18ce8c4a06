"""Addresses of one's own account and teams."""

from django.urls import path

from dure.site.account import about, data, security, teams

urlpatterns = [
    path("me/account/", about.about, name="about"),
    path("me/account/erase/", about.erase, name="erase"),
    path("me/account/security/", security.show, name="security"),
    path("me/account/security/others/", security.sign_out_others, name="sign-out-others"),
    path("me/account/tokens/", security.tokens, name="tokens"),
    path("me/account/tokens/<uuid:token_id>/revoke/", security.revoke, name="revoke-token"),
    path("me/account/consents/", data.consents, name="consents"),
    path("me/account/consents/<uuid:consent_id>/withdraw/", data.withdraw, name="withdraw-consent"),
    path("me/account/consents/employers/<slug:short>/give/", data.give_to_employer, name="give-consent-employer"),
    path("me/account/consents/<slug:slug>/give/", data.give, name="give-consent"),
    path("me/account/data/", data.exports, name="exports"),
    path("me/account/data/ask/", data.ask, name="ask-export"),
    path("me/account/data/<uuid:export_id>.zip", data.download, name="export"),
    path("me/invitations/<uuid:invitation_id>/", teams.answer_invitation, name="answer-invitation"),
    path("invitations/<str:secret>/", teams.invitation, name="invitation"),
]
