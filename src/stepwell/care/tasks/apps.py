from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "stepwell.care.tasks"

    def ready(self) -> None:
        from stepwell.care.tasks import handing_over
        from stepwell.trust.setup import registry

        registry.tell_what_is_held(handing_over.Tasks())
