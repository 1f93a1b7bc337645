from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "stepwell.care.tasks"

    def ready(self) -> None:
        from stepwell.care.tasks import falling, handing_over
        from stepwell.trust.people.stopping import tell_what_goes_on
        from stepwell.trust.setup import registry

        registry.tell_what_is_held(handing_over.Tasks())
        tell_what_goes_on(falling.when_somebody_stops)
