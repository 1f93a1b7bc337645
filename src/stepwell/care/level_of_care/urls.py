from django.urls import path

from stepwell.care.level_of_care import views

app_name = "level_of_care"

urlpatterns = [
    path("staff/setup/centers/<uuid:center_id>/level-of-care/", views.edition, name="edition"),
    path("staff/people/<uuid:patient_id>/assessments/", views.assessments, name="assessments"),
    path("staff/people/<uuid:patient_id>/assessments/new/", views.new, name="new"),
    path("staff/assessments/<uuid:assessment_id>/", views.assessment, name="assessment"),
    path("staff/assessments/<uuid:assessment_id>/ratings/", views.ratings, name="ratings"),
    path("staff/assessments/<uuid:assessment_id>/signature/", views.signature, name="signature"),
    path(
        "staff/assessments/<uuid:assessment_id>/second-signature/",
        views.second_signature,
        name="second_signature",
    ),
]
