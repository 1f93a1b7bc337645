from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "stepwell.care.record"
