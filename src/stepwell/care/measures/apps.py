from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "stepwell.care.measures"
