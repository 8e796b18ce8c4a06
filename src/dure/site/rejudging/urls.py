"""Which page about judging again, and about who is out, answers which address."""

from django.urls import path

from dure.site.rejudging import carrying, disqualification, forms, proposals, standing

_STAGE = "desk/<slug:slug>/stages/<slug:stage>/"
_PROPOSAL = f"{_STAGE}again/<uuid:proposal_id>/"

urlpatterns = [
    path(f"{_STAGE}again/", proposals.index, name="desk-rejudging"),
    path(f"{_STAGE}again/new/<uuid:task_id>/", forms.new, name="desk-rejudging-new"),
    path(_PROPOSAL, proposals.show, name="desk-proposal"),
    path(f"{_PROPOSAL}now/", proposals.now, name="desk-proposal-now"),
    path(f"{_PROPOSAL}places.csv", proposals.places_file, name="desk-proposal-places"),
    path(f"{_PROPOSAL}attempts.csv", proposals.attempts_file, name="desk-proposal-attempts"),
    *(path(f"{_PROPOSAL}{what}/", proposals.act, {"what": what}, name=f"desk-proposal-{what}")
      for what in proposals.ACTS),
    path(f"{_STAGE}carry/", carrying.show, name="desk-carry"),
    path(f"{_STAGE}out/", standing.show, name="desk-out"),
    path(f"{_STAGE}out/ban/", standing.ban_one, name="desk-ban"),
    path(f"{_STAGE}out/bans/<uuid:ban_id>/lift/", standing.lift_one, name="desk-ban-lift"),
    path("disqualifications/<uuid:out_id>/", disqualification.show, name="disqualification"),
    path("disqualifications/<uuid:out_id>/file/", disqualification.file, name="appeal-file"),
    *(path(f"disqualifications/<uuid:out_id>/{what}/", disqualification.act, {"what": what}, name=f"out-{what}")
      for what in disqualification.ACTS),
]  # fmt: skip
