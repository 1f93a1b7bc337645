from django.apps import AppConfig


class AdmissionConfig(AppConfig):
    name = "stepwell.care.admission"
