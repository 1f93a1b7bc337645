from django.urls import path

from stepwell.trust.printouts import views

app_name = "printouts"

urlpatterns = [
    path("staff/people/<uuid:patient_id>/printouts/", views.printouts, name="printouts"),
    path("staff/printouts/<uuid:printout_id>/", views.printout, name="printout"),
    path("staff/printouts/<uuid:printout_id>/file/", views.file, name="file"),
    path("staff/printouts/<uuid:printout_id>/page/", views.page, name="page"),
]
