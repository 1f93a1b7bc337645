from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "stepwell.trust.setup"

    def ready(self) -> None:
        from stepwell.trust.setup import caseload, registry
        from stepwell.trust.setup.views import switching

        registry.tell_what_is_held(caseload.Caseload())
        switching.connect()
