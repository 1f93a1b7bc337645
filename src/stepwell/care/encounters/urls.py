from django.urls import path

from stepwell.care.encounters import views

app_name = "encounters"

urlpatterns = [
    path("staff/people/<uuid:patient_id>/hours/", views.hours, name="hours"),
]
