from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "stepwell.trust.audit"

    def ready(self) -> None:
        from stepwell.trust.audit import signals

        signals.connect()
