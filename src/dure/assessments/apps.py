from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "dure.assessments"

    def ready(self) -> None:
        """What listens to the calendar says so as it is imported."""
        from dure.assessments.operations.interviews import booking
