from django.apps import AppConfig


class PublicDoorConfig(AppConfig):
    name = "stepwell.doors.public"
    label = "public_door"
