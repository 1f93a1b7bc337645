from django.apps import AppConfig


class EncountersConfig(AppConfig):
    name = "stepwell.care.encounters"
