"""Plugging the joints in when the rooms are ready."""

from django.apps import AppConfig


class JointsConfig(AppConfig):
    name = "dure.joints"

    def ready(self) -> None:
        from dure.joints import banned, exports, fieldtrials, forgetting, held, invitations, letters, teams  # noqa: F401, PLC0415 -- their listeners; models are there now
        from dure.joints.gates import ending  # noqa: F401, PLC0415 -- its jobs
        from dure.joints.learning import degrees, replanning, sessions, showing  # noqa: F401, PLC0415 -- theirs as well
        from dure.joints.stages import disqualified, rejudged  # noqa: F401, PLC0415 -- theirs as well
        from dure.joints.wiring import plug_all  # noqa: PLC0415 -- as above

        plug_all()
