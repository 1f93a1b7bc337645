from django.urls import path

from stepwell.care.record import views

app_name = "record"

urlpatterns = [
    path("staff/people/<uuid:patient_id>/conditions/", views.conditions, name="conditions"),
    path("staff/people/<uuid:patient_id>/conditions/new/", views.new_condition, name="new_condition"),
]
