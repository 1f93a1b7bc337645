from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "stepwell.ground.web"
