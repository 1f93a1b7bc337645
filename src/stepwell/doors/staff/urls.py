from django.urls import path

from stepwell.doors.staff import find, leaving_view, permissions, setting_aside, views
from stepwell.doors.staff.oversight import views as oversight

app_name = "staff"

urlpatterns = [
    path("staff/today/", views.today, name="today"),
    path("staff/today/changes/", views.today_changes, name="today_changes"),
    path("staff/find/", find.find, name="find"),
    path("staff/rules/", views.ranking, name="ranking"),
    path("staff/caseload/", views.caseload, name="caseload"),
    path("staff/people/<uuid:patient_id>/", views.chart, name="chart"),
    path("staff/people/<uuid:patient_id>/set-aside/", setting_aside.set_aside, name="set_aside"),
    path("staff/people/<uuid:patient_id>/access/", oversight.access, name="access"),
    path("staff/permissions/", permissions.permissions, name="permissions"),
    path("staff/audit/", oversight.log, name="audit"),
    path("staff/audit/sign-ins/", oversight.sign_ins, name="sign_ins"),
    path("staff/audit/findings/", oversight.findings, name="findings"),
    path("staff/audit/findings/<uuid:finding_id>/", oversight.finding, name="finding"),
    path("staff/setup/staff/<uuid:staff_id>/leaving/", leaving_view.leaving, name="leaving"),
]
