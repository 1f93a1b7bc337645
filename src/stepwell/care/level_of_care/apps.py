from django.apps import AppConfig


class LevelOfCareConfig(AppConfig):
    name = "stepwell.care.level_of_care"
