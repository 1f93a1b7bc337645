from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "stepwell.trust.consent"
