from django.apps import AppConfig


class PatientDoorConfig(AppConfig):
    name = "stepwell.doors.patient"
    label = "patient_door"
