from django.apps import AppConfig


class PrintoutsConfig(AppConfig):
    name = "stepwell.trust.printouts"
