from django.urls import path

from stepwell.care.progress import views

app_name = "progress"

urlpatterns = [
    path("staff/people/<uuid:patient_id>/step/", views.step, name="step"),
    path("staff/people/<uuid:patient_id>/planned-end/", views.planned_end, name="planned_end"),
    path("staff/people/<uuid:patient_id>/step/latest/", views.latest, name="latest"),
]
