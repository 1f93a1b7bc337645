from django.urls import path

from stepwell.care.medication import views

app_name = "medication"

STAFF = "staff/people/<uuid:patient_id>"

urlpatterns = [
    path(f"{STAFF}/medication/", views.medication, name="medication"),
    path(f"{STAFF}/tests/", views.tests, name="tests"),
    path(f"{STAFF}/tests/new/", views.new_test, name="new_test"),
]
