from django.urls import path

from stepwell.doors.staff import views

app_name = "staff"

urlpatterns = [
    path("staff/today/", views.today, name="today"),
    path("staff/rules/", views.ranking, name="ranking"),
    path("staff/caseload/", views.caseload, name="caseload"),
    path("staff/people/<uuid:patient_id>/", views.chart, name="chart"),
]
