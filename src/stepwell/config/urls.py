"""Every address, by door and by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("stepwell.trust.accounts.urls")),
]
