from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "stepwell.trust.outbox"
