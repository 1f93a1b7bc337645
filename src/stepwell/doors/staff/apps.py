from django.apps import AppConfig


class StaffDoorConfig(AppConfig):
    name = "stepwell.doors.staff"
    label = "staff_door"
