"""Which page of learning answers which address."""

from django.urls import path

from dure.site.learning import catalogue, imports, items, providers

urlpatterns = [
    path("learn/", catalogue.index, name="learn"),
    path("learn/items/<uuid:item_id>/", catalogue.item, name="learn-item"),
    path("learn/items/<uuid:item_id>/edit/", items.edit, name="item-edit"),
    path("learn/items/<uuid:item_id>/skills/", items.skills, name="item-skills"),
    path("learn/items/<uuid:item_id>/rework/", items.adapt, name="item-adapt"),
    path("learn/items/<uuid:item_id>/retire/", items.retire, name="item-retire"),
    path("learn/providers/", providers.index, name="providers"),
    path("learn/providers/new/", providers.new, name="provider-new"),
    path("learn/imports/<uuid:import_id>/", imports.show, name="import"),
    path("learn/imports/<uuid:import_id>/now/", imports.now, name="import-now"),
    path("learn/imports/<uuid:import_id>/enter/", imports.enter, name="import-enter"),
    path("learn/providers/<slug:key>/", providers.show, name="provider"),
    path("learn/providers/<slug:key>/import/", imports.send, name="import-new"),
    path("learn/providers/<slug:key>/items/new/", items.new, name="item-new"),
    path("learn/providers/<slug:key>/settings/", providers.settings, name="provider-settings"),
    path("learn/providers/<slug:key>/connection/", providers.connect, name="provider-connect"),
    path("learn/providers/<slug:key>/curators/", providers.appoint, name="curator-appoint"),
    path("learn/providers/<slug:key>/curators/<uuid:person_id>/end/", providers.dismiss, name="curator-dismiss"),
]  # fmt: skip
