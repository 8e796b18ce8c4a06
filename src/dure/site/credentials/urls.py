"""Addresses of credentials. Those of issuers, lists and pictures stand inside what was signed: they never change."""

from django.urls import path

from dure.site.credentials import achievements, awarding, issued, machines, mine, signing_off, verify

OWN = "organisations/<slug:short>/credentials/"
ONE = f"{OWN}achievements/<slug:code>/"
ISSUED = f"{OWN}issued/<uuid:credential_id>/"

urlpatterns = [
    path(".well-known/did.json", machines.host_did, name="host-did"),
    path("issuers/<slug:short>/did.json", machines.did, name="issuer-did"),
    path("issuers/<slug:short>/status/<uuid:listed_id>/<slug:purpose>", machines.status_list, name="status-list"),
    path("issuers/<slug:short>/", machines.issuer, name="issuer"),
    path("achievements/<uuid:version_id>/", machines.achievement, name="achievement-version"),
    path("achievements/<uuid:version_id>/image.png", machines.picture, name="achievement-picture"),
    path("verify/", verify.ask, name="verify"),
    path("verify/<str:wanted>/", verify.show, name="verify-credential"),
    path("verify/<str:wanted>/certificate/", verify.certificate, name="certificate"),
    *(path(f"verify/<str:wanted>/{name}", verify.file, {"name": name}, name=name) for name in verify.FILES),
    path("me/credentials/", mine.index, name="my-credentials"),
    path("me/credentials/<uuid:credential_id>/", mine.show, name="my-credential"),
    path("me/credentials/<uuid:credential_id>/public/", mine.choose_public, name="credential-public"),
    path("me/credentials/<uuid:credential_id>/link/", mine.change_link, name="credential-link"),
    path("me/credentials/<uuid:credential_id>/renewal/", mine.ask_anew, name="credential-renewal"),
    path(OWN, achievements.index, name="achievements"),
    path(f"{OWN}new/", achievements.new, name="new-achievement"),
    path(f"{OWN}waiting/", signing_off.index, name="sign-off"),
    path(f"{OWN}issued/", issued.index, name="issued"),
    path(f"{OWN}issued.<slug:form>", issued.export, name="issued-export"),
    path(f"{OWN}ending/", issued.ending, name="ending"),
    path(f"{OWN}ending.<slug:form>", issued.ending_export, name="ending-export"),
    path(ISSUED, issued.show, name="issued-credential"),
    *(path(f"{ISSUED}{act}/", issued.act, {"act": act}, name=f"credential-{act}") for act in issued.ACTS),
    path(f"{OWN}batches/<uuid:batch_id>/", awarding.batch, name="credential-batch"),
    path(ONE, achievements.show, name="achievement"),
    path(f"{ONE}edit/", achievements.edit, name="edit-achievement"),
    path(f"{ONE}retire/", achievements.retire, name="retire-achievement"),
    path(f"{ONE}award/", awarding.award, name="award-achievement"),
]
