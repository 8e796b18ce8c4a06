"""Addresses of what belongs to whoever is signed in."""

from django.urls import path

from dure.site import applications, proofs, receipts, rounds
from dure.site.mine import notices, offers, page, recruiters, turn

urlpatterns = [
    path("me/", page.page, name="mine"),
    path("me/recruiters/", recruiters.show, name="recruiters-and-me"),
    path("me/notices/", notices.index, name="notices"),
    path("me/notices/read/", notices.all_read, name="notices-read"),
    path("me/notices/<uuid:notice_id>/", notices.show, name="notice"),
    path("me/account/mail/", notices.mail, name="notice-mail"),
    path("offers/<uuid:offer_id>/", offers.offer, name="offer"),
    path("turns/<uuid:turn_id>/", turn.turn, name="turn"),
    path("turns/<uuid:turn_id>/withdraw/confirm/", turn.confirm_withdrawal, name="confirm-withdrawal"),
    *(path(f"turns/<uuid:turn_id>/{what}/", turn.act, {"what": what}, name=f"turn-{what}") for what in turn.ACTS),
    path("turns/<uuid:turn_id>/draft/", applications.autosave, name="autosave"),
    path("turns/<uuid:turn_id>/receipts/<int:number>/", receipts.show, name="receipt"),
    path("turns/<uuid:turn_id>/files/<str:wanted>/", applications.file_field, name="file-field"),
    path("turns/<uuid:turn_id>/proofs/<uuid:proof_id>/", proofs.file, name="proof-file"),
    path("files/<uuid:attachment_id>/", applications.file, name="file"),
    path("turns/<uuid:turn_id>/round/", rounds.show, name="round"),
    path("turns/<uuid:turn_id>/round/attempts/", rounds.attempts),
    path("turns/<uuid:turn_id>/round/best/", rounds.choose_the_best),
    path("tasks/<uuid:task_id>/mine/", rounds.show, name="my-round"),
    path("tasks/<uuid:task_id>/mine/attempts/", rounds.attempts),
    path("tasks/<uuid:task_id>/mine/best/", rounds.choose_the_best),
    path("submissions/<uuid:submission_id>/", rounds.submission, name="submission"),
    path("submissions/<uuid:submission_id>/choose/", rounds.choose_one, name="choose-submission"),
    path("submissions/<uuid:submission_id>/unchoose/", rounds.take_back, name="unchoose-submission"),
]
