"""The admin: every row of every table to be looked at by operators, none to be changed: writes go by operations."""

from typing import Any

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import BinaryField, Field, JSONField, Model, QuerySet, TextField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.paginator import InfinitePaginator
from unfold.sites import UnfoldAdminSite

from dure.people.models import Person
from dure.people.rules import is_operator
from dure.site.operator.door import View, lacks_second_factor, operators

COLUMNS = 6
LEFT_OUT = {Session}  # whoever has its key is signed in
# What opens something, or is personal beyond what an operator needs: columns by name, in whatever table.
SECRET = {
    "password", "secret", "secret_sha256", "sha256", "token", "token_secret", "salt", "session_key", "client_id", "key",
    "data", "text", "content", "body", "settings", "claims", "session_data", "name_key",
    "share", "seed", "document",
}  # fmt: skip
# Its script reads expressions out of attributes, its pages carry styles of their own (docs/decisions, 0004).
POLICY = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}


class Rows(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """A table to be read: a page at a time, the newest first, without its secrets."""

    actions = None
    ordering = ("-pk",)
    list_display_links = ("pk",)
    paginator = InfinitePaginator
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may_look(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_look(request)

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """The first columns that are short."""
        short = (field.name for field in _shown(self.model) if not field.is_relation and not _is_long(field))
        return ["pk", *(name for name in short if name != self.model._meta.pk.name)][:COLUMNS]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [field.name for field in _shown(self.model)]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Long columns are read only where they are shown."""
        rows: QuerySet[Any] = super().get_queryset(request)
        unread = [field.name for field in self.model._meta.concrete_fields if _is_long(field)]
        return rows.defer(*unread)


def _shown(model: type[Model]) -> "list[Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if field.name not in SECRET]


def _is_long(field: "Field[Any, Any]") -> bool:
    return isinstance(field, TextField | JSONField | BinaryField)


def may_look(request: HttpRequest) -> bool:
    person = request.user
    return isinstance(person, Person) and is_operator(person) and not lacks_second_factor(person)


class Admin(UnfoldAdminSite):  # type: ignore[misc]  # as above
    """Behind the operators' door, under a content policy of its own; signing in and out is the site's."""

    index_title = _("Every table, read only")

    def has_permission(self, request: HttpRequest) -> bool:
        return may_look(request)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        return csp_update(POLICY)(operators(super().admin_view(view, cacheable)))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect(settings.LOGIN_URL)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_change_password")


site = Admin(name="admin")
for one in apps.get_models():
    if one not in LEFT_OUT and not one._meta.swapped:
        site.register(one, Rows)
