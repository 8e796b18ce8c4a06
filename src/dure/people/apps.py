from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "dure.people"

    def ready(self) -> None:
        """Listen to the sign-in flows; their module needs every model to be there."""
        import_module("dure.people.signin")
