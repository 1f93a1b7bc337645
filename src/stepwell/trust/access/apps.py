from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "stepwell.trust.access"
