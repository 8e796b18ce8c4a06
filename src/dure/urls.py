"""Which surface answers which address."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from dure.api.health import healthz, metrics, readyz
from dure.api.problems import not_there
from dure.api.v1 import api
from dure.site.admin import site as admin

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", api.urls),
    re_path(r"^api/", not_there),
    path("", include("dure.site.urls")),
    path("admin/", admin.urls),
    path("accounts/", include("allauth.urls")),
]
