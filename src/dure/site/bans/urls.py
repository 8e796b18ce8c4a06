"""Which page of bans answers which address."""

from django.urls import path

from dure.site.bans import desk, own

urlpatterns = [
    path("desk/<slug:slug>/bans/", desk.show, name="desk-bans"),
    path("bans/<uuid:ban_id>/", own.show, name="ban"),
    *(path(f"bans/<uuid:ban_id>/{what}/", own.act, {"what": what}, name=f"ban-{what}") for what in own.ACTS),
]  # fmt: skip
