from django.apps import AppConfig


class MedicationConfig(AppConfig):
    name = "stepwell.care.medication"
