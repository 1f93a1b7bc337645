from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "stepwell.trust.organizations"
