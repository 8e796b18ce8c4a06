from django.apps import AppConfig


class JointsConfig(AppConfig):
    name = "dure.joints"
