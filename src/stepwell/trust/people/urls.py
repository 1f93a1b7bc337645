from django.urls import path

from stepwell.trust.people import views

app_name = "people"

urlpatterns = [
    path("staff/records/<str:kind>/<uuid:record_id>/correction/", views.correction, name="correction"),
    path("staff/people/<uuid:patient_id>/sign-in/", views.sign_in, name="sign_in"),
]
