from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "stepwell.care.intake"
