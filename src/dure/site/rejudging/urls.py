"""Which page about judging again, and about who is out, answers which address."""

from django.urls import URLPattern, path

from dure.site.rejudging import carrying, forms, proposals, sanction, standing

_STAGE = "desk/<slug:slug>/stages/<slug:stage>/"
_PROPOSAL = f"{_STAGE}again/<uuid:proposal_id>/"


def _pages_of(kind: str, at: str) -> list[URLPattern]:
    """Of one disqualification or ban: its page, the file of its appeal, and what is done there."""
    told = {"kind": kind}
    return [
        path(at, sanction.show, told, name=kind),
        path(f"{at}file/", sanction.file, told, name=f"{kind}-file"),
        *(path(f"{at}{what}/", sanction.act, {**told, "what": what}, name=f"{kind}-{what}") for what in sanction.ACTS),
    ]


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
    *_pages_of(sanction.DISQUALIFICATION, "disqualifications/<uuid:out_id>/"),
    *_pages_of(sanction.BAN, "round-bans/<uuid:out_id>/"),
]  # fmt: skip
