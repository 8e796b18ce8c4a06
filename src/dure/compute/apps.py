from django.apps import AppConfig


class ComputeConfig(AppConfig):
    name = "dure.compute"
