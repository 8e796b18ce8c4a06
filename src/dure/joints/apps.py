"""Plugging the joints in when the rooms are ready."""

from django.apps import AppConfig


class JointsConfig(AppConfig):
    name = "dure.joints"

    def ready(self) -> None:
        """What listens and what runs at its times says so as it is imported."""
        from dure.joints import (
            banned,
            exports,
            fieldtrials,
            forgetting,
            held,
            invitations,
            letters,
            running,
            surveys,
            teams,
        )
        from dure.joints.gates import ending
        from dure.joints.learning import degrees, lessons, replanning, sessions, showing
        from dure.joints.stages import disqualified, rejudged
        from dure.joints.wiring import plug_all

        plug_all()
