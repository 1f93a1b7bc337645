from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "stepwell.trust.people"
