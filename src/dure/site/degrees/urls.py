"""Which page of degrees answers which address."""

from django.urls import path

from dure.site.degrees import candidates, checking, founding, mine, registry

urlpatterns = [
    path("degrees/", mine.index, name="degrees"),
    path("degrees/new/", founding.new, name="degree-new"),
    path("degrees/candidates/<uuid:candidacy_id>/", mine.show, name="candidacy"),
    path("degrees/candidates/<uuid:candidacy_id>/what-if/", mine.what_if, name="candidacy-what-if"),
    path("degrees/candidates/<uuid:candidacy_id>/transcript/", mine.transcript, name="candidacy-transcript"),
    path("degrees/candidates/<uuid:candidacy_id>/credits/new/", candidates.new_credit, name="credit-new"),
    path("degrees/candidates/<uuid:candidacy_id>/settings/", candidates.settings, name="candidacy-settings"),
    path("degrees/candidates/<uuid:candidacy_id>/place/", candidates.place, name="candidacy-place"),
    path("degrees/credits/<uuid:credit_id>/", candidates.edit_credit, name="credit-edit"),
    path("degrees/<slug:key>/", registry.show, name="degree"),
    path("degrees/<slug:key>/decide/", registry.decide, name="degree-decide"),
    path("degrees/<slug:key>/import/", registry.bring_in, name="degree-import"),
    path("degrees/<slug:key>/requirement/", founding.requirement, name="degree-requirement"),
    path("degrees/<slug:key>/people/", founding.people, name="degree-people"),
    path("transcripts/<str:code>/", checking.show, name="transcript"),
    path("transcripts/<str:code>/transcript.pdf", checking.pdf_file, name="transcript-pdf"),
    path("transcripts/<str:code>/credential.json", checking.credential, name="transcript-credential"),
    path("transcripts/<str:code>/transcript.json", checking.content, name="transcript-json"),
]
