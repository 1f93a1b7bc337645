from django.apps import AppConfig


class CarePlansConfig(AppConfig):
    name = "stepwell.care.care_plans"
