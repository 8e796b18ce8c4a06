"""Plugging the joints in when the rooms are ready."""

from django.apps import AppConfig


class JointsConfig(AppConfig):
    name = "dure.joints"

    def ready(self) -> None:
        from dure.joints.wiring import plug_all  # noqa: PLC0415 -- models are there only now

        plug_all()
