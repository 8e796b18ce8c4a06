from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "dure.jobs"
