from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "stepwell.care.scheduling"

    def ready(self) -> None:
        from stepwell.care.scheduling import handing_over, planned
        from stepwell.trust.setup import registry

        registry.tell_what_is_planned(planned.planned_on)
        registry.tell_what_is_held(handing_over.Groups())
        registry.tell_what_is_held(handing_over.Appointments())
