from django.urls import path

from stepwell.care.admission import views

app_name = "admission"

urlpatterns = [path("staff/people/<uuid:patient_id>/naloxone/", views.naloxone, name="naloxone")]
